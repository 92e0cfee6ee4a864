// What get_session_info tells of how a session is used.

import { describe, expect } from 'vitest'
import type { ClientCommand } from '../../../src/session/context.ts'
import { type EngineHost, engineHost } from '../../support/engine-host.ts'
import { dump, flipBit, numberOf } from '../../support/engine-rows.ts'
import { CLIENT, create, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { traced } from '../../support/engine-trace.ts'
import { HOUR, MINUTE, SECOND } from '../../support/fixed-clock.ts'
import { createOnImages, directoryAt } from './image-scene.ts'

const NEW = {
  updates: 0,
  restores: 0,
  bytes_written: 0,
  last_command: 'create_session',
  active_seconds: 0,
}

const usage = (host: EngineHost, session_id: string) =>
  host.done('get_session_info', { session_id }).result.usage

/** Each of them makes a revision of a session whose state is `{"a":0}` on the image `here`. */
const UPDATES: readonly (readonly [ClientCommand, object, number])[] = [
  ['update_session_state', { state_data: { a: 10 } }, 8],
  ['update_session_state', { state_data: { b: 0 }, mode: 'merge' }, 13],
  ['update_session_state', { state_data: { a: 0 }, workspace_context: { w: 1 } }, 7],
  ['update_session_state', { state_data: { a: 0 }, label: 'before lunch' }, 0],
  ['update_session_state', { state_data: { a: 0 }, name: 'parser' }, 0],
  ['save_context', { components: { inspector_state: { s: 'ä' } } }, 10],
  ['clear_context', {}, 0],
  ['switch_image_context', { from_image_id: 'here', to_image_id: 'there' }, 0],
]

export function describeUsing(test: EngineTest): void {
  describe('The usage of a session', () => {
    test('begins with the command that made it, and with nothing else', (host) => {
      const session_id = create(host, { state_data: { a: 0 } })
      expect(usage(host, session_id)).toEqual(NEW)
      const { content } = host.done('export_session', { session_id }).result
      const imported = host.done('import_session', { client_id: CLIENT, content }).result
      expect(usage(host, imported.session_id)).toEqual({ ...NEW, last_command: 'import_session' })
    })

    for (const [command, parameters, bytes_written] of UPDATES) {
      test(`counts ${command} ${JSON.stringify(parameters)} as an update of ${bytes_written} bytes`, (host) => {
        const session_id = create(host, { state_data: { a: 0 }, image_id: 'here' })
        host.clock.advance(SECOND)
        host.done(command, { session_id, ...parameters })
        expect(usage(host, session_id)).toEqual({
          ...{ updates: 1, restores: 0, bytes_written },
          ...{ last_command: command, active_seconds: 1 },
        })
      })
    }

    test('counts what a revert brings back, once more', (host) => {
      const session_id = create(host, { state_data: { a: 0 } })
      update(host, session_id, { a: 10 })
      host.done('revert_session', { session_id, revision: 1 })
      expect(usage(host, session_id)).toMatchObject({ updates: 2, bytes_written: 8 + 7 })
    })

    test('counts an update that changes nothing as a use, and as no update', (host) => {
      const session_id = create(host, { state_data: { a: 0 } })
      host.clock.advance(SECOND)
      update(host, session_id, { a: 0 })
      expect(usage(host, session_id)).toEqual({
        ...NEW,
        last_command: 'update_session_state',
        active_seconds: 1,
      })
    })

    test('counts restoring and loading once for each visit', (host) => {
      const session_id = create(host)
      for (const command of ['restore_session', 'load_context', 'restore_session'] as const) {
        host.clock.advance(MINUTE)
        host.done(command, { session_id })
        host.done(command, { session_id })
        expect(usage(host, session_id)?.last_command).toBe(command)
      }
      expect(usage(host, session_id)).toMatchObject({ updates: 0, restores: 3, bytes_written: 0 })
    })

    test('does not count a repair as an update', (host) => {
      const session_id = create(host, { state_data: { a: 0 } })
      update(host, session_id, { a: 1 })
      flipBit(host.sql, { session_id, revision: 2 })
      host.done('restore_session', { session_id })
      expect(usage(host, session_id)).toMatchObject({ updates: 1, restores: 1, bytes_written: 7 })
    })

    test('names what renewed and what closed it', (host) => {
      const session_id = create(host)
      host.clock.advance(MINUTE)
      host.done('renew_session', { session_id })
      expect(usage(host, session_id)).toEqual({
        ...NEW,
        last_command: 'renew_session',
        active_seconds: 60,
      })
      host.clock.advance(SECOND)
      host.done('close_session', { session_id })
      expect(usage(host, session_id)).toMatchObject({
        last_command: 'close_session',
        active_seconds: 61,
      })
    })

    test('names a cleanup that closed it', (host) => {
      const { away } = createOnImages(host)
      const asked = { client_id: CLIENT, image_id: 'away' }
      host.done('cleanup_image_sessions', asked, directoryAt(host))
      expect(usage(host, away)?.last_command).toBe('cleanup_image_sessions')
    })

    test('goes on when the session is revived, and the time between is a pause', (host) => {
      const session_id = create(host)
      update(host, session_id, { n: 1 })
      host.clock.advance(SECOND)
      host.done('close_session', { session_id })
      host.clock.advance(SECOND)
      host.done('restore_session', { session_id, revive: true })
      expect(usage(host, session_id)).toEqual({
        ...{ updates: 1, restores: 1, bytes_written: 7 },
        ...{ last_command: 'restore_session', active_seconds: 1 },
      })
    })

    test('stays with the session that a lost change was for, and begins anew for the copy', (host) => {
      const session_id = create(host)
      update(host, session_id, { n: 1 })
      const before = usage(host, session_id)
      const lost = { session_id, state_data: { n: 2 }, if_revision: 1, on_conflict: 'copy' }
      const copy = host.done('update_session_state', lost).result.session_id
      expect(usage(host, session_id)).toEqual(before)
      expect(usage(host, copy)).toEqual({ ...NEW, last_command: 'update_session_state' })
    })

    test('counts a command once however often it is sent', (host) => {
      const session_id = create(host)
      const asked = { session_id, state_data: { n: 1 } }
      host.done('update_session_state', asked, { key: 'k' })
      host.clock.advance(SECOND)
      const before = usage(host, session_id)
      expect(host.done('update_session_state', asked, { key: 'k' }).replayed).toBe(true)
      expect(usage(host, session_id)).toEqual(before)
      expect(before).toMatchObject({ updates: 1 })
    })

    test('counts nothing that was refused', (host) => {
      const session_id = create(host)
      host.clock.advance(2 * MINUTE)
      host.refused('update_session_state', { session_id, state_data: { n: 1 }, if_revision: 7 })
      host.refused('save_context', { session_id, components: { nonsense: 1 } })
      host.refused('revert_session', { session_id, revision: 7 })
      host.refused('restore_session', { session_id, revision: 7 })
      host.refused('close_session', { session_id }, { subject: 'somebody' })
      expect(usage(host, session_id)).toEqual(NEW)
    })

    test('adds up the seconds between uses, without pauses, and without going back with the clock', (host) => {
      const session_id = create(host)
      const seconds = [400, 400, 400, -60 * 1000, 2000, 6 * 60 * 1000].map((milliseconds, n) => {
        host.clock.advance(milliseconds)
        update(host, session_id, { n })
        return usage(host, session_id)?.active_seconds
      })
      expect(seconds).toEqual([0, 0, 1, 1, 3, 3])
    })

    test('stays at the largest exact number', (host) => {
      const session_id = create(host)
      host.sql.exec(
        'UPDATE session SET updates = ?1, bytes_written = ?1, active_ms = ?1 WHERE number = ?2',
        Number.MAX_SAFE_INTEGER,
        numberOf(host.sql, session_id)
      )
      host.clock.advance(SECOND)
      update(host, session_id, { n: 1 })
      expect(usage(host, session_id)).toMatchObject({
        updates: Number.MAX_SAFE_INTEGER,
        bytes_written: Number.MAX_SAFE_INTEGER,
        active_seconds: Math.floor(Number.MAX_SAFE_INTEGER / 1000),
      })
    })

    test('costs no write: a session has its row written once by whatever uses it, and never by being told', (host) => {
      const session_id = create(host, { state_data: { a: 0 }, image_id: 'here' })
      const sql = traced(host.sql)
      const watched = engineHost(sql, { limits: host.limits }, host.clock)
      const written = (command: ClientCommand, parameters: object) => {
        host.clock.advance(MINUTE)
        sql.taken()
        watched.done(command, { session_id, ...parameters })
        return sql.taken().filter((statement) => statement.startsWith('UPDATE session ')).length
      }
      for (const [command, parameters] of UPDATES) expect(written(command, parameters)).toBe(1)
      expect(written('restore_session', {})).toBe(1)
      host.clock.advance(HOUR)
      const before = dump(host.sql)
      expect(usage(host, session_id)).toMatchObject({ updates: 8, restores: 1 })
      host.done('list_client_sessions', { client_id: CLIENT, include: 'all' })
      expect(dump(host.sql)).toBe(before)
    })
  })
}
