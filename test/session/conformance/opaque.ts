// Opaque state: what comes back is the text that went in.

import fc from 'fast-check'
import { describe, expect } from 'vitest'
import type { EngineHost } from '../../support/engine-host.ts'
import { jsonContainerText } from '../../support/engine-json.ts'
import { CLIENT, create, rawState, stateText } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

const TEXTS = [
  ['integers beyond 2^53', '{"n":9007199254740993,"m":-123456789012345678901234567890}'],
  ['minus zero, exponents and trailing zeros', '{"a":-0,"b":1E400,"c":1.50,"d":-0.0e-0}'],
  ['the order of keys', '{"b":1,"a":2,"10":3,"9":4}'],
  [
    '__proto__, constructor and toString as keys',
    '{"__proto__":{"x":1},"constructor":0,"toString":[]}',
  ],
  ['repeated keys', '{"a":1,"a":2}'],
  ['escapes as they are spelled', '{"\\u0061":"\\u00e4\\/\\b\\ud83d\\ude00"}'],
  ['white space inside', '{ "a" :\t[ 1 ,\r\n2 ] }'],
  ['any Unicode', '{"ключ":"😀\u{10ffff}\u2028\u0000é"}'.replace('\u0000', '\\u0000')],
  ['an empty key', '{"":{"":[]}}'],
  ['brackets and quotes in strings', '{"}]":"\\\\\\"{[,:","a":["]\\\\"]}'],
  ['sixty-four levels', `${'['.repeat(64)}${']'.repeat(64)}`],
] as const

const UNLIMITED = {
  limits: { commands: { perMinute: 1, burst: 1e9 }, creations: { perMinute: 1, burst: 1e9 } },
}

export function describeOpaque(test: EngineTest): void {
  describe('Opaque state', () => {
    for (const [what, text] of TEXTS) {
      test(`keeps ${what}`, (host) => {
        const session_id = create(host)
        for (const name of ['state_data', 'evaluation_history']) {
          const component = name === 'state_data' ? 'session_state' : name
          host.done('update_session_state', rawState(session_id, text, name))
          expect(stateText(host, session_id, component)).toBe(text)
        }
      })
    }

    test('refuses half a surrogate pair and says where it is', (host) => {
      const session_id = create(host)
      const text = '{"a":["\\ud83d"]}'
      expect(host.refused('update_session_state', rawState(session_id, text))).toMatchObject({
        error_code: 'invalid_parameter',
        details: { path: 'state_data.a.0' },
      })
    })

    test('refuses more than sixty-four levels', (host) => {
      const session_id = create(host)
      const text = `${'['.repeat(65)}${']'.repeat(65)}`
      expect(host.refused('update_session_state', rawState(session_id, text)).error_code).toBe(
        'invalid_parameter'
      )
    })

    test(
      'comes back as the text that was sent, whatever it is',
      (host) => {
        const session_id = create(host)
        fc.assert(
          fc.property(jsonContainerText, (text) => roundTrip(host, session_id, text)),
          { seed: 7396, numRuns: 300 }
        )
      },
      UNLIMITED
    )

    test(
      'comes back from a create, a copy and a replay as the text that was sent',
      (host) => {
        fc.assert(
          fc.property(jsonContainerText, (text) => createdCopiedReplayed(host, text)),
          { seed: 8259, numRuns: 50 }
        )
      },
      UNLIMITED
    )
  })
}

function roundTrip(host: EngineHost, session_id: string, text: string): void {
  const message = rawState(session_id, text, 'workspace_context')
  host.done('update_session_state', message)
  expect(stateText(host, session_id, 'workspace_context')).toBe(text)
}

function createdCopiedReplayed(host: EngineHost, text: string): void {
  const message = `{"client_id":"${CLIENT}","object_registry":${text}}`
  const { session_id } = host.done('create_session', message).result
  expect(stateText(host, session_id, 'object_registry')).toBe(text)
  const lost = rawState(session_id, text, 'state_data', ',"if_revision":9,"on_conflict":"copy"')
  const copy = host.done('update_session_state', lost).result.session_id
  const key = { key: copy }
  const first = host.done('restore_session', { session_id: copy }, key)
  expect(first.member('object_registry')).toBe(text)
  expect(host.done('restore_session', { session_id: copy }, key).text).toBe(first.text)
  for (const id of [session_id, copy]) host.done('close_session', { session_id: id })
}
