// update_session_state with mode merge (RFC 7396).

import { describe, expect } from 'vitest'
import { create, rawState, stateText } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

/** Appendix A of RFC 7396, as far as documents and patches are arrays and objects: before, patch, after. */
const APPENDIX_A = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', '{}'],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
  ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
] as const

/** What a merge leaves to the letter: before, patch, after. */
const SPELLINGS = [
  ['big integers', '{"n":9007199254740993}', '{"m":1}', '{"n":9007199254740993,"m":1}'],
  ['big integers of the patch', '{}', '{"n":123456789012345678901}', '{"n":123456789012345678901}'],
  ['minus zero and exponents', '{"z":-0,"e":1E+2}', '{"m":1.0}', '{"z":-0,"e":1E+2,"m":1.0}'],
  ['the order of members', '{"b":1,"a":2,"10":3}', '{"a":0,"1":4}', '{"b":1,"a":0,"10":3,"1":4}'],
  [
    '__proto__ as a plain member',
    '{"__proto__":{"a":1}}',
    '{"b":2}',
    '{"__proto__":{"a":1},"b":2}',
  ],
  ['__proto__ of the patch', '{"a":1}', '{"__proto__":{"b":1}}', '{"a":1,"__proto__":{"b":1}}'],
  ['escapes in values', '{"s":"\\u00e4\\/"}', '{"b":2}', '{"s":"\\u00e4\\/","b":2}'],
  ['spaces inside values it does not name', '{"v":[1, 2]}', '{"b":2}', '{"v":[1, 2],"b":2}'],
] as const

export function describeMerging(test: EngineTest): void {
  describe('A merge', () => {
    for (const [before, patch, after] of APPENDIX_A) {
      test(`of ${patch} into ${before} gives ${after}`, (host) => {
        const session_id = create(host)
        host.done('update_session_state', rawState(session_id, before))
        const sent = host.done(
          'update_session_state',
          rawState(session_id, patch, 'state_data', ',"mode":"merge"')
        )
        expect(sent.member('session_state')).toBe(after)
        expect(stateText(host, session_id)).toBe(after)
      })
    }

    for (const [what, before, patch, after] of SPELLINGS) {
      test(`keeps ${what}`, (host) => {
        const session_id = create(host)
        host.done('update_session_state', rawState(session_id, before))
        host.done(
          'update_session_state',
          rawState(session_id, patch, 'state_data', ',"mode":"merge"')
        )
        expect(stateText(host, session_id)).toBe(after)
      })
    }

    test('counts the last of repeated members, as JSON.parse does', (host) => {
      const session_id = create(host)
      host.done('update_session_state', rawState(session_id, '{"a":1,"b":2,"a":3}'))
      expect(stateText(host, session_id)).toBe('{"a":1,"b":2,"a":3}')
      host.done(
        'update_session_state',
        rawState(session_id, '{"c":4,"c":5}', 'state_data', ',"mode":"merge"')
      )
      expect(stateText(host, session_id)).toBe('{"a":3,"b":2,"c":5}')
    })

    test('into a component that was never set starts from an empty object', (host) => {
      const session_id = create(host)
      host.done('update_session_state', {
        session_id,
        mode: 'merge',
        user_preferences: { theme: 'dark', font: null },
      })
      expect(stateText(host, session_id, 'user_preferences')).toBe('{"theme":"dark"}')
    })

    test('that changes nothing is no revision', (host) => {
      const session_id = create(host, { state_data: { a: { b: 1 } } })
      expect(
        host.done('update_session_state', {
          session_id,
          mode: 'merge',
          state_data: { a: { b: 1 }, c: null },
        }).result
      ).toMatchObject({ revision: 1, changed: [] })
    })

    test('touches only the components it names', (host) => {
      const session_id = create(host, { state_data: { a: 1 }, object_registry: { b: 2 } })
      const { result } = host.done('update_session_state', {
        session_id,
        mode: 'merge',
        object_registry: { c: 3 },
      })
      expect(result).toMatchObject({ changed: ['object_registry'], session_state: { a: 1 } })
    })
  })
}
