// restore_session.

import { describe, expect } from 'vitest'
import { CLIENT, create, createSeveral, follow, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { HOUR, MINUTE } from '../../support/fixed-clock.ts'

export function describeRestoring(test: EngineTest): void {
  describe('restore_session', () => {
    test('gives every component, and those that were never set as empty', (host) => {
      const session_id = create(host)
      update(host, session_id, { workspace: 'test workspace' })
      host.clock.advance(MINUTE)
      expect(host.done('restore_session', { session_id }).result).toEqual({
        session_id,
        client_id: CLIENT,
        created_at: '2026-03-01T09:00:00.000Z',
        last_modified: '2026-03-01T09:00:00.000Z',
        timeout: 3600,
        is_active: true,
        session_state: { workspace: 'test workspace' },
        workspace_context: {},
        inspector_state: {},
        object_registry: {},
        user_preferences: {},
        evaluation_history: [],
        client_specific_data: true,
        name: '',
        revision: 2,
        expires_at: '2026-03-01T10:01:00.000Z',
        image_id: '',
        image_address: '',
        image_name: '',
        image_version: '',
        image_metadata: {},
      })
    })

    test('needs a session id or latest', (host) => {
      create(host)
      expect(host.refused('restore_session', { client_id: CLIENT }).error).toBe(
        'Missing session_id parameter'
      )
      expect(host.refused('restore_session', { latest: true }).error).toBe(
        'Missing client_id parameter'
      )
    })

    test('with latest gives the session that was used last', (host) => {
      const [first] = createSeveral(host, 3)
      host.clock.advance(MINUTE)
      host.done('restore_session', { session_id: first })
      const latest = host.done('restore_session', { client_id: CLIENT, latest: true })
      expect(latest.result.session_id).toBe(first)
    })

    test('with latest and an image gives the last one of that image', (host) => {
      const wanted = create(host, { image_id: 'pharo-12' })
      host.clock.advance(MINUTE)
      create(host, { image_id: 'pharo-13' })
      const latest = { client_id: CLIENT, latest: true, image_id: 'pharo-12' }
      expect(host.done('restore_session', latest).result.session_id).toBe(wanted)
      expect(host.refused('restore_session', { ...latest, image_id: 'squeak' }).error_code).toBe(
        'session_not_found'
      )
    })

    test('with latest prefers an active session to a closed one that was used later', (host) => {
      const [active, closed] = createSeveral(host, 2)
      host.done('close_session', { session_id: closed })
      const latest = host.done('restore_session', { client_id: CLIENT, latest: true })
      expect(latest.result.session_id).toBe(active)
    })

    test('with latest tells of an ended session when no active one is left', (host) => {
      const session_id = create(host, { state_data: { kept: true } })
      host.clock.advance(2 * HOUR)
      const refused = host.refused('restore_session', { client_id: CLIENT, latest: true })
      expect(refused.error_code).toBe('session_expired')
      expect(follow(host, refused)).toMatchObject({ ok: true, result: { session_id } })
    })

    test('with latest for an unknown client finds nothing', (host) => {
      const refused = host.refused('restore_session', { client_id: CLIENT, latest: true })
      expect(refused).toMatchObject({
        error_code: 'session_not_found',
        error_type: 'SessionNotFound',
        http_status: 404,
      })
      expect(follow(host, refused).ok).toBe(true)
    })

    test('shows an earlier revision and leaves the session as it is', (host) => {
      const session_id = create(host, { state_data: { n: 1 } })
      update(host, session_id, { n: 2 })
      const earlier = host.done('restore_session', { session_id, revision: 1 }).result
      expect(earlier).toMatchObject({ session_state: { n: 1 }, revision: 1 })
      expect(host.done('restore_session', { session_id }).result).toMatchObject({
        session_state: { n: 2 },
        revision: 2,
      })
      const { revisions } = host.done('list_session_revisions', { session_id }).result
      expect(revisions.map(({ revision }) => revision)).toEqual([2, 1])
    })

    test('says which revisions are kept when asked for one that is not', (host) => {
      const session_id = create(host)
      const refused = host.refused('restore_session', { session_id, revision: 2 })
      expect(refused).toMatchObject({
        error_code: 'invalid_parameter',
        details: { path: 'revision', detail: 'revision 2 is not kept; 1 is' },
      })
    })

    test('names the fault of a wrong revision number', (host) => {
      const session_id = create(host)
      for (const revision of [0, 1.5, '1']) {
        expect(host.refused('restore_session', { session_id, revision }).details).toMatchObject({
          path: 'revision',
        })
      }
    })
  })
}
