// Reading messages: whatever arrives gets an id to answer to, and a call or a failure.

import { describe, expect, it } from 'vitest'
import { MAX_ID_LENGTH, MAX_MEMBERS } from '../../src/protocol/limits.ts'
import { readMessage } from '../../src/protocol/message.ts'

const failureOf = (text: string) => {
  const { message } = readMessage(text)
  return message.ok ? undefined : message.failure
}

const messageOf = (text: string) => {
  const { message } = readMessage(text)
  return message.ok ? message.value : undefined
}

describe('the id of a message', () => {
  it.each([
    ['"update-001"'],
    ['1'],
    ['0'],
    ['-0'],
    ['1.50'],
    ['1e400'],
    ['12345678901234567890'],
    ['"\\u00e9"'],
    ['"é"'],
    ['"\\ud83d\\ude00"'],
    [`"${'x'.repeat(MAX_ID_LENGTH)}"`],
  ])('comes back to the letter: %s', (id) => {
    const reading = readMessage(`{"id": ${id} ,"command":"ping"}`)
    expect(reading.id).toBe(id)
    expect(reading.message.ok).toBe(true)
  })

  it.each([['{"command":"ping"}'], ['{"id":null,"command":"ping"}']])(
    'is null in the reply where none was sent: %s',
    (text) => {
      expect(readMessage(text)).toMatchObject({ id: 'null', message: { ok: true } })
    }
  )

  it.each([
    ['""'],
    ['true'],
    ['{}'],
    ['[1]'],
    ['"\\ud800"'],
    [`"${'x'.repeat(MAX_ID_LENGTH + 1)}"`],
    ['9'.repeat(MAX_ID_LENGTH + 1)],
  ])('is refused, and answered with null, where it is no id: %s', (id) => {
    expect(readMessage(`{"id":${id},"command":"ping"}`)).toMatchObject({
      id: 'null',
      message: { failure: { reason: 'invalid_request', detail: expect.stringContaining('id is') } },
    })
  })

  it('is known even where the rest of the message is refused', () => {
    expect(readMessage('{"id":7,"command":5}')).toMatchObject({
      id: '7',
      message: { failure: { reason: 'invalid_request' } },
    })
  })

  it('is the last one where it is given twice', () => {
    expect(readMessage('{"id":1,"id":"two","command":"ping"}').id).toBe('"two"')
  })
})

describe('the envelope', () => {
  it.each([['[]'], ['"ping"'], ['7'], ['null'], ['true']])(
    'is one JSON object, so %s is refused',
    (text) => {
      expect(failureOf(text)).toMatchObject({ reason: 'invalid_request' })
    }
  )

  it.each([
    ['{}'],
    ['{"command":""}'],
    ['{"command":null}'],
    ['{"command":{}}'],
    ['{"Command":1}'],
  ])('names a command, so %s is refused', (text) => {
    expect(failureOf(text)).toMatchObject({ reason: 'invalid_request' })
  })

  it.each([['"1"'], ['"1.0"'], ['"1.0.0"'], ['"1.99.7"'], ['1'], ['1.5'], ['null']])(
    'may name version %s: only the major part counts',
    (version) => {
      expect(messageOf(`{"command":"ping","version":${version}}`)).toBeDefined()
    }
  )

  it.each([['"2"'], ['"0.9"'], ['2'], ['"v1"'], ['""'], ['{}'], ['[]'], ['true'], ['"11"']])(
    'is refused for version %s',
    (version) => {
      expect(failureOf(`{"command":"ping","version":${version}}`)).toMatchObject({
        reason: 'unsupported_version',
        supported: ['1.0.0'],
      })
    }
  )

  it('carries an idempotency key of 1 to 255 characters', () => {
    const key = 'k'.repeat(MAX_ID_LENGTH)
    expect(messageOf(`{"command":"ping","idempotency_key":"${key}"}`)).toMatchObject({
      idempotencyKey: key,
    })
    expect(messageOf('{"command":"ping","idempotency_key":null}')).not.toHaveProperty(
      'idempotencyKey'
    )
  })

  it.each([['""'], ['7'], ['{}'], ['true'], [`"${'k'.repeat(MAX_ID_LENGTH + 1)}"`]])(
    'is refused for the idempotency key %s',
    (key) => {
      expect(failureOf(`{"command":"ping","idempotency_key":${key}}`)).toMatchObject({
        reason: 'invalid_request',
        detail: expect.stringContaining('idempotency_key'),
      })
    }
  )

  it('counts the last of two equal keys', () => {
    expect(messageOf('{"command":"ping","command":"describe"}')?.command).toBe('describe')
    const twice = '{"command":"x","parameters":{"a":1},"parameters":{"a":2,"a":3}}'
    expect(messageOf(twice)?.parameters).toEqual({ a: 3 })
  })

  it('is found by its decoded keys', () => {
    expect(messageOf('{"\\u0063ommand":"ping"}')?.command).toBe('ping')
  })
})

