// The parameters of a message in dialects A and B.

import { describe, expect, it } from 'vitest'
import { COMPONENTS } from '../../src/protocol/components.ts'
import { MAX_NESTING } from '../../src/protocol/limits.ts'
import { readMessage } from '../../src/protocol/message.ts'
import { ENVELOPE_KEYS } from '../../src/protocol/message-parameters.ts'

const parametersOf = (text: string) => {
  const { message } = readMessage(text)
  return message.ok ? { ...message.value.parameters } : undefined
}

const failureOf = (text: string) => {
  const { message } = readMessage(text)
  return message.ok ? undefined : message.failure
}

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

describe('dialect A', () => {
  it('carries its parameters under parameters', () => {
    expect(parametersOf('{"command":"x","parameters":{"a":1,"b":[true]}}')).toEqual({
      a: 1,
      b: [true],
    })
  })

  it.each([['{"command":"x"}'], ['{"command":"x","parameters":null}']])(
    'may leave them out: %s',
    (text) => {
      expect(parametersOf(text)).toEqual({})
    }
  )

  it.each([['[]'], ['"a"'], ['7'], ['true']])('is refused with %s as parameters', (given) => {
    expect(failureOf(`{"command":"x","parameters":${given}}`)).toEqual({
      reason: 'invalid_request',
      detail: 'parameters is an object',
    })
  })
})

describe('dialect B', () => {
  it('has its parameters beside the command', () => {
    expect(parametersOf('{"command":"x","client_id":"c","session_id":"s"}')).toEqual({
      client_id: 'c',
      session_id: 's',
    })
  })

  it.each([...ENVELOPE_KEYS].filter((key) => key !== 'command' && key !== 'parameters'))(
    'never takes %s of the envelope for a parameter',
    (key) => {
      expect(parametersOf(`{"command":"x","${key}":"1"}`)).toEqual({})
    }
  )

  it('has exactly these envelope keys', () => {
    expect([...ENVELOPE_KEYS].sort()).toEqual([
      'auth_token',
      'command',
      'id',
      'idempotency_key',
      'meta',
      'parameters',
      'timestamp',
      'traceparent',
      'version',
    ])
  })

  it('may be mixed with dialect A', () => {
    expect(parametersOf('{"command":"x","a":1,"parameters":{"b":2}}')).toEqual({ a: 1, b: 2 })
  })

  it('may repeat a parameter with an equal value, however that is spelled', () => {
    const text = '{"command":"x","a":{"b": 1.0},"parameters":{"a":{"b":1}}}'
    expect(parametersOf(text)).toEqual({ a: { b: 1 } })
  })

  it('is refused for a parameter given twice with different values', () => {
    expect(failureOf('{"command":"x","a":1,"parameters":{"a":2}}')).toEqual({
      reason: 'invalid_parameter',
      path: 'a',
      detail: 'it is given twice with different values',
    })
  })

  it('tells apart states whose integers differ beyond 2^53', () => {
    const text =
      '{"command":"x","state_data":[9007199254740993],"parameters":{"state_data":[9007199254740992]}}'
    expect(failureOf(text)).toMatchObject({ reason: 'invalid_parameter', path: 'state_data' })
  })
})

describe('a parameter that is null', () => {
  it('is absent in both dialects', () => {
    expect(parametersOf('{"command":"x","a":null,"parameters":{"b":null,"c":0}}')).toEqual({ c: 0 })
  })

  it('is absent as a component too', () => {
    expect(parametersOf('{"command":"x","parameters":{"state_data":null}}')).toEqual({})
  })
})

describe('opaque parameters', () => {
  it.each(['state_data', ...COMPONENTS])('arrive as the text that came: %s', (name) => {
    const text = '{ "n": 12345678901234567890, "z": -0, "__proto__" : {"a":1}, "a": "\\u00e9" }'
    expect(parametersOf(`{"command":"x","parameters":{"${name}": ${text} }}`)).toEqual({
      [name]: text,
    })
    expect(parametersOf(`{"command":"x", "${name}" :${text}}`)).toEqual({ [name]: text })
  })
})

