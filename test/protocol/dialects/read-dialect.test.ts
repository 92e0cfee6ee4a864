// Dialects C and D mean what dialect A means, to the letter of every state.

import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../src/protocol/commands/index.ts'
import { pascalCase, snakeCase } from '../../../src/protocol/dialects/dialect.ts'
import { MAX_NESTING } from '../../../src/protocol/limits.ts'
import { readMessage } from '../../../src/protocol/message.ts'

const enveloped = (data: string, more = '') =>
  `{"id":"m-1","version":"1.0.0","timestamp":"2025-08-30T10:30:00Z",${more}"payload":{"type":"Request","data":${data}}}`

describe('the name of a command', () => {
  it.each(COMMANDS.map(({ name }) => [name]))('is the same in both cases: %s', (name) => {
    expect(snakeCase(pascalCase(name))).toBe(name)
    expect(snakeCase(name)).toBe(name)
  })
})

describe.each([
  ['C', enveloped],
  ['D', (data: string) => data],
])('a message of dialect %s', (dialect, spelled) => {
  const spelling = dialect === 'C' ? 'enveloped' : 'typed'

  it('is the command that its request type names', () => {
    const text = spelled('{"request_type":"CreateSession","params":{"client_id":"c1"}}')
    expect(readMessage(text)).toEqual({
      id: dialect === 'C' ? '"m-1"' : 'null',
      dialect: { spelling, request_type: 'CreateSession' },
      message: {
        ok: true,
        value: { command: 'create_session', parameters: { client_id: 'c1' } },
      },
    })
  })

  it('may name it in snake_case, and leave its parameters out', () => {
    for (const data of ['{"request_type":"ping"}', '{"request_type":"ping","params":null}']) {
      expect(readMessage(spelled(data)).message).toEqual({
        ok: true,
        value: { command: 'ping', parameters: {} },
      })
    }
  })

  it('keeps the text of a state', () => {
    const state = '{"n": 12345678901234567890, "__proto__": [-0, 1.50], "é": "\\u00e9"}'
    const text = spelled(`{"params":{"state_data":${state}},"request_type":"UpdateSessionState"}`)
    const { message } = readMessage(text)
    expect(message.ok && message.value.parameters.state_data).toBe(state)
  })

  it('may nest as deep as in any dialect, and no deeper', () => {
    const nested = (levels: number) =>
      spelled(
        `{"request_type":"UpdateSessionState","params":{"state_data":${'['.repeat(levels)}${']'.repeat(levels)}}}`
      )
    expect(readMessage(nested(MAX_NESTING)).message.ok).toBe(true)
    expect(readMessage(nested(MAX_NESTING + 1)).message).toMatchObject({
      failure: { reason: 'invalid_parameter', path: 'state_data' },
    })
  })

  it('takes a token out of the parameters', () => {
    const text = spelled(
      '{"request_type":"ValidateFeatureAccess","params":{"auth_token":"secret","feature":"f"}}'
    )
    expect(readMessage(text).message).toMatchObject({
      value: { authToken: 'secret', parameters: { feature: 'f' } },
    })
  })

  it.each([['{"request_type":7}'], ['{"request_type":""}'], ['{"params":{}}']])(
    'without a request type is told how to send one: %s',
    (data) => {
      const { message } = readMessage(spelled(data))
      expect(message).toMatchObject({ failure: { reason: 'invalid_request' } })
      if (dialect === 'C') {
        expect(message).toMatchObject({
          failure: { detail: expect.stringContaining('request_type is missing') },
        })
      }
    }
  )

  it('is refused for parameters that are no object', () => {
    expect(readMessage(spelled('{"request_type":"Ping","params":[1]}')).message).toMatchObject({
      failure: { reason: 'invalid_request', detail: 'parameters is an object' },
    })
  })
})

describe('an envelope', () => {
  it('may carry a key for repetitions and a token', () => {
    const text = enveloped('{"request_type":"Ping"}', '"idempotency_key":"k","auth_token":"t",')
    expect(readMessage(text).message).toMatchObject({
      value: { idempotencyKey: 'k', authToken: 't' },
    })
  })

  it('of another major version is refused in its own dialect', () => {
    const text = enveloped('{"request_type":"Ping"}').replace('1.0.0', '2.0.0')
    expect(readMessage(text)).toMatchObject({
      dialect: { spelling: 'enveloped' },
      message: { failure: { reason: 'unsupported_version' } },
    })
  })

  it('that holds no request is no command of ours, whatever it holds', () => {
    const text = '{"id":1,"payload":{"type":"HeartBeat","data":{"request_type":"Ping"}}}'
    expect(readMessage(text)).toMatchObject({
      dialect: { request_type: 'HeartBeat' },
      message: { value: { command: 'heart_beat' } },
    })
  })
})
