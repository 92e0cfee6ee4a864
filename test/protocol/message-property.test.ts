// What holds for every text that may arrive.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseParameters, unknownParameters } from '../../src/protocol/command.ts'
import { COMMANDS } from '../../src/protocol/commands/index.ts'
import { readMessage } from '../../src/protocol/message.ts'
import { findCommand } from '../../src/protocol/registry.ts'
import { spelledContainer, spelledObject, spelledValue } from './spelled-json.ts'

const key = fc.constantFrom('__proto__', 'constructor', 'toString', 'client_id', 'session_id', 'x')

describe('every text', () => {
  it('is read without a throw, and gives an id that is valid JSON', () => {
    const anything = fc.oneof(spelledValue, spelledObject, fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(anything, (text) => {
        const { id } = readMessage(text)
        expect(['string', 'number', 'object']).toContain(typeof JSON.parse(id))
      }),
      { numRuns: 500 }
    )
  })

  it('gives the id back to the letter when that is a short string or number', () => {
    fc.assert(
      fc.property(spelledValue, (id) => {
        const isId = /^("(.|\n)|-?\d)/.test(id) && id !== '""'
        const reading = readMessage(`{"id":${id},"command":"ping"}`)
        if (isId) expect(reading.id).toBe(id)
        else expect(reading.id).toBe('null')
      }),
      { numRuns: 500 }
    )
  })
})

describe('every state', () => {
  it('comes through as the exact text, in both dialects', () => {
    fc.assert(
      fc.property(spelledContainer, (text) => {
        for (const message of [
          `{"command":"x","parameters":{"state_data" : ${text}\n}}`,
          `{"command":"x", "state_data":\t${text} }`,
        ]) {
          const read = readMessage(message).message
          expect(read.ok && read.value.parameters.state_data).toBe(text)
        }
      }),
      { numRuns: 500 }
    )
  })
})

describe('every set of parameters', () => {
  it('is accepted or refused by every command without a throw and without harm', () => {
    const members = fc.array(fc.tuple(key, spelledValue), { maxLength: 4 })
    fc.assert(
      fc.property(members, fc.constantFrom(...COMMANDS), (given, { name }) => {
        const body = given.map(([member, value]) => `"${member}":${value}`).join(',')
        const read = readMessage(`{"command":"${name}","parameters":{${body}}}`).message
        const command = findCommand(name)
        if (!read.ok || command === undefined) return
        const parsed = parseParameters(command, read.value.parameters)
        expect(Object.getPrototypeOf(parsed.ok ? parsed.value : {})).toBe(Object.prototype)
        expect(unknownParameters(command, read.value.parameters)).toBeInstanceOf(Array)
        expect(Object.keys(Object.prototype)).toEqual([])
      }),
      { numRuns: 500 }
    )
  })
})
