// create_session.

import { describe, expect } from 'vitest'
import { CLIENT, create, createSeveral, follow, rawState } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

export function describeCreating(test: EngineTest): void {
  describe('create_session', () => {
    test('answers with the session, its lease and the image fields, none of them null', (host) => {
      expect(host.done('create_session', { client_id: CLIENT }).result).toEqual({
        session_id: expect.stringMatching(/^session_1_\d+_[0-9A-Za-z]{48}$/),
        client_id: CLIENT,
        created_at: '2026-03-01T09:00:00.000Z',
        last_modified: '2026-03-01T09:00:00.000Z',
        timeout: 3600,
        is_active: true,
        expires_at: '2026-03-01T10:00:00.000Z',
        time_until_expiry: 3600,
        capabilities: [
          'context_preservation',
          'object_registry',
          'session_persistence',
          'context_restoration',
        ],
        client_isolation: 'enabled',
        max_concurrent_clients: 5,
        revision: 1,
        name: '',
        inherited: [],
        image_id: '',
        image_address: '',
        image_name: '',
        image_version: '',
        image_metadata: {},
      })
    })

    test('counts the ordinal of each session of the client', (host) => {
      const ordinals = createSeveral(host, 3).map((id) => id.split('_')[1])
      expect(ordinals).toEqual(['1', '2', '3'])
    })

    test('takes a name and says it in every answer about the session', (host) => {
      const session_id = create(host, { name: 'Refactoring the parser' })
      expect(host.done('get_session_info', { session_id }).result.name).toBe(
        'Refactoring the parser'
      )
      const { sessions } = host.done('list_client_sessions', { client_id: CLIENT }).result
      expect(sessions.map(({ name }) => name)).toEqual(['Refactoring the parser'])
    })

    for (const name of ['', 'n'.repeat(121)]) {
      test(`refuses a name of ${name.length} characters`, (host) => {
        expect(host.refused('create_session', { client_id: CLIENT, name })).toMatchObject({
          error_code: 'invalid_parameter',
          details: { path: 'name' },
        })
      })
    }

    for (const timeout of [60, 86_400]) {
      test(`takes a timeout of ${timeout} seconds`, (host) => {
        const { result } = host.done('create_session', { client_id: CLIENT, timeout })
        expect(result).toMatchObject({ timeout, time_until_expiry: timeout })
      })
    }

    for (const timeout of [59, 86_401, 60.5, '60', -1]) {
      test(`refuses a timeout of ${JSON.stringify(timeout)}`, (host) => {
        expect(host.refused('create_session', { client_id: CLIENT, timeout })).toMatchObject({
          error_code: 'invalid_parameter',
          details: { path: 'timeout' },
        })
      })
    }

    test('keeps what the client says of itself', (host) => {
      const client_info = { platform: 'macos', version: '1.0.0', capabilities: ['a'], extra: [1] }
      const session_id = create(host, { client_info })
      expect(host.done('get_session_info', { session_id }).result.client_info).toEqual(client_info)
    })

    test('keeps a tier that the client names as a claim', (host) => {
      const session_id = create(host, { client_info: { subscription_tier: 'pro', version: '1' } })
      expect(host.done('get_session_info', { session_id }).result.client_info).toEqual({
        version: '1',
        claimed_tier: 'pro',
      })
    })

    test('takes the initial state of every component', (host) => {
      const state = {
        state_data: { workspace: 'x' },
        workspace_context: { a: 1 },
        inspector_state: { b: 2 },
        object_registry: { c: 3 },
        user_preferences: { d: 4 },
        evaluation_history: ['3 + 4'],
      }
      const session_id = create(host, state)
      const { state_data: session_state, ...components } = state
      expect(host.done('restore_session', { session_id }).result).toMatchObject({
        session_state,
        ...components,
        revision: 1,
      })
    })

    test(
      'refuses an initial state that is too large, and offers no session to look at',
      (host) => {
        const text = `["${'x'.repeat(1000)}"]`
        const refused = host.refused(
          'create_session',
          `{"client_id":"${CLIENT}","state_data":${text}}`
        )
        expect(refused).toMatchObject({
          error_code: 'session_too_large',
          http_status: 413,
          details: {
            bytes: 1004,
            limit: 1000,
            largest: [{ component: 'session_state', bytes: 1004 }],
          },
          recovery: [],
        })
      },
      { limits: { sessionBytes: 1000 } }
    )

    test('says which parameter is missing', (host) => {
      expect(host.refused('create_session', {})).toMatchObject({
        error: 'Missing client_id parameter',
        error_code: 'missing_parameter',
      })
    })

    for (const client_id of ['', '.hidden', 'a b', 'a/b', 'ä', 'x'.repeat(129), 7]) {
      test(`refuses ${JSON.stringify(client_id).slice(0, 20)} as a client id`, (host) => {
        expect(host.refused('create_session', { client_id }).error_code).toBe('invalid_client_id')
      })
    }

    test('takes an id that was minted for the client elsewhere', (host) => {
      const owner = { team: 'local', client_id: CLIENT }
      const session_id = host.ids.mint(owner, 42, host.clock.now())
      expect(create(host, { session_id })).toBe(session_id)
      expect(host.done('restore_session', rawState(session_id, '{}')).result.session_id).toBe(
        session_id
      )
    })

    test('refuses an id that was minted for somebody else, forged, or taken', (host) => {
      const taken = create(host)
      const foreign = host.ids.mint({ team: 'local', client_id: 'client_002' }, 1, host.clock.now())
      for (const session_id of [taken, foreign, `${taken}x`, 'session_1']) {
        expect(host.refused('create_session', { client_id: CLIENT, session_id })).toMatchObject({
          error_code: 'invalid_parameter',
          details: { path: 'session_id' },
        })
      }
    })

    test(
      'allows as many active sessions as the subscription does',
      (host) => {
        const asked = { client_id: CLIENT }
        for (let n = 0; n < 2; n += 1) host.done('create_session', asked, { tier: 'less' })
        const refused = host.refused('create_session', asked, { tier: 'less' })
        expect(refused).toMatchObject({
          error_code: 'session_limit_exceeded',
          details: { limit: 2 },
        })
        host.done('create_session', asked, { tier: 'more' })
      },
      {
        limits: { activeSessions: 1 },
        limitsOfTier: (tier) => ({ activeSessions: tier === 'less' ? 2 : 9 }),
      }
    )

    test(
      'allows as many active sessions as the operator does where the subscription allows less',
      (host) => {
        const asked = { client_id: CLIENT }
        const told = Array.from(
          { length: 3 },
          () => host.done('create_session', asked, { tier: 'any' }).result.max_concurrent_clients
        )
        expect(told).toEqual([3, 3, 3])
        const refused = host.refused('create_session', asked, { tier: 'any' })
        expect(refused.details).toMatchObject({ limit: 3 })
      },
      { limits: { activeSessions: 3 }, limitsOfTier: () => ({ activeSessions: 2 }) }
    )

    for (const [who, operator, subscription] of [
      ['operator', 1000, 2000],
      ['subscription', 2000, 1000],
    ] as const) {
      test(
        `allows no larger session than the ${who} does who allows less`,
        (host) => {
          const state_data = ['x'.repeat(1000)]
          const asked = { client_id: CLIENT, state_data }
          const refused = host.refused('create_session', asked, { tier: 'any' })
          expect(refused).toMatchObject({
            error_code: 'session_too_large',
            details: { bytes: 1004, limit: 1000 },
          })
        },
        {
          limits: { sessionBytes: operator },
          limitsOfTier: () => ({ sessionBytes: subscription }),
        }
      )
    }

    test('refuses a sixth active session, and closing the one it names makes room', (host) => {
      const [oldest] = createSeveral(host, 5)
      host.clock.advance(60_000)
      const refused = host.refused('create_session', { client_id: CLIENT })
      expect(refused).toMatchObject({
        error_code: 'session_limit_exceeded',
        error_type: 'SessionError',
        http_status: 409,
        details: { limit: 5, active: 5, oldest_session_id: oldest },
      })
      expect(follow(host, refused).ok).toBe(true)
      expect(host.send('create_session', { client_id: CLIENT }).ok).toBe(true)
    })

    test('names as oldest the session that was idle longest, not the one created first', (host) => {
      const [first, second] = createSeveral(host, 5)
      host.clock.advance(60_000)
      host.done('restore_session', { session_id: first })
      expect(host.refused('create_session', { client_id: CLIENT }).details).toMatchObject({
        oldest_session_id: second,
      })
    })

    test('does not count sessions whose lease has ended', (host) => {
      createSeveral(host, 5)
      host.clock.advance(3_600_000)
      expect(host.send('create_session', { client_id: CLIENT }).ok).toBe(true)
    })
  })
}
