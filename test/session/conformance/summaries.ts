// get_context_summary: how much of what, without the state.

import { describe, expect } from 'vitest'
import { dump, flipBit } from '../../support/engine-rows.ts'
import { CLIENT, create } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { HOUR } from '../../support/fixed-clock.ts'

export function describeSummaries(test: EngineTest): void {
  describe('get_context_summary', () => {
    test('counts what every component holds', (host) => {
      const session_id = create(host, { image_id: 'pharo-12' })
      host.done('save_context', {
        session_id,
        components: {
          workspace_context: { variables: { a: { value: 1 }, b: 2 }, bindings: ['a'] },
          object_registry: { obj_1: 'obj_2', obj_2: { refs: ['obj_1', 'obj_9'] } },
          inspector_state: { selected_object: 'obj_1', views: ['raw', 'tree'] },
          evaluation_history: ['3 + 4'],
        },
      })
      const told = host.done('get_context_summary', { session_id })
      expect(told.result).toEqual({
        session_id,
        client_id: CLIENT,
        revision: 2,
        state_bytes: 54 + 52 + 50 + 9,
        image_id: 'pharo-12',
        components: {
          workspace_context: { bytes: 54, revision: 2, entries: 2, variables: 2, bindings: 1 },
          inspector_state: {
            bytes: 50,
            revision: 2,
            entries: 2,
            has_selected_object: true,
            views: 2,
          },
          object_registry: {
            bytes: 52,
            revision: 2,
            entries: 2,
            objects: 2,
            references: 2,
            dangling_references: 1,
          },
          evaluation_history: { bytes: 9, revision: 2, entries: 1 },
        },
      })
      expect(told.warnings).toEqual([
        'object_registry refers to objects that are not registered (1).',
      ])
    })

    test('answers for an expired session, renews nothing and writes nothing', (host) => {
      const session_id = create(host, { state_data: { a: 1 } })
      host.clock.advance(2 * HOUR)
      const before = dump(host.sql)
      host.done('get_context_summary', { session_id })
      expect(dump(host.sql)).toBe(before)
    })

    test('counts the other components when one is damaged', (host) => {
      const session_id = create(host, { state_data: { a: 1 }, workspace_context: { w: 1 } })
      flipBit(host.sql, { session_id, revision: 1 })
      const told = host.done('get_context_summary', { session_id })
      expect(told.result.components).toEqual({
        session_state: { bytes: 7, revision: 1 },
        workspace_context: { bytes: 7, revision: 1, entries: 1 },
      })
      expect(told.warnings).toEqual([
        'The stored session_state is damaged and not counted; save it again to replace it.',
      ])
    })
  })
}
