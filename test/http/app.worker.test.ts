// The door, inside workerd: its paths and what every answer carries.

import { exports } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import openapi from '../../src/protocol/openapi.json'
import { describeCommands } from '../../src/protocol/reference.ts'
import { answerOf, ask, newClient } from '../support/worker.ts'

const get = (path: string, init?: RequestInit) =>
  exports.default.fetch(new Request(`http://localhost${path}`, init))

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

describe('GET /healthz', () => {
  it('tells that the process runs', async () => {
    const response = await get('/healthz')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ok', version: '0.1.0', configured: true })
  })
})

describe('GET /readyz', () => {
  it('tells that the Worker serves', async () => {
    const response = await get('/readyz')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ready', version: '0.1.0' })
  })
})

describe('GET /openapi.json', () => {
  it('serves the document that is printed in the repository', async () => {
    const response = await get('/openapi.json')
    expect(await response.json()).toEqual(openapi)
  })
})

describe('GET /v1/describe', () => {
  it('describes all commands, or one', async () => {
    expect(await (await get('/v1/describe')).json()).toEqual(describeCommands())
    expect(await (await get('/v1/describe?command=ping')).json()).toEqual(describeCommands('ping'))
  })

  it('answers the same as the command describe', async () => {
    const { reply } = await ask({ command: 'describe', parameters: { command: 'ping' } })
    expect(reply.result).toEqual(describeCommands('ping'))
  })

  it('refuses a command that nobody knows, and repeats no more than 64 characters of it', async () => {
    const { status, reply } = await answerOf(await get(`/v1/describe?command=${'x'.repeat(500)}`))
    expect(status).toBe(400)
    expect(reply).toMatchObject({ id: null, error_code: 'unknown_command' })
    expect(reply.details?.command).toBe('x'.repeat(64))
  })
})

describe('a path or method that is not served', () => {
  it.each([
    '/v1',
    '/panel/',
    '/panel/nothing.js',
    '/v1/messages/',
    '/v2/messages',
    '/favicon.ico',
    '/v1/describe/ping',
  ])('is answered with 404 in an envelope: %s', async (path) => {
    const { status, reply } = await answerOf(await get(path))
    expect(status).toBe(404)
    expect(reply).toMatchObject({ id: null, status: 'error', error_code: 'invalid_request' })
  })

  it.each([
    ['/v1/messages', 'GET', 'POST'],
    ['/v1/messages', 'PUT', 'POST'],
    ['/v1/messages', 'OPTIONS', 'POST'],
    ['/v1/describe', 'POST', 'GET, HEAD'],
    ['/openapi.json', 'DELETE', 'GET, HEAD'],
    ['/healthz', 'POST', 'GET, HEAD'],
    ['/readyz', 'POST', 'GET, HEAD'],
  ])('is answered with 405 and what is taken instead: %s %s', async (path, method, allow) => {
    const { status, headers, reply } = await answerOf(await get(path, { method }))
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe(allow)
    expect(reply).toMatchObject({ id: null, error_code: 'invalid_request' })
  })
})

describe('every answer', () => {
  const requests: [string, string, RequestInit][] = [
    ['a health check', '/healthz', {}],
    ['the openapi document', '/openapi.json', {}],
    ['a description', '/v1/describe', {}],
    ['a refused description', '/v1/describe?command=pong', {}],
    ['an unknown path', '/nothing', {}],
    ['another method', '/v1/messages', {}],
    ['a success', '/v1/messages', { method: 'POST', body: '{"command":"ping"}' }],
    ['a refusal', '/v1/messages', { method: 'POST', body: '{' }],
  ]

  it.each(requests)('is JSON, timed, named and never cached: %s', async (_, path, init) => {
    const { headers } = await get(path, init)
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('server-timing')).toMatch(/^total;dur=\d+(\.\d+)?$/)
    expect(headers.get('x-request-id')).toMatch(UUID)
  })

  it.each(requests)('takes over a request id and passes a trace on: %s', async (_, path, init) => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const { headers } = await get(path, {
      ...init,
      headers: { 'x-request-id': 'tui:42.a_b-c', traceparent },
    })
    expect(headers.get('x-request-id')).toBe('tui:42.a_b-c')
    expect(headers.get('traceparent')).toBe(traceparent)
  })

  it.each([['a b'], ['<script>'], ['x'.repeat(129)], ['é'], ['"'], ['{"event":"fault"}']])(
    'has a request id of its own where the given one could do harm: case %#',
    async (given) => {
      const { headers, reply } = await ask({ command: 'ping' }, { 'x-request-id': given })
      expect(headers.get('x-request-id')).toMatch(UUID)
      expect(reply.meta?.request_id).toBe(headers.get('x-request-id'))
    }
  )

  it.each([['00-xyz'], ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more']])(
    'drops a trace that is none: %s',
    async (traceparent) => {
      const { headers } = await ask({ command: 'ping' }, { traceparent })
      expect(headers.has('traceparent')).toBe(false)
    }
  )

  it('says in meta which request it was', async () => {
    const { reply } = await ask({ command: 'ping' }, { 'x-request-id': 'r-1' })
    expect(reply.meta).toEqual({ request_id: 'r-1' })
    const created = await ask({ command: 'create_session', client_id: newClient() })
    expect(created.reply.meta).toMatchObject({ persistence: 'durable' })
  })
})
