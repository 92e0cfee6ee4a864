// save_context, load_context and clear_context: components by name.

import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { COMPONENTS } from '../../../src/protocol/components.ts'
import { jsonContainerText } from '../../support/engine-json.ts'
import { dump, flipBit } from '../../support/engine-rows.ts'
import { CLIENT, create, createSeveral, stateText, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { MINUTE } from '../../support/fixed-clock.ts'

export function describeContexts(test: EngineTest): void {
  describe('save_context', () => {
    test('puts each component in its place, in one revision', (host) => {
      const session_id = create(host, { workspace_context: { old: 1 }, user_preferences: { p: 1 } })
      const saved = host.done('save_context', {
        session_id,
        components: { workspace_context: { w: 1 }, session_state: { workspace_context: { s: 1 } } },
      }).result
      expect(saved).toMatchObject({
        revision: 2,
        changed: ['session_state', 'workspace_context'],
        session_state: { workspace_context: { s: 1 } },
        update_successful: true,
      })
      expect(host.done('restore_session', { session_id }).result).toMatchObject({
        session_state: { workspace_context: { s: 1 } },
        workspace_context: { w: 1 },
        user_preferences: { p: 1 },
      })
      expect(host.done('list_session_revisions', { session_id }).result.revisions[0]?.cause).toBe(
        'save_context'
      )
    })

    test('ignores what is no component, and names it', (host) => {
      const session_id = create(host)
      const components = { inspector_state: {}, notes: { n: 1 } }
      const saved = host.done('save_context', { session_id, components })
      expect(saved.warnings).toEqual(['Unknown component notes was ignored.'])
      expect(saved.result.changed).toEqual(['inspector_state'])
    })

    for (const [what, components, path] of [
      ['no component', {}, 'components'],
      ['only null', { workspace_context: null }, 'components'],
      ['a list', ['workspace_context'], 'components'],
      ['a text as a component', { user_preferences: 'dark' }, 'components.user_preferences'],
      ['too deep an entry', { evaluation_history: nest(64) }, 'components.evaluation_history'],
      ['too deep a component', { session_state: nest(65) }, 'components'],
    ] as const) {
      test(`refuses ${what}, and changes nothing`, (host) => {
        const session_id = create(host)
        const before = dump(host.sql)
        expect(host.refused('save_context', { session_id, components })).toMatchObject({
          error_code: 'invalid_parameter',
          details: { path },
        })
        expect(dump(host.sql)).toBe(before)
      })
    }

    test('takes a component as deep as update_session_state does', (host) => {
      const session_id = create(host)
      const components = { inspector_state: nest(64), evaluation_history: nest(63) }
      host.done('save_context', { session_id, components })
      expect(host.done('load_context', { session_id }).result.inspector_state).toEqual(nest(64))
    })

    test('demands components', (host) => {
      const session_id = create(host)
      expect(host.refused('save_context', { session_id }).error).toBe(
        'Missing components parameter'
      )
    })

    test('refuses what was made on another revision, or keeps it as a copy', (host) => {
      const session_id = create(host, { evaluation_history: ['1'] })
      host.done('save_context', { session_id, components: { evaluation_history: ['theirs'] } })
      const lost = { session_id, components: { evaluation_history: ['mine'] }, if_revision: 1 }
      expect(host.refused('save_context', lost).error_code).toBe('revision_conflict')
      const { result } = host.done('save_context', { ...lost, on_conflict: 'copy' })
      expect(result.conflict).toMatchObject({ session_id, current_revision: 2 })
      expect(stateText(host, result.session_id, 'evaluation_history')).toBe('["1","mine"]')
      expect(stateText(host, session_id, 'evaluation_history')).toBe('["1","theirs"]')
      const [first] = host.done('list_session_revisions', { session_id: result.session_id }).result
        .revisions
      expect(first).toMatchObject({ cause: 'save_context', label: 'conflict with revision 2' })
    })

    test('has one effect for one idempotency key, and none for another body', (host) => {
      const session_id = create(host)
      const save = (entry: string) => ({ session_id, components: { evaluation_history: [entry] } })
      const first = host.done('save_context', save('a'), { key: 'k' })
      expect(host.done('save_context', save('a'), { key: 'k' })).toMatchObject({
        replayed: true,
        text: first.text,
      })
      expect(host.refused('save_context', save('b'), { key: 'k' }).error_code).toBe(
        'idempotency_conflict'
      )
      expect(stateText(host, session_id, 'evaluation_history')).toBe('["a"]')
    })

    test(
      'refuses a session that would be too large',
      (host) => {
        const session_id = create(host)
        const components = { object_registry: { o: 'x'.repeat(100) } }
        expect(host.refused('save_context', { session_id, components }).error_code).toBe(
          'session_too_large'
        )
      },
      { limits: { sessionBytes: 100 } }
    )

    test(
      'keeps every component as the text that came, and load_context gives it back',
      (host) => {
        const session_id = create(host)
        fc.assert(
          fc.property(
            jsonContainerText,
            fc.constantFrom(...COMPONENTS.slice(0, 5)),
            (text, name) => {
              const message = `{"session_id":"${session_id}","components" : {"${name}" : ${text}\n}}`
              host.done('save_context', message)
              expect(stateText(host, session_id, name)).toBe(text)
              expect(host.done('load_context', { session_id }).member(name)).toBe(text)
            }
          ),
          { seed: 85, numRuns: 200 }
        )
      },
      { limits: { commands: { perMinute: 1, burst: 1e9 } } }
    )
  })

  describe('load_context', () => {
    test('gives what is set, or what is asked for', (host) => {
      const session_id = create(host, { state_data: { n: 1 }, workspace_context: { w: 1 } })
      const all = host.done('load_context', { session_id }).result
      expect(all).toEqual({
        session_id,
        client_id: CLIENT,
        revision: 1,
        session_state: { n: 1 },
        workspace_context: { w: 1 },
        last_modified: '2026-03-01T09:00:00.000Z',
        expires_at: '2026-03-01T10:00:00.000Z',
        image_id: '',
        image_address: '',
        image_name: '',
        image_version: '',
        image_metadata: {},
      })
      const components = ['workspace_context', 'evaluation_history']
      const { session_state, ...asked } = host.done('load_context', {
        session_id,
        components,
      }).result
      expect(session_state).toBeUndefined()
      expect(asked).toMatchObject({ workspace_context: { w: 1 }, evaluation_history: [] })
    })

    for (const components of [[], ['state_data'], ['session_state', 7], 'session_state']) {
      test(`refuses ${JSON.stringify(components)} as components`, (host) => {
        const session_id = create(host)
        expect(host.refused('load_context', { session_id, components }).error_code).toBe(
          'invalid_parameter'
        )
      })
    }

    test('renews the lease, but only of an active session', (host) => {
      const session_id = create(host)
      host.clock.advance(30 * MINUTE)
      expect(host.done('load_context', { session_id }).result.expires_at).toBe(
        '2026-03-01T10:30:00.000Z'
      )
      host.clock.advance(60 * MINUTE)
      expect(host.refused('load_context', { session_id }).error_code).toBe('session_expired')
    })

    test('repairs what it was asked for', (host) => {
      const session_id = create(host, { state_data: { n: 1 }, workspace_context: { w: 1 } })
      update(host, session_id, { n: 2 })
      flipBit(host.sql, { session_id, revision: 2 })
      const other = { session_id, components: ['workspace_context'] }
      expect(host.done('load_context', other).result.recovered_from).toBeUndefined()
      const loaded = host.done('load_context', { session_id, components: ['session_state'] })
      expect(loaded.result).toMatchObject({
        session_state: { n: 1 },
        recovered_from: { session_state: 1 },
        revision: 3,
      })
      expect(host.done('load_context', { session_id }).result.recovered_from).toBeUndefined()
    })
  })

  describe('clear_context', () => {
    test('empties all components in one revision, and can be reverted', (host) => {
      const state = { state_data: { n: 1 }, workspace_context: { w: 1 }, evaluation_history: ['e'] }
      const session_id = create(host, state)
      expect(host.done('clear_context', { session_id }).result).toMatchObject({
        revision: 2,
        changed: ['session_state', 'workspace_context', 'evaluation_history'],
        session_state: {},
        state_bytes: 0,
      })
      expect(host.done('load_context', { session_id }).text).not.toContain('workspace_context')
      host.done('revert_session', { session_id, revision: 1 })
      expect(host.done('restore_session', { session_id }).result).toMatchObject({
        session_state: { n: 1 },
        workspace_context: { w: 1 },
        evaluation_history: ['e'],
      })
    })

    test('empties the components that it is asked for', (host) => {
      const session_id = create(host, { state_data: { n: 1 }, workspace_context: { w: 1 } })
      const components = ['workspace_context', 'user_preferences']
      expect(host.done('clear_context', { session_id, components }).result).toMatchObject({
        changed: ['workspace_context'],
        session_state: { n: 1 },
      })
      expect(host.done('list_session_revisions', { session_id }).result.revisions[0]?.cause).toBe(
        'clear_context'
      )
    })

    test('of what is empty changes nothing', (host) => {
      const session_id = create(host)
      expect(host.done('clear_context', { session_id }).result).toMatchObject({
        revision: 1,
        changed: [],
      })
    })

    test('empties one session only', (host) => {
      const [session_id = '', other = ''] = createSeveral(host, 2)
      for (const id of [session_id, other]) update(host, id, { n: 1 })
      host.done('clear_context', { session_id })
      expect(stateText(host, other)).toBe('{"n":1}')
    })
  })
}

/** An object with so many levels. */
function nest(levels: number): unknown {
  return levels === 1 ? {} : { in: nest(levels - 1) }
}
