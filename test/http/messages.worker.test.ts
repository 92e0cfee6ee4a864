// POST /v1/messages: one envelope in, one envelope out, whatever arrives.

import { describe, expect, it } from 'vitest'
import { MAX_MESSAGE_BYTES } from '../../src/protocol/limits.ts'
import { ask, newClient, newSession, post, run } from '../support/worker.ts'

describe('a message', () => {
  it('is answered in its own id, in both dialects', async () => {
    const canonical = await post(
      '{"id":12345678901234567890,"command":"ping","parameters":{"message":"hi"}}'
    )
    expect(canonical.status).toBe(200)
    expect(canonical.text).toMatch(/^\{"id":12345678901234567890,"status":"success"/)
    const flat = await ask({ command: 'ping', message: 'hi' })
    expect(flat.reply).toMatchObject({ id: null, result: { message: 'hi', status: 'ready' } })
  })

  it('may begin with a byte order mark', async () => {
    expect((await post('\ufeff{"command":"ping"}')).status).toBe(200)
  })

  it('is told which of its parameters are unknown, in both dialects', async () => {
    for (const message of [
      { command: 'ping', parameters: { colour: 'red', message: 'x' } },
      { command: 'ping', colour: 'red', message: 'x' },
    ]) {
      const { reply } = await ask(message)
      expect(reply.meta?.warnings).toEqual(['Unknown parameter colour was ignored.'])
    }
  })

  it('keeps its state to the letter', async () => {
    const session_id = await newSession()
    const state =
      '{ "big": 12345678901234567890, "zero": -0, "__proto__": {"a": "\\u00e9"}, "a": 1.50 }'
    const updated = await post(
      `{"command":"update_session_state","session_id":"${session_id}","state_data":${state}}`
    )
    expect(updated.text).toContain(`"session_state":${state},`)
    const restored = await ask({ command: 'restore_session', session_id })
    expect(restored.text).toContain(`"session_state":${state},`)
  })
})

describe('a body that is no message', () => {
  it.each([
    ['is empty', ''],
    ['is absent', null],
    ['is not JSON', 'ping'],
    ['is not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
    ['ends in the middle of a character', new Uint8Array([0x22, 0xc3])],
  ])('is refused as parse_error: it %s', async (_, body) => {
    const { status, reply } = await post(body)
    expect(status).toBe(400)
    expect(reply).toMatchObject({ id: null, error_code: 'parse_error', error_type: 'Error' })
  })

  it('is refused with what it is, if it is JSON but no request', async () => {
    const { status, reply } = await post('[1,2]')
    expect(status).toBe(400)
    expect(reply).toMatchObject({ id: null, error_code: 'invalid_request' })
  })
})

describe('a body that is too large', () => {
  const tooLarge = { error_code: 'payload_too_large', details: { limit: MAX_MESSAGE_BYTES } }

  it('is refused by its announced length', async () => {
    const { status, reply } = await post('x'.repeat(MAX_MESSAGE_BYTES + 1))
    expect(status).toBe(413)
    expect(reply).toMatchObject({ ...tooLarge, id: null })
  })

  it('is refused while it streams in without an announced length', async () => {
    const { status, reply } = await post(endlessBody())
    expect(status).toBe(413)
    expect(reply).toMatchObject(tooLarge)
  })

  it('is taken up to the last byte', async () => {
    const head = '{"command":"ping","padding":"'
    const body = `${head}${'x'.repeat(MAX_MESSAGE_BYTES - head.length - 2)}"}`
    expect((await post(body)).status).toBe(200)
    const chunked = new Blob([body]).stream()
    expect((await post(chunked)).status).toBe(200)
  })
})

describe('the Idempotency-Key header', () => {
  const header = { 'idempotency-key': 'key-1' }

  it('makes a repeated request one effect', async () => {
    const message = { command: 'create_session', parameters: { client_id: newClient() } }
    const first = await ask(message, header)
    const second = await ask(message, header)
    expect(second.reply.result).toEqual(first.reply.result)
    expect(second.reply.meta).toMatchObject({ replayed: true })
    expect(first.reply.meta).not.toHaveProperty('replayed')
  })

  it('gives way to the key of the message itself', async () => {
    const client_id = newClient()
    const message = { command: 'create_session', idempotency_key: 'own', parameters: { client_id } }
    const first = await ask(message, { 'idempotency-key': 'one' })
    const second = await ask(message, { 'idempotency-key': 'two' })
    expect(second.reply.result?.session_id).toBe(first.reply.result?.session_id)
  })

  it('is not taken if it is longer than a key may be', async () => {
    const message = { command: 'create_session', parameters: { client_id: newClient() } }
    const long = { 'idempotency-key': 'k'.repeat(256) }
    const first = await ask(message, long)
    const second = await ask(message, long)
    expect(second.reply.result?.session_id).not.toBe(first.reply.result?.session_id)
  })
})

describe('a client', () => {
  it('that waits as long as Retry-After says is told so in both places', async () => {
    const client_id = newClient()
    for (let n = 0; n < 5; n += 1) {
      const { session_id } = await run('create_session', { client_id })
      await run('close_session', { session_id })
    }
    const { status, headers, reply } = await ask({ command: 'create_session', client_id })
    expect(status).toBe(429)
    expect(reply.error_code).toBe('rate_limited')
    const seconds = Number(headers.get('retry-after'))
    expect(seconds).toBe(Math.ceil(Number(reply.details?.retry_after_ms) / 1000))
    expect(seconds).toBeGreaterThan(0)
  })

  it('is named in every answer that concerns it, but not where its id is none', async () => {
    const client_id = newClient()
    const created = await ask({ command: 'create_session', client_id })
    expect(created.reply.client_id).toBe(client_id)
    const refused = await ask({ command: 'list_client_sessions', client_id, limit: 0 })
    expect(refused.reply).toMatchObject({ status: 'error', client_id })
    const unnamed = await ask({ command: 'create_session', client_id: 'a b' })
    expect(unnamed.reply).toMatchObject({ error_code: 'invalid_client_id' })
    expect(unnamed.reply).not.toHaveProperty('client_id')
  })
})

/** Gives one chunk after another for ever. */
function endlessBody(): ReadableStream<Uint8Array> {
  const chunk = new TextEncoder().encode('x'.repeat(256 * 1024))
  return new ReadableStream({ pull: (controller) => controller.enqueue(chunk) })
}

describe('the X-Delivery-Id header', () => {
  const create = (client_id: string) => ({ id: 'd', command: 'create_session', client_id })
  const list = async (client_id: string) =>
    (await ask({ command: 'list_client_sessions', client_id })).reply.result?.session_count

  it('makes the attempts at one delivery one request, whatever happened in between', async () => {
    const client_id = newClient()
    const delivery = { 'x-delivery-id': 'one' }
    const first = await ask(create(client_id), delivery)
    await ask({ command: 'close_session', session_id: first.reply.result?.session_id })
    const again = await ask(create(client_id), delivery)
    expect(again.reply.meta?.replayed).toBe(true)
    expect(again.reply.result).toEqual(first.reply.result)
    expect(await list(client_id)).toBe(0)
  })

  it('leaves a repeated message known by its id', async () => {
    const client_id = newClient()
    await ask(create(client_id), { 'x-delivery-id': 'one' })
    const again = await ask(create(client_id), { 'x-delivery-id': 'two' })
    expect(again.reply.meta?.replayed).toBe(true)
    expect(await list(client_id)).toBe(1)
  })
})

describe('the X-Target-Session header', () => {
  it('leads acknowledged work to another session, and nothing else', async () => {
    const client_id = newClient()
    const created = async (id: string) => {
      const { reply } = await ask({ id, command: 'create_session', client_id })
      return String(reply.result?.session_id)
    }
    const [session_id, target] = [await created('a'), await created('b')]
    const update = { command: 'update_session_state', session_id, state_data: { n: 1 } }
    const toTarget = { 'x-target-session': target }
    const acknowledged = await ask(update, { ...toTarget, 'x-base-revision': '1' })
    expect(acknowledged.reply.result).toMatchObject({ session_id: target, revision: 2 })
    const alone = await ask({ ...update, state_data: { n: 2 } }, toTarget)
    expect(alone.reply.result).toMatchObject({ session_id, revision: 2 })
  })
})
