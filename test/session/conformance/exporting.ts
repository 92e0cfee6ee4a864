// export_session.

import { createHash } from 'node:crypto'
import { describe, expect } from 'vitest'
import type { EngineHost } from '../../support/engine-host.ts'
import { dump, flipBit, withoutChain } from '../../support/engine-rows.ts'
import { CLIENT, create, rawState, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { DAY, MINUTE } from '../../support/fixed-clock.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** A client id that is too long for a file name once it is encoded. */
const LONG = `a${':'.repeat(126)}`

const FORMATS = ['json', 'ston'] as const

export function describeExporting(test: EngineTest): void {
  describe('export_session', () => {
    test('gives the session as a JSON document that says what it is', (host) => {
      const session_id = workedOn(host)
      host.clock.advance(MINUTE)
      const { result } = host.done('export_session', { session_id })
      const { content, ...told } = result
      expect(told).toEqual({
        session_id,
        client_id: CLIENT,
        revision: 2,
        format: 'json',
        file_name: 'session_client_001_20260301T090100Z.json',
        media_type: 'application/json',
        bytes: Buffer.byteLength(content),
        sha256: sha256(content),
        exported_at: '2026-03-01T09:01:00.000Z',
      })
      expect(JSON.parse(content)).toEqual({
        kind: 'stui-session',
        format_version: 1,
        exported_at: '2026-03-01T09:01:00.000Z',
        session_id,
        client_id: CLIENT,
        revision: 2,
        name: "L'été",
        timeout: 600,
        created_at: '2026-03-01T09:00:00.000Z',
        last_modified: '2026-03-01T09:00:00.000Z',
        image_id: 'pharo-12',
        image_address: '',
        image_name: '',
        image_version: '',
        image_metadata: { branch: 'main' },
        client_info: { platform: 'macos' },
        components: { session_state: { n: 2 }, workspace_context: { w: 'ö' } },
        sha256: { session_state: sha256('{"n":2}'), workspace_context: sha256('{"w":"ö"}') },
      })
    })

    test('gives it in STON for Pharo, with the components as the JSON that they are', (host) => {
      const session_id = workedOn(host)
      const { result } = host.done('export_session', { session_id, format: 'ston' })
      expect(result).toMatchObject({
        file_name: 'session_client_001_20260301T090000Z.ston',
        media_type: 'application/ston',
        sha256: sha256(result.content),
      })
      expect(result.content.split('\n\t')).toEqual([
        'STUISessionData {',
        '#formatVersion : 1,',
        "#exportedAt : '2026-03-01T09:00:00.000Z',",
        `#sessionId : '${session_id}',`,
        "#clientId : 'client_001',",
        '#revision : 2,',
        "#name : 'L\\'été',",
        '#timeout : 600,',
        "#createdAt : '2026-03-01T09:00:00.000Z',",
        "#lastModified : '2026-03-01T09:00:00.000Z',",
        "#imageId : 'pharo-12',",
        "#imageAddress : '',",
        "#imageName : '',",
        "#imageVersion : '',",
        '#imageMetadata : {"branch":"main"},',
        '#clientInfo : {"platform":"macos"},',
        '#sessionState : {"n":2},',
        '#workspaceContext : {"w":"ö"},',
        `#sha256 : {"session_state":"${sha256('{"n":2}')}","workspace_context":"${sha256('{"w":"ö"}')}"}\n}\n`,
      ])
    })

    for (const format of FORMATS) {
      test(`holds every component as the text that came, in ${format}`, (host) => {
        const session_id = create(host)
        const text = '{ "b":9007199254740993,"a":-0, "c":"\\u0061\\/","b":1.50 }'
        host.done('update_session_state', rawState(session_id, text))
        expect(host.done('export_session', { session_id, format }).result.content).toContain(text)
      })
    }

    test('changes nothing but the audit log, and renews no lease', (host) => {
      const session_id = workedOn(host)
      host.clock.advance(9 * MINUTE)
      const before = withoutChain(dump(host.sql))
      for (const format of FORMATS) host.done('export_session', { session_id, format })
      expect(withoutChain(dump(host.sql))).toBe(before)
      host.clock.advance(2 * MINUTE)
      expect(host.refused('restore_session', { session_id }).error_code).toBe('session_expired')
    })

    test('works for an expired and for a closed session until it is deleted', (host) => {
      const expired = workedOn(host)
      const closed = workedOn(host)
      host.done('close_session', { session_id: closed })
      host.clock.advance(29 * DAY)
      for (const session_id of [expired, closed]) {
        const { content } = host.done('export_session', { session_id }).result
        expect(JSON.parse(content)).toMatchObject({ components: { session_state: { n: 2 } } })
      }
    })

    test('gives an earlier revision, or says which are kept', (host) => {
      const session_id = workedOn(host)
      host.clock.advance(MINUTE)
      update(host, session_id, { n: 3 })
      const earlier = host.done('export_session', { session_id, revision: 1 }).result
      expect(earlier.revision).toBe(1)
      expect(JSON.parse(earlier.content)).toMatchObject({
        revision: 1,
        last_modified: '2026-03-01T09:00:00.000Z',
        components: { session_state: { n: 1 } },
      })
      expect(host.refused('export_session', { session_id, revision: 4 }).details).toEqual({
        path: 'revision',
        detail: 'revision 4 is not kept; 1 to 3 are',
      })
    })

    test('takes the newest good text of a damaged component, says so, and repairs nothing', (host) => {
      const session_id = workedOn(host)
      flipBit(host.sql, { session_id, revision: 2 })
      const before = withoutChain(dump(host.sql))
      const { result, warnings } = host.done('export_session', { session_id })
      expect(result.recovered_from).toEqual({ session_state: 1 })
      expect(warnings).toEqual(['Damaged, and exported from earlier revisions: session_state.'])
      expect(JSON.parse(result.content)).toMatchObject({
        components: { session_state: { n: 1 } },
        sha256: { session_state: sha256('{"n":1}') },
      })
      expect(withoutChain(dump(host.sql))).toBe(before)
    })

    test('is session_corrupted when a component has no good text left', (host) => {
      const session_id = create(host, { state_data: { n: 1 } })
      flipBit(host.sql, { session_id, revision: 1 })
      expect(host.refused('export_session', { session_id }).error_code).toBe('session_corrupted')
    })

    test('of somebody else is a session that is not there', (host) => {
      const session_id = workedOn(host)
      for (const caller of [{ team: 'other' }, { subject: 'somebody' }]) {
        const refused = host.refused('export_session', { session_id }, caller)
        expect(refused.error_code).toBe('session_not_found')
      }
    })
  })

  describe('The name of an exported file', () => {
    for (const [client_id, name] of [
      ['dev.1-a_b', 'dev.1-a_b'],
      ['team:me@host', 'team%3Ame%40host'],
      [LONG, `a${'%3A'.repeat(53)}-${sha256(LONG).slice(0, 8)}`],
      [`a${LONG}`, `aa${'%3A'.repeat(52)}-${sha256(`a${LONG}`).slice(0, 8)}`],
    ] as const) {
      test(`is legal on every file system for the client ${client_id.slice(0, 16)}`, (host) => {
        const { session_id } = host.done('create_session', { client_id }).result
        const { file_name } = host.done('export_session', { session_id, format: 'ston' }).result
        expect(file_name).toBe(`session_${name}_20260301T090000Z.ston`)
        expect(file_name).toMatch(/^[A-Za-z0-9._%-]{1,255}$/)
      })
    }
  })
}

/** A session at its second revision. */
function workedOn(host: EngineHost): string {
  const session_id = create(host, {
    name: "L'été",
    timeout: 600,
    image_id: 'pharo-12',
    image_metadata: { branch: 'main' },
    client_info: { platform: 'macos' },
    state_data: { n: 1 },
    workspace_context: { w: 'ö' },
  })
  update(host, session_id, { n: 2 })
  return session_id
}
