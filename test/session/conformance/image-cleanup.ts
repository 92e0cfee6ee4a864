// cleanup_image_sessions: what goes, what stays, and that everything comes back.

import { describe, expect } from 'vitest'
import type { EngineHost } from '../../support/engine-host.ts'
import { dump } from '../../support/engine-rows.ts'
import { CLIENT, create, stateText, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../support/fixed-clock.ts'
import { createOnImages, directoryAt } from './image-scene.ts'

/** Cleans up an image, and gives why each session was closed. */
function cleaned(host: EngineHost, image_id: string, parameters = {}) {
  const asked = { client_id: CLIENT, image_id, ...parameters }
  return host.done('cleanup_image_sessions', asked, directoryAt(host)).result
}

const isActive = (host: EngineHost, session_id: string) =>
  host.done('get_session_info', { session_id }, directoryAt(host)).result.is_active

export function describeImageCleanup(test: EngineTest): void {
  describe('cleanup_image_sessions', () => {
    test('closes orphaned sessions of the image, and touches no other', (host) => {
      const { away, also, ...others } = createOnImages(host)
      expect(cleaned(host, 'away')).toEqual({
        image_id: 'away',
        sessions_cleaned: 2,
        sessions_remaining: 0,
        cleanup_details: { [away]: 'orphaned', [also]: 'orphaned' },
        dry_run: false,
        restorable_until: '2026-03-31T09:05:05.000Z',
        next_cursor: '',
      })
      expect([away, also].map((id) => isActive(host, id))).toEqual([false, false])
      expect(Object.values(others).map((id) => isActive(host, id))).toEqual([true, true, true])
    })

    test('is soft: what it closed is revived with all its state, until retention ends', (host) => {
      const { away } = createOnImages(host)
      cleaned(host, 'away')
      host.clock.advance(30 * DAY - 1)
      host.done('restore_session', { session_id: away, revive: true })
      expect(stateText(host, away)).toBe('{"n":1}')
    })

    test('says in the row why a session was closed', (host) => {
      const { away } = createOnImages(host)
      cleaned(host, 'away')
      expect(host.store.sessions.find(away)).toMatchObject({
        status: 'closed',
        close_reason: 'cleanup_image_sessions: orphaned',
        sequence: 2,
      })
    })

    test('closes expired sessions of an image that is here, and keeps the active ones', (host) => {
      const expired = create(host, { image_id: 'here', timeout: 60 })
      const active = create(host, { image_id: 'here' })
      host.clock.advance(MINUTE)
      expect(cleaned(host, 'here')).toMatchObject({
        cleanup_details: { [expired]: 'expired' },
        sessions_remaining: 1,
      })
      expect(isActive(host, active)).toBe(true)
    })

    test('cleans up sessions without an image, and those of an unknown one, only when expired', (host) => {
      const { none, unknown } = createOnImages(host)
      expect([cleaned(host, ''), cleaned(host, 'x')]).toMatchObject([
        { sessions_cleaned: 0 },
        { sessions_cleaned: 0 },
      ])
      host.clock.advance(HOUR)
      expect(cleaned(host, '').cleanup_details).toEqual({ [none]: 'expired' })
      expect(cleaned(host, 'x').cleanup_details).toEqual({ [unknown]: 'expired' })
    })

    for (const [parameters, reason] of [
      [{ cleanup_orphaned: false }, undefined],
      [{ max_age_hours: 1 }, undefined],
      [{ max_age_hours: 1, force: true }, 'orphaned'],
      [{ max_age_hours: 0.1 }, 'orphaned'],
      [{ preserve_active: true, force: true }, 'orphaned'],
      [{ cleanup_orphaned: false, preserve_active: false }, undefined],
      [{ cleanup_orphaned: false, preserve_active: false, force: true }, 'forced'],
      [{ cleanup_orphaned: false, preserve_active: false, max_age_hours: 0.1 }, 'idle'],
    ] as const) {
      test(`of an active orphaned session with ${JSON.stringify(parameters)} is ${reason}`, (host) => {
        const session_id = create(host, { image_id: 'away' })
        host.clock.advance(10 * MINUTE)
        const { cleanup_details } = cleaned(host, 'away', parameters)
        expect(cleanup_details).toEqual(reason === undefined ? {} : { [session_id]: reason })
      })
    }

    for (const [parameters, reason] of [
      [{}, undefined],
      [{ force: true }, undefined],
      [{ max_age_hours: 0.1 }, undefined],
      [{ preserve_active: false }, undefined],
      [{ preserve_active: false, max_age_hours: 1 }, undefined],
      [{ preserve_active: false, max_age_hours: 0.1 }, 'idle'],
      [{ preserve_active: false, force: true }, 'forced'],
    ] as const) {
      test(`of an active session of an image that is here with ${JSON.stringify(parameters)} is ${reason}`, (host) => {
        const session_id = create(host, { image_id: 'here' })
        host.clock.advance(10 * MINUTE)
        const { cleanup_details } = cleaned(host, 'here', parameters)
        expect(cleanup_details).toEqual(reason === undefined ? {} : { [session_id]: reason })
      })
    }

    for (const [parameters, reason] of [
      [{}, 'expired'],
      [{ cleanup_expired: false }, undefined],
      [{ cleanup_expired: false, preserve_active: false, force: true }, undefined],
      [{ max_age_hours: 3 }, undefined],
      [{ max_age_hours: 3, force: true }, 'expired'],
      [{ max_age_hours: 1 }, 'expired'],
    ] as const) {
      test(`of an expired session with ${JSON.stringify(parameters)} is ${reason}`, (host) => {
        const session_id = create(host, { image_id: 'here' })
        host.clock.advance(2 * HOUR)
        const { cleanup_details } = cleaned(host, 'here', parameters)
        expect(cleanup_details).toEqual(reason === undefined ? {} : { [session_id]: reason })
      })
    }

    test('keeps an active session that was used since its image was last seen, unless told otherwise', (host) => {
      const { away, also } = createOnImages(host)
      host.clock.advance(SECOND)
      update(host, away, { n: 2 })
      expect(cleaned(host, 'away')).toMatchObject({
        cleanup_details: { [also]: 'orphaned' },
        sessions_remaining: 1,
      })
      expect(isActive(host, away)).toBe(true)
      const cleanup_details = { [away]: 'orphaned' }
      expect(cleaned(host, 'away', { preserve_active: false })).toMatchObject({ cleanup_details })
    })

    test('closes an orphaned session that was used since its image was last seen, once its lease ended', (host) => {
      const session_id = create(host, { image_id: 'away', timeout: 60 })
      host.clock.advance(MINUTE)
      expect(cleaned(host, 'away').cleanup_details).toEqual({ [session_id]: 'orphaned' })
    })

    test('only tells what would be closed when asked to', (host) => {
      const { away, also } = createOnImages(host)
      const before = sessionRows(host)
      const { cleanup_details, dry_run } = cleaned(host, 'away', { dry_run: true })
      expect({ cleanup_details, dry_run }).toEqual({
        cleanup_details: { [away]: 'orphaned', [also]: 'orphaned' },
        dry_run: true,
      })
      expect(sessionRows(host)).toBe(before)
      expect(cleaned(host, 'away').cleanup_details).toEqual(cleanup_details)
    })

    test('closes no orphan while nobody says that the image is away', (host) => {
      createOnImages(host)
      const asked = { client_id: CLIENT, image_id: 'away' }
      const { result, warnings } = host.done('cleanup_image_sessions', asked)
      expect(result).toMatchObject({ sessions_cleaned: 0, sessions_remaining: 2 })
      expect(warnings).toHaveLength(1)
    })

    test('is done once however often the same request arrives', (host) => {
      createOnImages(host)
      const asked = { client_id: CLIENT, image_id: 'away' }
      const options = { ...directoryAt(host), key: 'k' }
      const first = host.done('cleanup_image_sessions', asked, options)
      const again = host.done('cleanup_image_sessions', asked, options)
      expect(again).toMatchObject({ replayed: true, result: first.result })
    })

    test('takes one image at a time, and names it when it is missing', (host) => {
      const refused = (parameters: object) =>
        host.refused('cleanup_image_sessions', { client_id: CLIENT, ...parameters })
      expect(refused({}).error).toBe('Missing image_id parameter')
      expect(refused({ image_id: '*' }).details).toMatchObject({ path: 'image_id' })
      expect(refused({ image_id: 'x', max_age_hours: -1 }).details).toMatchObject({
        path: 'max_age_hours',
      })
    })

    test('closes so many at once, and says that there are more', (host) => {
      for (let n = 0; n < 205; n += 1) {
        create(host, { image_id: 'away', timeout: 60 })
        host.clock.advance(MINUTE)
      }
      const asked = { client_id: CLIENT, image_id: 'away' }
      const first = host.done('cleanup_image_sessions', asked, directoryAt(host))
      expect(first.result).toMatchObject({ sessions_cleaned: 200, sessions_remaining: 5 })
      expect(first.warnings).toEqual(['5 more are to be closed: send the command again.'])
      expect(cleaned(host, 'away')).toMatchObject({ sessions_cleaned: 5, sessions_remaining: 0 })
    })

    test('is in the audit log, session by session, under the name of who did it', (host) => {
      const { away, also } = createOnImages(host)
      const asked = { client_id: CLIENT, image_id: 'away' }
      const admin = { ...directoryAt(host), subject: 'enzo', role: 'admin' } as const
      host.done('cleanup_image_sessions', asked, admin)
      const { entries } = host.done('get_audit_log', { client_id: CLIENT }).result
      const rows = entries.filter(({ action }) => action === 'image_cleaned')
      const detail = { image_id: 'away', reason: 'orphaned' }
      expect(rows).toMatchObject([
        { actor: 'enzo', session_id: away, detail },
        { actor: 'enzo', session_id: also, detail },
      ])
    })

    test('of an admin closes sessions of the client, and of a stranger none', (host) => {
      const { away } = createOnImages(host)
      const asked = { client_id: CLIENT, image_id: 'away' }
      const as = (role: 'member' | 'admin') =>
        host.done('cleanup_image_sessions', asked, {
          ...directoryAt(host),
          subject: 'enzo',
          role,
        }).result.sessions_cleaned
      expect(as('member')).toBe(0)
      expect(isActive(host, away)).toBe(true)
      expect(as('admin')).toBe(2)
    })
  })
}

function sessionRows({ sql }: EngineHost): string {
  return dump(sql)
    .split('\n')
    .filter((row) => row.startsWith('session '))
    .join('\n')
}
