// Replies: one envelope for success, one for refusal.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonText } from '../../src/protocol/json-text.ts'
import { errorReply, successReply } from '../../src/protocol/reply.ts'
import { spelledContainer, spelledValue } from './spelled-json.ts'

const json = (text: string) => text as JsonText
const timestamp = '2026-11-21T10:00:00.000Z'

describe('a success', () => {
  it('has the keys of the seeds, and more only where there is something to tell', () => {
    const bare = successReply({ id: json('"1"'), result: json('{}'), timestamp })
    expect(Object.keys(JSON.parse(bare))).toEqual(['id', 'status', 'result', 'timestamp'])
    const full = successReply({
      id: json('"1"'),
      client_id: 'client_001',
      result: json('{}'),
      timestamp,
      meta: { request_id: 'r', persistence: 'durable', replayed: true, warnings: ['w'] },
    })
    expect(JSON.parse(full)).toEqual({
      id: '1',
      status: 'success',
      client_id: 'client_001',
      result: {},
      timestamp,
      meta: { request_id: 'r', persistence: 'durable', replayed: true, warnings: ['w'] },
    })
  })

  it('is valid JSON with the id and the result to the letter', () => {
    fc.assert(
      fc.property(spelledValue, spelledContainer, fc.string(), (id, result, client_id) => {
        const text = successReply({ id: json(id), client_id, result: json(result), timestamp })
        expect(text.startsWith(`{"id":${id},`)).toBe(true)
        expect(text).toContain(`"result":${result},"timestamp"`)
        expect(JSON.parse(text)).toMatchObject({ status: 'success', client_id })
      })
    )
  })

  it('leaves an empty meta out', () => {
    const text = successReply({ id: json('1'), result: json('{}'), timestamp, meta: {} })
    expect(JSON.parse(text)).not.toHaveProperty('meta')
  })
})

describe('a refusal', () => {
  it('has the keys of the seeds and says more beside them', () => {
    const text = errorReply({
      id: json('null'),
      failure: { reason: 'missing_parameter', name: 'session_id' },
      call: { command: 'close_session', client_id: 'client_001' },
      timestamp,
      meta: { request_id: 'r' },
    })
    expect(JSON.parse(text)).toEqual({
      id: null,
      status: 'error',
      client_id: 'client_001',
      error: 'Missing session_id parameter',
      error_type: 'SessionError',
      timestamp,
      error_code: 'missing_parameter',
      details: { name: 'session_id' },
      recovery: [
        {
          label: 'Show the parameters of close_session',
          command: 'describe',
          parameters: { command: 'close_session' },
        },
      ],
      meta: { request_id: 'r' },
    })
  })

  it('is valid JSON whatever it repeats', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (detail) => {
        const failure = { reason: 'invalid_parameter', path: detail, detail } as const
        const text = errorReply({ id: json('1'), failure, timestamp })
        expect(JSON.parse(text)).toMatchObject({ details: { path: detail, detail } })
        expect(text).not.toContain('http_status')
      })
    )
  })
})
