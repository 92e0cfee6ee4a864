// update_session_state with mode replace.

import { describe, expect } from 'vitest'
import { CLIENT, create, follow, stateText, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { MINUTE } from '../../support/fixed-clock.ts'

export function describeUpdating(test: EngineTest): void {
  describe('update_session_state', () => {
    test('puts each given component in place of the old one', (host) => {
      const session_id = create(host, {
        state_data: { a: 1, b: 2 },
        workspace_context: { variables: ['x'] },
      })
      host.clock.advance(MINUTE)
      const { result } = host.done('update_session_state', {
        session_id,
        state_data: { a: 3 },
        evaluation_history: ['3 + 4'],
      })
      expect(result).toEqual({
        session_id,
        client_id: CLIENT,
        last_modified: '2026-03-01T09:01:00.000Z',
        session_state: { a: 3 },
        update_successful: true,
        revision: 2,
        changed: ['session_state', 'evaluation_history'],
        state_bytes: 7 + 23 - 2 + 2 - 2 + 11 - 4,
        expires_at: '2026-03-01T10:01:00.000Z',
        image_id: '',
        image_address: '',
        image_name: '',
        image_version: '',
        image_metadata: {},
      })
      expect(stateText(host, session_id, 'workspace_context')).toBe('{"variables":["x"]}')
    })

    test('with nothing new keeps the revision, says so, and renews the lease', (host) => {
      const session_id = create(host, { state_data: { a: 1 } })
      host.clock.advance(MINUTE)
      expect(
        host.done('update_session_state', { session_id, state_data: { a: 1 } }).result
      ).toMatchObject({
        revision: 1,
        changed: [],
        session_state: { a: 1 },
        last_modified: '2026-03-01T09:00:00.000Z',
        expires_at: '2026-03-01T10:01:00.000Z',
      })
    })

    test('counts another spelling of the same value as a change', (host) => {
      const session_id = create(host, { state_data: { a: 1 } })
      const { result } = host.done(
        'update_session_state',
        `{"session_id":"${session_id}","state_data":{"a": 1}}`
      )
      expect(result).toMatchObject({ revision: 2, changed: ['session_state'] })
    })

    test('answers with the session state even when another component was changed', (host) => {
      const session_id = create(host, { state_data: { a: 1 } })
      const { result } = host.done('update_session_state', { session_id, user_preferences: {} })
      expect(result.session_state).toEqual({ a: 1 })
    })

    test('takes an array as a component', (host) => {
      const session_id = create(host)
      update(host, session_id, [1, [2]])
      expect(stateText(host, session_id)).toBe('[1,[2]]')
    })

    for (const state_data of ['text', 7, true]) {
      test(`refuses ${JSON.stringify(state_data)} as a component`, (host) => {
        const session_id = create(host)
        expect(host.refused('update_session_state', { session_id, state_data })).toMatchObject({
          error_code: 'invalid_parameter',
          details: { path: 'state_data' },
        })
      })
    }

    test('needs something to change', (host) => {
      const session_id = create(host)
      expect(host.refused('update_session_state', { session_id }).error).toBe(
        'Missing state_data parameter'
      )
    })

    test(
      'refuses a session that would be too large, and names its largest parts',
      (host) => {
        const session_id = create(host, { workspace_context: { w: 'x'.repeat(300) } })
        const refused = host.refused('update_session_state', {
          session_id,
          state_data: { s: 'x'.repeat(800) },
          user_preferences: {},
        })
        expect(refused).toMatchObject({
          error_code: 'session_too_large',
          error_type: 'SessionError',
          http_status: 413,
          details: {
            bytes: 808 + 308 + 2,
            limit: 1000,
            largest: [
              { component: 'session_state', bytes: 808 },
              { component: 'workspace_context', bytes: 308 },
              { component: 'user_preferences', bytes: 2 },
            ],
          },
        })
        expect(follow(host, refused)).toMatchObject({ ok: true, result: { revision: 1 } })
      },
      { limits: { sessionBytes: 1000 } }
    )

    test(
      'takes a session of exactly the largest size',
      (host) => {
        const session_id = create(host)
        expect(update(host, session_id, { s: 'x'.repeat(992) })).toBe(2)
      },
      { limits: { sessionBytes: 1000 } }
    )
  })

  describe('state_data', () => {
    test('brings components that are named in it to their own place', (host) => {
      const session_id = create(host)
      const { result } = host.done('update_session_state', {
        session_id,
        state_data: { mine: 1, workspace_context: { a: 1 }, evaluation_history: [2] },
      })
      expect(result.changed).toEqual(['session_state', 'workspace_context', 'evaluation_history'])
      expect(host.done('restore_session', { session_id }).result).toMatchObject({
        session_state: { mine: 1 },
        workspace_context: { a: 1 },
        evaluation_history: [2],
      })
    })

    test('leaves the session state alone when all its members belong elsewhere', (host) => {
      const session_id = create(host, { state_data: { mine: 1 } })
      update(host, session_id, { workspace_context: { a: 1 } })
      expect(stateText(host, session_id)).toBe('{"mine":1}')
    })

    test('keeps deeper members with such names where they are', (host) => {
      const session_id = create(host)
      update(host, session_id, { deep: { workspace_context: { a: 1 } } })
      expect(stateText(host, session_id)).toBe('{"deep":{"workspace_context":{"a":1}}}')
    })

    test('may repeat a component, but not contradict it', (host) => {
      const session_id = create(host)
      const twice = { session_id, workspace_context: { a: 1 } }
      const agreed = { ...twice, state_data: { workspace_context: { a: 1 } } }
      expect(host.done('update_session_state', agreed).result.changed).toEqual([
        'workspace_context',
      ])
      const contradicted = { ...twice, state_data: { workspace_context: { a: 2 } } }
      expect(host.refused('update_session_state', contradicted)).toMatchObject({
        error_code: 'invalid_parameter',
        details: { path: 'state_data.workspace_context' },
      })
    })

    test('refuses a scalar in the place of a component', (host) => {
      const session_id = create(host)
      const state_data = { workspace_context: 'text' }
      expect(host.refused('update_session_state', { session_id, state_data })).toMatchObject({
        error_code: 'invalid_parameter',
        details: { path: 'state_data.workspace_context' },
      })
    })
  })
}
