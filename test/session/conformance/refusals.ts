// Who may ask, and how often.

import { describe, expect } from 'vitest'
import { tables } from '../../support/engine-rows.ts'
import { CLIENT, create } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

const POLICY = { allow: ['team-a-*', 'solo'], deny: ['team-a-bad', 'team-a-x*'] }

export function describeRefusals(test: EngineTest): void {
  describe('The rate of creations', () => {
    test('allows five at once, then one each six seconds, and says when to try again', (host) => {
      for (let n = 0; n < 5; n += 1) {
        host.done('close_session', { session_id: create(host) })
      }
      expect(host.refused('create_session', { client_id: CLIENT })).toMatchObject({
        error_code: 'rate_limited',
        error_type: 'SessionError',
        http_status: 429,
        details: { retry_after_ms: 6000 },
      })
      host.clock.advance(5999)
      expect(host.refused('create_session', { client_id: CLIENT }).details).toEqual({
        retry_after_ms: 1,
      })
      host.clock.advance(1)
      create(host)
      expect(host.refused('create_session', { client_id: CLIENT }).details).toEqual({
        retry_after_ms: 6000,
      })
    })

    test('survives a restart of the engine', (host) => {
      for (let n = 0; n < 5; n += 1) host.done('close_session', { session_id: create(host) })
      expect(host.reopen().refused('create_session', { client_id: CLIENT }).error_code).toBe(
        'rate_limited'
      )
    })

    test('does not count creations that were refused', (host) => {
      for (let n = 0; n < 9; n += 1) {
        host.refused('create_session', { client_id: CLIENT, session_id: 'session_forged' })
      }
      create(host)
    })
  })

  describe('The list of clients', () => {
    for (const client_id of ['solo', 'team-a-', 'team-a-7']) {
      test(
        `lets ${client_id} in`,
        (host) => {
          host.done('create_session', { client_id })
        },
        { limits: { clients: POLICY } }
      )
    }

    for (const client_id of ['team-a-bad', 'team-a-x1', 'team-b', 'solo2', 'Solo']) {
      test(
        `keeps ${client_id} out, and stores nothing of it`,
        (host) => {
          for (const command of ['create_session', 'list_client_sessions'] as const) {
            expect(host.refused(command, { client_id })).toMatchObject({
              error_code: 'client_not_allowed',
              error_type: 'SessionError',
              http_status: 403,
              details: { client_id },
            })
          }
          expect(tables(host.sql)).toEqual([])
        },
        { limits: { clients: POLICY } }
      )
    }

    test(
      'denies before it allows',
      (host) => {
        expect(host.refused('create_session', { client_id: 'a' }).error_code).toBe(
          'client_not_allowed'
        )
      },
      { limits: { clients: { allow: ['a'], deny: ['a'] } } }
    )

    test(
      'lets everybody in while it is empty',
      (host) => {
        create(host)
      },
      { limits: { clients: { allow: [], deny: [] } } }
    )

    test('holds for sessions that a client had before it was denied', (host) => {
      const session_id = create(host)
      const denying = host.reopen({ limits: { clients: { allow: [], deny: [CLIENT] } } })
      for (const command of ['restore_session', 'get_session_info'] as const) {
        expect(denying.refused(command, { session_id }).error_code).toBe('client_not_allowed')
      }
    })
  })
}
