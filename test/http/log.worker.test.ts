// What the Worker logs, and what it must not.

import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { clientObject } from '../../src/client-object/stub.ts'
import type { Env } from '../../src/env.ts'
import type { Answering } from '../../src/protocol/call.ts'
import {
  ask,
  logged,
  logLines,
  newClient,
  newSession,
  post,
  workerWith,
} from '../support/worker.ts'

describe('the log', () => {
  it('has one line for each message, with what an operator needs', async () => {
    const client_id = newClient()
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const body = JSON.stringify({ command: 'create_session', client_id, name: 'né' })
    const { text } = await post(body, { 'x-request-id': 'r-1', traceparent })
    expect(logged('command')).toEqual([
      {
        event: 'command',
        request_id: 'r-1',
        command: 'create_session',
        client_id,
        outcome: 'success',
        status: 200,
        duration_ms: expect.any(Number),
        bytes_in: new TextEncoder().encode(body).length,
        bytes_out: new TextEncoder().encode(text).length,
        replayed: false,
        traceparent,
      },
    ])
  })

  it('names the error code of a refusal', async () => {
    await post('{')
    await ask({ command: 'pong' })
    expect(logged('command').map(({ outcome, status }) => [outcome, status])).toEqual([
      ['parse_error', 400],
      ['unknown_command', 400],
    ])
  })

  it('holds no state, no session id, no parameters and no secrets', async () => {
    const session_id = await newSession({ state_data: { note: 'private-state' } })
    await ask({
      command: 'update_session_state',
      session_id,
      state_data: { note: 'private-state' },
      auth_token: 'private-token',
      name: 'private-name',
    })
    const parameters = { session_id, revision: 99, auth_token: 'private-token' }
    const { text: answer } = await ask({ command: 'restore_session', parameters })
    expect(answer).not.toMatch(/private-token|auth_token/)
    await ask({ command: 'private-state'.repeat(20) })
    const text = logLines().join('\n')
    expect(logged('command')).toHaveLength(4)
    expect(text).not.toContain('private-token')
    expect(text).not.toContain('private-name')
    expect(text).not.toContain(session_id)
    expect(text).not.toContain('"note"')
    expect(text).not.toContain('private-state')
  })
})

describe('a fault', () => {
  it('behind the door is not told as if nothing had happened', async () => {
    const client_id = newClient()
    const door = workerWith({ CLIENTS: { getByName: loses } })
    const message = { command: 'create_session', client_id, idempotency_key: 'k' }
    const { reply } = await ask(message, {}, door)
    expect(reply.error).toContain('Send the same message again')
    expect((await ask(message)).reply.meta).toMatchObject({ replayed: true })
  })

  it('is internal_error to the client, and its text is in the log alone', async () => {
    const door = workerWith({
      CLIENTS: {
        getByName: () => {
          throw new Error('the disk of rack 7 is full')
        },
      },
    })
    const { status, text, reply } = await ask(
      { id: 'f-1', command: 'list_client_sessions', client_id: newClient() },
      { 'x-request-id': 'r-2' },
      door
    )
    expect(status).toBe(500)
    expect(reply).toMatchObject({
      id: 'f-1',
      error_code: 'internal_error',
      error_type: 'RuntimeError',
      meta: { request_id: 'r-2' },
    })
    expect(text).not.toMatch(/rack 7|at |\.ts/)
    expect(logged('fault')).toMatchObject([
      { where: 'http', request_id: 'r-2', error: expect.stringContaining('the disk of rack 7') },
    ])
  })
})

/** The object of a client, whose every answer is lost on its way. */
function loses(name: string): Answering {
  const object = clientObject(env as unknown as Env, name)
  return {
    execute: async (call) => {
      await object.execute(call)
      throw new Error('the connection broke')
    },
  }
}