describe('the token of a message', () => {
  const tokenOf = (members: string) => messageOf(`{"command":"ping",${members}}`)

  it.each([
    ['"auth_token":"t"'],
    ['"parameters":{"auth_token":"t"}'],
    ['"auth_token":"t","parameters":{"auth_token":"t"}'],
    ['"auth_token":null,"parameters":{"auth_token":"t"}'],
    ['"auth_token":"t","parameters":null'],
  ])('is read apart from the parameters: %s', (members) => {
    expect(tokenOf(members)).toEqual({ command: 'ping', parameters: {}, authToken: 't' })
  })

  it.each([['"a":1'], ['"auth_token":null'], ['"parameters":{"auth_token":null}']])(
    'is absent where none was sent: %s',
    (members) => {
      expect(tokenOf(members)).not.toHaveProperty('authToken')
    }
  )

  it.each([['7'], ['{}'], ['["t"]'], ['true'], ['""']])(
    'is one that nobody takes where it is no text, not absent: %s',
    (token) => {
      expect(tokenOf(`"auth_token":${token}`)).toMatchObject({ authToken: '' })
      expect(tokenOf(`"parameters":{"auth_token":${token}}`)).toMatchObject({ authToken: '' })
    }
  )

  it('is refused if it is given twice, without being repeated', () => {
    const text = '{"command":"ping","auth_token":"one","parameters":{"auth_token":"two"}}'
    expect(failureOf(text)).toEqual({
      reason: 'invalid_parameter',
      path: 'auth_token',
      detail: 'it is given twice with different values',
    })
  })
})

describe('an object with more members than may be', () => {
  const members = (count: number) =>
    Array.from({ length: count }, (_, n) => `"k${n}":${n}`).join(',')
  const request = (params: string, more = '') =>
    `{"id":1,${more}"payload":{"type":"Request","data":{"request_type":"Ping","params":${params}}}}`

  it.each([
    ['a flat message', `{"command":"ping",${members(MAX_MEMBERS)}}`],
    ['parameters', `{"command":"ping","parameters":{${members(MAX_MEMBERS + 1)}}}`],
    [
      'members that repeat',
      `{"command":"ping","parameters":{${'"a":1,'.repeat(MAX_MEMBERS)}"a":2}}`,
    ],
    ['the parameters of dialect C', request(`{${members(MAX_MEMBERS + 1)}}`)],
    ['an envelope of dialect C', request('{}', `${members(MAX_MEMBERS)},`)],
    [
      'a message of dialect D',
      `{${members(MAX_MEMBERS)},"request_type":"Ping","params":{"message":"x"}}`,
    ],
  ])('is refused: %s', (_, text) => {
    expect(failureOf(text)).toMatchObject({
      reason: 'invalid_request',
      detail: expect.stringContaining(`${MAX_MEMBERS} members`),
    })
  })

  it('may be a state: only the envelope and its parameters are looked at', () => {
    const state = `{${members(MAX_MEMBERS + 1)}}`
    expect(
      messageOf(`{"command":"ping","parameters":{"state_data":${state}}}`)?.parameters
    ).toEqual({
      state_data: state,
    })
    expect(messageOf(`{"command":"ping","parameters":{${members(MAX_MEMBERS)}}}`)).toBeDefined()
  })
})

describe('text that is not JSON', () => {
  it.each([
    ['', 'it is empty'],
    ['  \n', 'it is empty'],
    ['{"command":', 'it ends too early'],
    ['{"command"', 'it ends too early'],
    ['ping', 'it holds an unexpected character'],
    ['{"a":1,}', 'unexpected character at 7'],
    ["{'a':1}", 'unexpected character at 1'],
    ['\ufeff{"command":"ping"}', 'it holds an unexpected character'],
  ])('is refused and told where reading stopped: %j', (text, detail) => {
    expect(readMessage(text)).toMatchObject({
      id: 'null',
      message: { ok: false, failure: { reason: 'parse_error', detail } },
    })
  })

  it('is never quoted in the refusal', () => {
    const secret = 'hunter2'
    expect(JSON.stringify(failureOf(`{"token": ${secret}}`))).not.toContain(secret)
  })

  it('may be 2 MiB of opening brackets', () => {
    expect(failureOf('['.repeat(2 * 1024 * 1024))).toMatchObject({ reason: 'parse_error' })
  })
})
