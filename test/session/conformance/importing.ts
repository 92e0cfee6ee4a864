// import_session.

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { COMPONENTS } from '../../../src/protocol/components.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { jsonContainerText } from '../../support/engine-json.ts'
import { dump, tables } from '../../support/engine-rows.ts'
import { CLIENT, create, stateText } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { HOUR } from '../../support/fixed-clock.ts'

const FORMATS = ['json', 'ston'] as const

const UNLIMITED = {
  limits: { commands: { perMinute: 1, burst: 1e9 }, creations: { perMinute: 1, burst: 1e9 } },
}

const SESSION = {
  name: "L'été",
  timeout: 600,
  image_id: 'pharo-12',
  image_metadata: { branch: 'main' },
  client_info: { platform: 'macos' },
  state_data: { n: 1 },
  evaluation_history: ['3 + 4'],
}

export function describeImporting(test: EngineTest): void {
  describe('import_session', () => {
    for (const format of FORMATS) {
      test(`makes a new session of an exported one, in ${format}`, (host) => {
        const session_id = create(host, SESSION)
        const { content, sha256, exported_at } = exported(host, session_id, format)
        host.clock.advance(2 * HOUR)
        const { result } = host.done('import_session', { client_id: CLIENT, content, sha256 })
        expect(result).toMatchObject({
          client_id: CLIENT,
          created_at: '2026-03-01T11:00:00.000Z',
          timeout: 600,
          is_active: true,
          time_until_expiry: 600,
          revision: 1,
          name: "L'été",
          image_id: 'pharo-12',
          image_metadata: { branch: 'main' },
          imported_from: { session_id, exported_at, format },
          components: ['session_state', 'evaluation_history'],
        })
        expect(result.session_id).not.toBe(session_id)
        const again = { session_id: result.session_id }
        expect(host.done('get_session_info', again).result.client_info).toEqual({
          platform: 'macos',
        })
        expect(host.done('restore_session', again).result).toMatchObject({
          session_state: { n: 1 },
          evaluation_history: ['3 + 4'],
          workspace_context: {},
        })
        const { revisions } = host.done('list_session_revisions', again).result
        expect(revisions.map(({ cause }) => cause)).toEqual(['import_session'])
      })
    }

    test('takes the document itself instead of its text', (host) => {
      const { content, sha256 } = exported(host, create(host, SESSION), 'json')
      const { result, warnings } = host.done(
        'import_session',
        `{"client_id":"${CLIENT}","document":${content},"sha256":"${sha256}"}`
      )
      expect(result).toMatchObject({ name: "L'été", imported_from: { format: 'json' } })
      expect(stateText(host, result.session_id)).toBe('{"n":1}')
      expect(warnings).toEqual([])
    })

    test(
      'says which components no checksum was compared with',
      (host) => {
        const session_id = create(host, { ...SESSION, user_preferences: { p: 1 } })
        const { content } = exported(host, session_id, 'json')
        const { sha256, ...rest } = JSON.parse(content)
        const warned = (document: object) =>
          host.done('import_session', { client_id: CLIENT, document }).warnings
        const without = (names: string) => [
          `Taken without a checksum to compare with: ${names}. Look at it before you go on, or import the file as export_session wrote it.`,
        ]
        expect(warned(rest)).toEqual(without('session_state, user_preferences, evaluation_history'))
        expect(warned({ ...rest, sha256: null })).toHaveLength(1)
        const { user_preferences: _, ...some } = sha256
        expect(warned({ ...rest, sha256: some })).toEqual(without('user_preferences'))
        const components = { ...rest.components, user_preferences: null }
        expect(warned({ ...rest, components, sha256: some })).toEqual([])
        const ston = exported(host, session_id, 'ston').content.replace(/,\s*#sha256 : \{.*?\}/, '')
        expect(host.done('import_session', { client_id: CLIENT, content: ston }).warnings).toEqual(
          without('session_state, user_preferences, evaluation_history')
        )
      },
      { limits: { ...UNLIMITED.limits, activeSessions: 9 } }
    )

    test('has nothing to say of a document that was compared as a whole', (host) => {
      const { content } = exported(host, create(host, SESSION), 'json')
      const { sha256: _, ...rest } = JSON.parse(content)
      const bare = JSON.stringify(rest)
      const sha256 = createHash('sha256').update(bare).digest('hex')
      const asked = { client_id: CLIENT, content: bare, sha256 }
      expect(host.done('import_session', asked).warnings).toEqual([])
    })

    test('lets what is given beside the document replace what it says', (host) => {
      const { content } = exported(host, create(host, SESSION), 'json')
      const given = { name: 'Mine', timeout: 120, image_id: 'pharo-13' }
      expect(
        host.done('import_session', { client_id: CLIENT, content, ...given }).result
      ).toMatchObject({ ...given, image_metadata: { branch: 'main' } })
    })

    test('brings a session to another client, who owns the new one', (host) => {
      const { content } = exported(host, create(host, SESSION), 'ston')
      const document = content.replace("'client_001'", "'somebody-else'")
      expect(
        host.done('import_session', { client_id: CLIENT, content: document }).result.client_id
      ).toBe(CLIENT)
    })

    test('is the first thing that a client may do', (host) => {
      const { content } = exported(host, create(host, SESSION), 'json')
      for (const name of tables(host.sql)) host.sql.exec(`DROP TABLE ${name}`)
      const fresh = host.reopen()
      const { result } = fresh.done('import_session', { client_id: CLIENT, content })
      expect(stateText(fresh, result.session_id)).toBe('{"n":1}')
    })

    test('is refused at the limits of create_session', (host) => {
      const { content } = exported(host, create(host, SESSION), 'json')
      const asked = { client_id: CLIENT, content }
      for (let n = 1; n < 5; n += 1) host.done('import_session', asked)
      expect(host.refused('import_session', asked)).toMatchObject({
        error_code: 'session_limit_exceeded',
      })
      const { sessions } = host.done('list_client_sessions', { client_id: CLIENT }).result
      for (const { session_id } of sessions) host.done('close_session', { session_id })
      expect(host.refused('import_session', asked).error_code).toBe('rate_limited')
    })

    test('is refused where the session would be too large', (host) => {
      const { content } = exported(host, create(host, { state_data: { n: 1 } }), 'json')
      const strict = host.reopen({ limits: { sessionBytes: 6 } })
      expect(strict.refused('import_session', { client_id: CLIENT, content })).toMatchObject({
        error_code: 'session_too_large',
        details: { bytes: 7, limit: 6 },
      })
    })

    test('has one effect under one key', (host) => {
      const { content } = exported(host, create(host, SESSION), 'json')
      const asked = { client_id: CLIENT, content }
      const first = host.done('import_session', asked, { key: 'k' })
      const again = host.done('import_session', asked, { key: 'k' })
      expect(again.replayed).toBe(true)
      expect(again.text).toBe(first.text)
      const other = { ...asked, name: 'other' }
      expect(host.refused('import_session', other, { key: 'k' }).error_code).toBe(
        'idempotency_conflict'
      )
    })

    test('to a client of somebody else is client_not_allowed, and stores nothing', (host) => {
      const { content } = exported(host, create(host, SESSION), 'json')
      const before = dump(host.sql)
      for (const caller of [{ subject: 'somebody' }, { team: 'other' }]) {
        const refused = host.refused('import_session', { client_id: CLIENT, content }, caller)
        expect(refused.error_code).toBe('client_not_allowed')
      }
      expect(dump(host.sql)).toBe(before)
    })

    test('needs a document, and not two', (host) => {
      expect(host.refused('import_session', { client_id: CLIENT }).error).toBe(
        'Missing content parameter'
      )
      const both = { client_id: CLIENT, content: '{}', document: {} }
      expect(host.refused('import_session', both).error).toBe(
        'Invalid document parameter: send either content or document.'
      )
      const ston = { client_id: CLIENT, document: {}, format: 'ston' }
      expect(host.refused('import_session', ston).details).toMatchObject({ path: 'format' })
    })
  })

  describe('A session that was exported', () => {
    for (const format of FORMATS) {
      test(
        `comes back as the same texts, whatever they are, in ${format}`,
        (host) => {
          fc.assert(
            fc.property(fc.dictionary(fc.constantFrom(...COMPONENTS), jsonContainerText), (texts) =>
              roundTrip(host, texts, format)
            ),
            { seed: 20261121, numRuns: 60 }
          )
        },
        UNLIMITED
      )
    }

    for (const format of FORMATS) {
      test(`comes back from the deepest state that is kept, in ${format}`, (host) => {
        const deepest = `${'['.repeat(64)}${']'.repeat(64)}`
        roundTrip(host, { session_state: deepest, user_preferences: deepest }, format)
      })
    }
  })
}

function exported(host: EngineHost, session_id: string, format: 'json' | 'ston') {
  return host.done('export_session', { session_id, format }).result
}

function roundTrip(
  host: EngineHost,
  texts: Readonly<Record<string, string>>,
  format: 'json' | 'ston'
): void {
  const members = Object.entries(texts).map(
    ([name, text]) => `,"${name === 'session_state' ? 'state_data' : name}":${text}`
  )
  const { result } = host.done('create_session', `{"client_id":"${CLIENT}"${members.join('')}}`)
  const before = states(host, result.session_id)
  const { content, sha256 } = exported(host, result.session_id, format)
  expect(sha256).toBe(createHash('sha256').update(content).digest('hex'))
  const ways = [JSON.stringify({ client_id: CLIENT, content, sha256 })]
  if (format === 'json') ways.push(`{"client_id":"${CLIENT}","document":${content}}`)
  for (const asked of ways) {
    const imported = host.done('import_session', asked)
    expect(imported.warnings).toEqual([])
    expect(imported.result.imported_from.format).toBe(format)
    expect(states(host, imported.result.session_id)).toEqual(before)
    host.done('close_session', { session_id: imported.result.session_id })
  }
  host.done('close_session', { session_id: result.session_id })
}

function states(host: EngineHost, session_id: string) {
  const restored = host.done('restore_session', { session_id })
  return COMPONENTS.map((name) => restored.member(name))
}
