// Whose sessions are whose, and what leaves no trace.

import { describe, expect } from 'vitest'
import { dump, tables } from '../../support/engine-rows.ts'
import { CLIENT, create, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

export function describeTraces(test: EngineTest): void {
  describe("Somebody else's session", () => {
    test('is not found by another client, nor by another team', (host) => {
      const session_id = create(host)
      const commands = [
        ['get_session_info', {}],
        ['list_session_revisions', {}],
        ['restore_session', {}],
        ['update_session_state', { state_data: {} }],
        ['revert_session', { revision: 1 }],
        ['diff_session_revisions', { from_revision: 1 }],
        ['save_context', { components: { session_state: {} } }],
        ['load_context', {}],
        ['get_context_summary', {}],
        ['clear_context', {}],
        ['switch_image_context', { from_image_id: 'one', to_image_id: 'two' }],
        ['renew_session', {}],
        ['close_session', {}],
      ] as const
      const before = dump(host.sql)
      for (const [command, parameters] of commands) {
        const asked = { session_id, ...parameters }
        const wrongClient = host.refused(command, { ...asked, client_id: 'client_002' })
        const wrongTeam = host.refused(command, asked, { team: 'other' })
        expect(wrongClient.error_code).toBe('session_not_found')
        expect(wrongTeam.error_code).toBe('session_not_found')
        expect(wrongTeam.client_id).toBeUndefined()
      }
      expect(dump(host.sql)).toBe(before)
    })

    test('is not there for another client, who cannot join it either', (host) => {
      create(host)
      const asked = { client_id: 'client_002' }
      const listed = host.done('list_client_sessions', { ...asked, include: 'all' }).result
      expect(listed).toMatchObject({ client_id: 'client_002', session_count: 0, sessions: [] })
      expect(host.refused('create_session', asked).error_code).toBe('client_not_allowed')
    })

    test('is not there for another subject of the team, nor for an owner who may not use it', (host) => {
      const session_id = create(host)
      const before = dump(host.sql)
      for (const caller of [{ subject: 'somebody' }, { client_ids: ['client_9*'] }]) {
        const asked = { client_id: CLIENT }
        expect(host.done('list_client_sessions', asked, caller).result.session_count).toBe(0)
        expect(host.refused('create_session', asked, caller).error_code).toBe('client_not_allowed')
        const refused = host.refused('restore_session', { session_id }, caller)
        expect(refused.error_code).toBe('session_not_found')
        expect(refused.client_id).toBeUndefined()
      }
      expect(dump(host.sql)).toBe(before)
    })

    test('is there for its owner under a pattern that covers the client id', (host) => {
      const session_id = create(host)
      const caller = { client_ids: ['other', 'client_0*'] }
      expect(host.done('get_session_info', { session_id }, caller).client_id).toBe(CLIENT)
    })

    test('answers its owner with the client id, asked for or not', (host) => {
      const session_id = create(host)
      expect(host.done('get_session_info', { session_id }).client_id).toBe(CLIENT)
      expect(host.refused('restore_session', { session_id, revision: 9 }).client_id).toBe(CLIENT)
    })
  })

  describe('An unknown session', () => {
    test('leaves no trace in a database that nobody used', (host) => {
      host.done('list_client_sessions', { client_id: CLIENT })
      host.refused('restore_session', { session_id: 'session_x' })
      host.refused('restore_session', { client_id: CLIENT, latest: true })
      host.refused('get_session_info', { session_id: 'session_x' })
      host.refused('update_session_state', { session_id: 'session_x', state_data: {} })
      host.refused('close_session', { session_id: 'session_x', client_id: CLIENT })
      host.refused('create_session', { client_id: CLIENT, timeout: 1 })
      expect(tables(host.sql)).toEqual([])
    })
  })

  describe('A command that only reads', () => {
    test('writes nothing', (host) => {
      const session_id = create(host)
      update(host, session_id, { n: 1 })
      host.clock.advance(7_200_000)
      const before = dump(host.sql)
      host.done('get_session_info', { session_id })
      host.done('list_session_revisions', { session_id })
      host.done('list_client_sessions', { client_id: CLIENT, include: 'all' })
      expect(dump(host.sql)).toBe(before)
    })
  })
}