describe('components by name', () => {
  it('arrive as the text that came', () => {
    const text = '{ "session_state" : { "n": 12345678901234567890, "z": -0 }, "__proto__": {} }'
    expect(parametersOf(`{"command":"x","parameters":{"components": ${text} }}`)).toEqual({
      components: text,
    })
    expect(parametersOf(`{"command":"x", "components" :${text}}`)).toEqual({ components: text })
  })

  it('are told apart to the letter when they are given twice', () => {
    const [a, b] = ['{"session_state":[9007199254740993]}', '{"session_state":[9007199254740992]}']
    expect(
      failureOf(`{"command":"x","components":${a},"parameters":{"components":${b}}}`)
    ).toMatchObject({ reason: 'invalid_parameter', path: 'components' })
  })

  it('are a plain list where only names are asked for', () => {
    expect(parametersOf('{"command":"x","components":["session_state"]}')).toEqual({
      components: ['session_state'],
    })
  })

  it.each([
    (text: string) => `{"command":"x","parameters":{"components":{"session_state":${text}}}}`,
    (text: string) => `{"command":"x","components":{"session_state":${text}}}`,
  ])(`nest as deeply as a component does by itself: case %#`, (spelled) => {
    expect(parametersOf(spelled(nested(MAX_NESTING)))).toBeDefined()
    expect(failureOf(spelled(nested(MAX_NESTING + 1)))).toMatchObject({ path: 'components' })
  })
})

describe('nesting', () => {
  it(`is taken up to ${MAX_NESTING} levels in one parameter, in both dialects`, () => {
    const text = nested(MAX_NESTING)
    expect(parametersOf(`{"command":"x","parameters":{"state_data":${text}}}`)).toBeDefined()
    expect(parametersOf(`{"command":"x","state_data":${text}}`)).toBeDefined()
  })

  it.each([
    ['A', `{"command":"x","parameters":{"a":1,"state_data":${nested(MAX_NESTING + 1)}}}`],
    ['B', `{"command":"x","a":1,"state_data":${nested(MAX_NESTING + 1)}}`],
  ])('is refused one level deeper in dialect %s, and the parameter is named', (_, text) => {
    expect(failureOf(text)).toEqual({
      reason: 'invalid_parameter',
      path: 'state_data',
      detail: 'it nests deeper than 64 levels',
    })
  })

  it('is refused however deep it goes', () => {
    expect(failureOf(`{"command":"x","a":${nested(500_000)}}`)).toMatchObject({
      reason: 'invalid_parameter',
      path: 'a',
    })
  })
})

describe('half a surrogate pair', () => {
  it.each([
    ['{"command":"x","parameters":{"a":{"b":["ok","\\ud800"]}}}', 'a.b.1'],
    ['{"command":"x","name":"\\uDFFF"}', 'name'],
    ['{"command":"x","parameters":{"state_data":{"\\ud800":1}}}', 'state_data'],
    ['{"command":"x","idempotency_key":"\\ud800"}', 'idempotency_key'],
  ])('is refused with its path: %s', (text, path) => {
    expect(failureOf(text)).toMatchObject({ reason: 'invalid_parameter', path })
  })

  it('is taken when it is whole or only spelled like one', () => {
    expect(parametersOf('{"command":"x","a":"\\ud83d\\ude00"}')).toEqual({ a: '😀' })
    expect(parametersOf('{"command":"x","a":"\\\\ud800"}')).toEqual({ a: '\\ud800' })
  })
})

describe('keys that JavaScript treats specially', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'are plain names: %s',
    (key) => {
      for (const text of [
        `{"command":"x","${key}":{"polluted":true}}`,
        `{"command":"x","parameters":{"${key}":{"polluted":true}}}`,
      ]) {
        const { message } = readMessage(text)
        expect(message.ok && Object.keys(message.value.parameters)).toEqual([key])
      }
      expect({}).not.toHaveProperty('polluted')
    }
  )
})
