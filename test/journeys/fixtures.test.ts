// The comparison with the seeds' examples is itself held to account.

import { describe, expect, it } from 'vitest'
import { CASES, DIALECTS, FIXTURES, inDialect, missingFrom } from '../support/fixtures.ts'

describe('the comparison with a seed', () => {
  const expected = { id: '1', result: { n: 1, list: [{ a: '' }], session_state: { x: [1] } } }

  it('is content with a superset', () => {
    const actual = {
      id: '1',
      more: true,
      result: { n: 2, list: [{ a: 'b', c: 1 }, 7], session_state: { x: [1] } },
    }
    expect(missingFrom(actual, expected)).toEqual([])
  })

  it.each([
    [{ result: expected.result }, 'reply.id is not equal'],
    [{ ...expected, result: null }, 'reply.result is null, not object'],
    [
      { ...expected, result: { ...expected.result, n: '1' } },
      'reply.result.n is string, not number',
    ],
    [
      { ...expected, result: { ...expected.result, list: [] } },
      'reply.result.list.0 is undefined, not object',
    ],
    [
      { ...expected, result: { ...expected.result, list: {} } },
      'reply.result.list is object, not array',
    ],
    [
      { ...expected, result: { ...expected.result, session_state: { x: [1], y: 2 } } },
      'reply.result.session_state is not equal',
    ],
  ])('finds what is missing or different: case %#', (actual, problem) => {
    expect(missingFrom(actual, expected)).toEqual([problem])
  })
})

describe('the fixtures', () => {
  it('cover every command of the seeds, in four dialects', () => {
    expect(new Set(FIXTURES.map(({ command }) => command))).toEqual(
      new Set([
        'create_session',
        'restore_session',
        'update_session_state',
        'close_session',
        'get_session_info',
        'list_client_sessions',
        'get_session_statistics',
        'validate_feature_access',
      ])
    )
    expect(CASES).toHaveLength(FIXTURES.length * DIALECTS.length)
  })

  it('are respelled without a change of what they say', () => {
    for (const { request } of FIXTURES) {
      const canonical = inDialect('A', request)
      expect(inDialect('A', inDialect('B', request))).toEqual(canonical)
      expect(inDialect('B', canonical)).not.toHaveProperty('parameters')
    }
  })
})
