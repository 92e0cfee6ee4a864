import { describe, expect, it } from 'vitest'
import { MAX_MESSAGE_BYTES } from '../../src/protocol/limits.ts'
import { NOW, startBridgeFixture } from '../support/bridge-fixture.ts'
import { answerWith } from '../support/http-worker.ts'
import { readReply } from '../support/reply.ts'

const peer = Buffer.from('peer')

describe('a message that the bridge refuses itself', () => {
  it.each([
    ['without a body', [], 'invalid_request'],
    ['with several bodies', ['{"command":"ping"}', '{}'], 'invalid_request'],
    ['with an empty body', [''], 'parse_error'],
    ['that is not JSON', ['{"id":1,'], 'parse_error'],
    ['that is JSON but no object', ['[1]'], 'invalid_request'],
    ['without a command', ['{"id":"7"}'], 'invalid_request'],
    ['of another major version', ['{"command":"ping","version":"2.0.0"}'], 'unsupported_version'],
  ])('%s is answered and never sent on', async (_, bodies, code) => {
    await using fixture = await startBridgeFixture()
    const reply = await fixture.bridge.answer(
      peer,
      bodies.map((body) => Buffer.from(body))
    )
    expect(readReply(reply)).toMatchObject({ status: 'error', error_code: code })
    expect(fixture.worker.requests).toHaveLength(0)
  })

  it('names the commands that may have been meant when it knows none of that name', async () => {
    await using fixture = await startBridgeFixture()
    const reply = await fixture.ask({ id: 7, command: 'create_sesion', parameters: {} })
    expect(reply).toMatchObject({
      id: 7,
      error_type: 'Error',
      error_code: 'unknown_command',
      details: { command: 'create_sesion', did_you_mean: ['create_session', 'restore_session'] },
      timestamp: NOW,
    })
    expect(reply.meta?.request_id).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('repeats no more than the beginning of a long unknown name', async () => {
    await using fixture = await startBridgeFixture()
    const { details } = await fixture.ask({ command: 'x'.repeat(100_000) })
    expect(details?.command).toBe('x'.repeat(64))
  })

  it('is refused as no UTF-8 when its bytes are none', async () => {
    await using fixture = await startBridgeFixture()
    const body = Buffer.concat([
      Buffer.from('{"command":"'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ])
    const reply = readReply(await fixture.bridge.answer(peer, [body]))
    expect(reply).toMatchObject({ id: null, error_code: 'parse_error' })
    expect(reply.error).toContain('it is not UTF-8')
  })

  it('is refused one byte beyond the limit and relayed at the limit', async () => {
    await using fixture = await startBridgeFixture()
    const frame = '{"id":"big","command":"ping","parameters":{"message":""}}'
    const fill = (bytes: number) =>
      Buffer.from(frame.replace('""', `"${'a'.repeat(bytes - frame.length)}"`))
    const refused = readReply(await fixture.bridge.answer(peer, [fill(MAX_MESSAGE_BYTES + 1)]))
    expect(refused).toMatchObject({
      id: null,
      error_code: 'payload_too_large',
      details: { bytes: MAX_MESSAGE_BYTES + 1, limit: MAX_MESSAGE_BYTES },
    })
    const taken = readReply(await fixture.bridge.answer(peer, [fill(MAX_MESSAGE_BYTES)]))
    expect(taken).toMatchObject({ id: 'big', status: 'success' })
    expect(fixture.worker.requests).toHaveLength(1)
  })
})

describe('a message that is relayed', () => {
  it('reaches the service byte for byte', async () => {
    await using fixture = await startBridgeFixture()
    const text =
      ' { "command":"ping",\n "id" : 12345678901234567890, "parameters":{"message":"ü"} }\t'
    await fixture.ask(text)
    const [request] = fixture.worker.requests
    expect(String(request?.body)).toBe(text)
    expect(request?.path).toBe('/v1/messages')
    expect(request?.headers['content-type']).toBe('application/json')
    expect(request?.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('gets the answer of the service byte for byte, whatever its status', async () => {
    await using fixture = await startBridgeFixture()
    const text = '{"id":1,"status":"error","error":"no","error_code":"session_not_found","n":-0 }'
    fixture.worker.behave(answerWith(404, text))
    const reply = await fixture.bridge.answer(peer, [Buffer.from('{"id":1,"command":"ping"}')])
    expect(String(reply)).toBe(text)
    expect(fixture.log.of('command')[0]).toMatchObject({ outcome: 'session_not_found' })
  })

  it('is relayed in the flat dialect too', async () => {
    await using fixture = await startBridgeFixture()
    const reply = await fixture.ask({ command: 'create_session', client_id: 'client_001' })
    expect(reply).toMatchObject({ id: null, result: { echo: { client_id: 'client_001' } } })
  })
})

describe('the delivery id', () => {
  it('is added to commands that change something', async () => {
    await using fixture = await startBridgeFixture()
    await fixture.ask({ id: 1, command: 'create_session', parameters: { client_id: 'c' } })
    await fixture.ask({ id: 2, command: 'create_session', parameters: { client_id: 'c' } })
    const keys = fixture.worker.requests.map(({ headers }) => headers['x-delivery-id'])
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(keys[1]).not.toBe(keys[0])
  })

  it('is added beside a key too, and not to commands that only read', async () => {
    await using fixture = await startBridgeFixture()
    await fixture.ask({ id: 1, command: 'create_session', idempotency_key: 'mine', client_id: 'c' })
    await fixture.ask({ id: 2, command: 'list_client_sessions', client_id: 'c' })
    const [keyed, reading] = fixture.worker.requests
    expect(keyed?.headers['x-delivery-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(reading?.headers).not.toHaveProperty('x-delivery-id')
  })
})

describe('the log', () => {
  it('has one line for each message, with sizes and outcome but nothing of its content', async () => {
    await using fixture = await startBridgeFixture()
    const secret = 'session_1_2_secret'
    await fixture.ask({ id: 1, command: 'close_session', parameters: { session_id: secret } })
    await fixture.ask(`{"command":"${secret}"}`)
    expect(fixture.log.of('command')).toMatchObject([
      { command: 'close_session', outcome: 'success', bytes_in: 83 },
      { outcome: 'unknown_command' },
    ])
    expect(JSON.stringify(fixture.log.events)).not.toContain(secret)
  })
})
