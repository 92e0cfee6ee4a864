// What a new session begins with: the preferences of its client.

import { describe, expect } from 'vitest'
import type { EngineHost } from '../../support/engine-host.ts'
import { CLIENT, create, stateText } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

const preferencesOf = (host: EngineHost, session_id: string) =>
  stateText(host, session_id, 'user_preferences')

const begin = (host: EngineHost, more = {}) =>
  host.done('create_session', { client_id: CLIENT, ...more }).result

export function describePreferences(test: EngineTest): void {
  describe('The preferences of a client', () => {
    test('are what a new session begins with: those of the session that was changed last', (host) => {
      const first = begin(host, { user_preferences: { theme: 'dark' } })
      expect(first.inherited).toEqual([])
      host.clock.advance(1000)
      const second = create(host, { user_preferences: { theme: 'light' } })
      host.clock.advance(1000)
      const { session_id, inherited, revision } = begin(host, { state_data: { n: 1 } })
      expect({ inherited, revision }).toEqual({ inherited: ['user_preferences'], revision: 1 })
      expect(preferencesOf(host, session_id)).toBe('{"theme":"light"}')
      host.clock.advance(1000)
      host.done('update_session_state', { session_id: second, user_preferences: { theme: 'blue' } })
      expect(preferencesOf(host, session_id)).toBe('{"theme":"light"}')
      expect(preferencesOf(host, create(host))).toBe('{"theme":"blue"}')
    })

    test('are not taken over by a session that brings its own, be they empty', (host) => {
      create(host, { user_preferences: { theme: 'dark' } })
      const own = begin(host, { state_data: { user_preferences: {} } })
      expect(own.inherited).toEqual([])
      expect(preferencesOf(host, own.session_id)).toBe('{}')
    })

    test('are known from a closed session, and not from one that has taken them away', (host) => {
      const closed = create(host, { user_preferences: { theme: 'dark' } })
      host.done('close_session', { session_id: closed })
      host.clock.advance(1000)
      const cleared = create(host)
      host.done('clear_context', { session_id: cleared, components: ['user_preferences'] })
      expect(preferencesOf(host, create(host))).toBe('{"theme":"dark"}')
    })

    test(
      'stay away where a session would be too large with them',
      (host) => {
        create(host, { user_preferences: { theme: 'dark' } })
        const large = begin(host, { state_data: { text: 'x'.repeat(20) } })
        expect(large.inherited).toEqual([])
      },
      { limits: { sessionBytes: 40 } }
    )

    test('stay away from an imported session, which is what its document says', (host) => {
      const session_id = create(host, { state_data: { n: 1 } })
      const { content } = host.done('export_session', { session_id }).result
      create(host, { user_preferences: { theme: 'dark' } })
      const imported = host.done('import_session', { client_id: CLIENT, content }).result
      expect(imported.inherited).toEqual([])
    })
  })
}
