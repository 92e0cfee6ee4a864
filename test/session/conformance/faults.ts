// A fault in the middle of a command: nothing of it stays, and nothing of it is told.

import { describe, expect } from 'vitest'
import type { Store } from '../../../src/storage/store.ts'
import { dump, tables } from '../../support/engine-rows.ts'
import { CLIENT, create } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

const DISK_IS_FULL = new Error('disk is full at /secret/path')

const broken = (): never => {
  throw DISK_IS_FULL
}

const FAULTS: readonly (readonly [string, (store: Store) => Store])[] = [
  ['a text', (store) => ({ ...store, components: { ...store.components, insert: broken } })],
  ['a revision', (store) => ({ ...store, revisions: { ...store.revisions, insert: broken } })],
  ["the session's row", (store) => ({ ...store, sessions: { ...store.sessions, change: broken } })],
  ['the stored answer', (store) => ({ ...store, answers: { ...store.answers, put: broken } })],
]

export function describeFaults(test: EngineTest): void {
  describe('A fault', () => {
    for (const [what, wrapStore] of FAULTS) {
      test(`while ${what} is written leaves every row as it was`, (host) => {
        const session_id = create(host, { state_data: { n: 1 } })
        const before = dump(host.sql)
        const failing = host.reopen({ wrapStore })
        const change = { session_id, state_data: { n: 2 }, workspace_context: {} }
        const refused = failing.refused('update_session_state', change, { key: 'k' })
        expect(refused).toMatchObject({
          error_code: 'internal_error',
          error_type: 'RuntimeError',
          http_status: 500,
        })
        expect(JSON.stringify(refused)).not.toContain('secret')
        expect(failing.faults).toEqual([DISK_IS_FULL])
        expect(dump(host.sql)).toBe(before)
        expect(host.done('update_session_state', change, { key: 'k' }).replayed).toBe(false)
      })

      test(`while ${what} of a first session is written leaves no schema`, (host) => {
        const first = { client_id: CLIENT, state_data: { n: 1 } }
        expect(host.reopen({ wrapStore }).refused('create_session', first).error_code).toBe(
          'internal_error'
        )
        expect(tables(host.sql)).toEqual([])
        create(host, { state_data: { n: 1 } })
      })
    }

    test('of the very first question is an answer, too', (host) => {
      const wrapStore = (store: Store): Store => ({
        ...store,
        clients: { ...store.clients, find: broken },
      })
      const failing = host.reopen({ wrapStore })
      expect(failing.refused('get_session_info', { session_id: 'session_x' }).error_code).toBe(
        'internal_error'
      )
      expect(failing.faults).toEqual([DISK_IS_FULL])
    })

    test('does not keep the same engine from its next command', (host) => {
      let isBroken = true
      const flaky = host.reopen({
        wrapStore: (store) => ({
          ...store,
          answers: {
            ...store.answers,
            put: (...row) => (isBroken ? broken() : store.answers.put(...row)),
          },
        }),
      })
      flaky.refused('create_session', { client_id: CLIENT })
      expect(flaky.done('list_client_sessions', { client_id: CLIENT }).result.session_count).toBe(0)
      isBroken = false
      create(flaky)
    })

    test('after an answer was kept takes the answer along: the same message has its effect the next time', (host) => {
      const session_id = create(host)
      let isBroken = true
      const append: Store['events']['append'] = (row) =>
        isBroken ? broken() : host.store.events.append(row)
      const flaky = host.reopen({
        wrapStore: (store) => ({ ...store, events: { ...store.events, append } }),
      })
      const change = { session_id, state_data: { n: 1 } }
      flaky.refused('update_session_state', change, { id: 'once' })
      isBroken = false
      const { replayed, result } = flaky.done('update_session_state', change, { id: 'once' })
      expect({ replayed, revision: result.revision }).toEqual({ replayed: false, revision: 2 })
    })
  })
}
