// How much all sessions of a client may take together, and how many copies are kept without a look at them.

import { describe, expect } from 'vitest'
import type { EngineHost } from '../../support/engine-host.ts'
import { CLIENT, create, stateText, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { HOUR, MINUTE } from '../../support/fixed-clock.ts'

const TEXT = { text: 'x'.repeat(10_000) }

/** Sends changes that lost a conflict until one is refused; gives how many were kept, and the refusal. */
function conflicts(host: EngineHost, session_id: string, state_data: object) {
  for (let kept = 0; ; kept += 1) {
    const lost = { session_id, state_data, if_revision: 99, on_conflict: 'copy' }
    const sent = host.send('update_session_state', lost)
    if (!sent.ok) return { kept, refused: sent }
  }
}

export function describeStorageLimit(test: EngineTest): void {
  describe('The bytes that a client may store', () => {
    const limits = { clientBytes: 100_000 }

    test(
      'are counted over all sessions and histories, and beyond them nothing is added',
      (host) => {
        const session_id = create(host)
        for (let n = 0; n < 9; n += 1) update(host, session_id, { ...TEXT, n })
        const change = { session_id, state_data: { ...TEXT, n: 'last' } }
        const refused = host.refused('update_session_state', change)
        expect(refused).toMatchObject({
          error_code: 'storage_limit_exceeded',
          error_type: 'SessionError',
          http_status: 413,
          details: { limit: 100_000, next_deletion_at: '2026-03-31T09:00:00.000Z' },
          recovery: [{ command: 'list_client_sessions' }],
        })
        expect(refused.details?.bytes).toBeGreaterThan(100_000)
        expect(stateText(host, session_id)).toBe(JSON.stringify({ ...TEXT, n: 8 }))
      },
      { limits }
    )

    test(
      'hold for every command that adds to a state',
      (host) => {
        const session_id = create(host, { state_data: TEXT, image_id: 'a' })
        const { content } = host.done('export_session', { session_id }).result
        for (let n = 0; n < 8; n += 1) update(host, session_id, { ...TEXT, n })
        const lost = { if_revision: 99, on_conflict: 'copy' }
        for (const [command, parameters] of [
          ['create_session', { client_id: CLIENT, state_data: TEXT }],
          ['import_session', { client_id: CLIENT, content }],
          ['update_session_state', { session_id, workspace_context: TEXT }],
          ['update_session_state', { session_id, workspace_context: { n: 1 }, ...lost }],
          ['save_context', { session_id, components: { inspector_state: TEXT } }],
          ['revert_session', { session_id, revision: 1 }],
        ] as const) {
          expect(host.refused(command, parameters).error_code).toBe('storage_limit_exceeded')
        }
      },
      { limits }
    )

    test(
      'hinder nobody from reading, moving, clearing and closing',
      (host) => {
        const session_id = create(host, { state_data: TEXT })
        for (let n = 0; n < 8; n += 1) update(host, session_id, { ...TEXT, n })
        host.refused('update_session_state', { session_id, state_data: { ...TEXT, n: 'x' } })
        host.done('restore_session', { session_id })
        host.done('update_session_state', { session_id, image_id: 'pharo-12' })
        host.done('clear_context', { session_id, components: ['session_state'] })
        host.done('close_session', { session_id })
      },
      { limits }
    )

    test(
      'are counted anew when the engine begins anew, and freed by what goes',
      (host) => {
        const session_id = create(host, { state_data: TEXT })
        for (let n = 0; n < 8; n += 1) update(host, session_id, { ...TEXT, n })
        const change = { session_id, state_data: { ...TEXT, n: 'x' } }
        expect(host.reopen().refused('update_session_state', change).error_code).toBe(
          'storage_limit_exceeded'
        )
        const roomier = host.reopen({ limits: { ...limits, historyBytes: 20_000 } })
        roomier.done('clear_context', { session_id, components: ['session_state'] })
        host.done('update_session_state', change)
      },
      { limits }
    )

    test(
      'count a session without any state, too, so that creating and closing has an end',
      (host) => {
        let created = 0
        for (;;) {
          host.clock.advance(MINUTE)
          const sent = host.send('create_session', { client_id: CLIENT })
          if (!sent.ok) break
          created += 1
          host.done('close_session', { session_id: sent.result.session_id })
        }
        expect(created).toBeGreaterThan(50)
        expect(created).toBeLessThanOrEqual(100)
      },
      { limits }
    )
  })

  describe('Copies of changes that lost a conflict', () => {
    test(
      'are kept without limit of creations until twenty are closed within an hour',
      (host) => {
        const session_id = create(host, { timeout: 86_400 })
        const { kept, refused } = conflicts(host, session_id, { n: 1 })
        // One creation token is spent, four active sessions are to spare, four more copies take tokens.
        expect(kept).toBe(4 + 20 + 4)
        expect(refused.error_code).toBe('rate_limited')
        host.clock.advance(HOUR)
        expect(host.send('update_session_state', lostNow(session_id)).ok).toBe(true)
      },
      { limits: { creations: { perMinute: 1, burst: 5 } } }
    )

    test(
      'count for the bytes that a client may store',
      (host) => {
        const session_id = create(host)
        const { kept, refused } = conflicts(host, session_id, TEXT)
        expect(kept).toBe(8)
        expect(refused.error_code).toBe('storage_limit_exceeded')
      },
      { limits: { clientBytes: 100_000 } }
    )
  })
}

const lostNow = (session_id: string) => ({
  session_id,
  state_data: { n: 2 },
  if_revision: 99,
  on_conflict: 'copy',
})
