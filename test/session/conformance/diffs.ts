// diff_session_revisions: what differs between two revisions, and what its patches lead to.

import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { type JsonText, outline } from '../../../src/protocol/json-text.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { jsonContainerText } from '../../support/engine-json.ts'
import { dump, flipBit } from '../../support/engine-rows.ts'
import { CLIENT, create, rawState, stateText, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { HOUR } from '../../support/fixed-clock.ts'

export function describeDiffs(test: EngineTest): void {
  describe('diff_session_revisions', () => {
    test('tells what was added, removed, changed and left alone', (host) => {
      const session_id = create(host, {
        state_data: { a: 1, b: 2 },
        workspace_context: { w: 1 },
        user_preferences: { p: 1 },
      })
      host.done('clear_context', { session_id, components: ['workspace_context'] })
      host.done('update_session_state', {
        session_id,
        state_data: { b: 3, c: 4 },
        evaluation_history: ['e'],
      })
      const { result } = host.done('diff_session_revisions', { session_id, from_revision: 1 })
      expect(result).toEqual({
        session_id,
        client_id: CLIENT,
        from_revision: 1,
        to_revision: 3,
        changed: ['session_state', 'workspace_context', 'evaluation_history'],
        components: {
          session_state: {
            change: 'changed',
            bytes_from: 13,
            bytes_to: 13,
            patch: { a: null, b: 3, c: 4 },
            exact: true,
          },
          workspace_context: { change: 'removed', bytes_from: 7, bytes_to: 0, exact: false },
          user_preferences: { change: 'unchanged', bytes_from: 7, bytes_to: 7, exact: true },
          evaluation_history: {
            change: 'added',
            bytes_from: 0,
            bytes_to: 5,
            patch: ['e'],
            exact: true,
          },
        },
      })
    })

    test('compares in either direction, and a revision with itself', (host) => {
      const session_id = create(host, { state_data: { a: 1 } })
      update(host, session_id, { a: 2 })
      const patches = [
        [1, 2],
        [2, 1],
        [2, 2],
      ].map(([from, to]) => patchOf(host, { session_id, from_revision: from, to_revision: to }))
      expect(patches).toEqual(['{"a":2}', '{"a":1}', undefined])
    })

    test('keeps the spelling of what it shows', (host) => {
      const session_id = create(host)
      host.done('update_session_state', rawState(session_id, '{"n":1,"m":{"k":0}}'))
      const text = '{"n":9007199254740993,"m":{"k":-0,"__proto__":1E2}}'
      host.done('update_session_state', rawState(session_id, text))
      expect(patchOf(host, { session_id, from_revision: 2 })).toBe(text)
    })

    test('gives the whole value where no merge patch can set a null', (host) => {
      const session_id = create(host, { state_data: { a: 1, b: 1 } })
      update(host, session_id, { a: null, b: 1 })
      const { components } = host.done('diff_session_revisions', {
        session_id,
        from_revision: 1,
      }).result
      expect(components).toMatchObject({
        session_state: { exact: false, patch: { a: null, b: 1 } },
      })
    })

    test('answers for an expired session, renews nothing and writes nothing', (host) => {
      const session_id = create(host, { state_data: { a: 1 } })
      update(host, session_id, { a: 2 })
      host.clock.advance(2 * HOUR)
      const before = dump(host.sql)
      host.done('diff_session_revisions', { session_id, from_revision: 1 })
      expect(dump(host.sql)).toBe(before)
    })

    for (const path of ['from_revision', 'to_revision']) {
      test(`refuses a ${path} that is not kept`, (host) => {
        const session_id = create(host)
        const asked = { session_id, from_revision: 1, to_revision: 1, [path]: 9 }
        expect(host.refused('diff_session_revisions', asked).details).toMatchObject({
          path,
          detail: 'revision 9 is not kept; 1 is',
        })
      })
    }

    test('compares a damaged text as it was earlier, and says so', (host) => {
      const session_id = create(host, { state_data: { a: 1 } })
      update(host, session_id, { a: 2 })
      flipBit(host.sql, { session_id, revision: 2 })
      const sent = host.done('diff_session_revisions', { session_id, from_revision: 1 })
      expect(sent.warnings).toEqual([
        'Damaged at revision 2 and compared as they were earlier: session_state.',
      ])
      expect(sent.result.changed).toEqual([])
    })

    test('with a text that is lost is session_corrupted', (host) => {
      const session_id = create(host, { state_data: { a: 1 } })
      flipBit(host.sql, { session_id, revision: 1 })
      expect(
        host.refused('diff_session_revisions', { session_id, from_revision: 1 }).error_code
      ).toBe('session_corrupted')
    })

    test(
      'gives patches that, merged into the one revision, make the other',
      (host) => {
        const session_id = create(host)
        fc.assert(
          fc.property(jsonContainerText, jsonContainerText, (from, to) =>
            leadsThere(host, session_id, from, to)
          ),
          { seed: 7396, numRuns: 150 }
        )
      },
      { limits: { commands: { perMinute: 1, burst: 1e9 } } }
    )
  })
}

/** Applies the patch as its `exact` says, and compares values. */
function leadsThere(host: EngineHost, session_id: string, from: string, to: string): void {
  const put = (text: string, mode: string) =>
    host.done('update_session_state', rawState(session_id, text, 'state_data', `,"mode":"${mode}"`))
      .result.revision
  const [from_revision, to_revision] = [put(from, 'replace'), put(to, 'replace')]
  const asked = { session_id, from_revision, to_revision }
  const { session_state } = host.done('diff_session_revisions', asked).result
    .components as unknown as Record<string, { change: string; exact: boolean }>
  const patch = patchOf(host, asked)
  put(from, 'replace')
  if (patch !== undefined) put(patch, session_state?.exact ? 'merge' : 'replace')
  expect(JSON.parse(stateText(host, session_id) ?? '')).toEqual(JSON.parse(to))
}

function patchOf(host: EngineHost, parameters: Readonly<Record<string, unknown>>) {
  const components = host.done('diff_session_revisions', parameters).member('components')
  const state = outline(components as JsonText).members.get('session_state')
  return outline(state as JsonText).members.get('patch')
}
