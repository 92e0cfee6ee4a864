import { describe, expect, it } from 'vitest'
import { Dealer } from 'zeromq'
import { IMAGE_LIMITS } from '../../../local-bridge/images/image-limits.ts'
import { freePort } from '../../support/free-port.ts'
import { framesFor } from '../../support/image-message.ts'
import { startImage } from '../../support/image-stand-in.ts'
import { FOREVER_MS } from '../../support/patience.ts'
import { readReply } from '../../support/reply.ts'
import { connectReq } from '../../support/req-client.ts'
import { runBridge, runBridgeBefore } from '../../support/running-bridge.ts'

const evaluate = (id: unknown, parameters: object = {}) =>
  JSON.stringify({ id, command: 'evaluate', parameters: { code: '3 + 4', ...parameters } })

describe('a command that is not ours', () => {
  it.each([
    ['in dialect A', evaluate('1')],
    ['in dialect B, with odd spaces', ' {"command" : "evaluate",\n"code":"3 + 4", "n":-0 }\t'],
    [
      'in dialect C',
      '{"id":"7","version":"1.0.0","payload":{"type":"Request","data":{"request_type":"EvaluateCode","params":{"code":"1"}}}}',
    ],
    ['in dialect C that is no request', '{"id":"7","payload":{"type":"Heartbeat","data":{}}}'],
    ['in dialect D', '{"request_type":"InspectObject","params":{"object_id":5}}'],
    ['of another version', '{"id":1,"command":"evaluate","version":"7.0"}'],
    ['with parameters that are a list', '{"id":1,"command":"evaluate","parameters":[1,2]}'],
    ['with half a surrogate pair', '{"id":1,"command":"evaluate","code":"\\ud800"}'],
    ['with an id that we would not take', '{"id":{"n":1},"command":"evaluate"}'],
    ['that looks like a mistyped one of ours', '{"id":1,"command":"create_sesion"}'],
  ])('%s reaches the image byte for byte, and so does its answer', async (_, text) => {
    await using image = await startImage()
    await using running = await runBridgeBefore({ main: image })
    const client = connectReq(running.endpoint)
    const body = Buffer.from(text)
    expect(await client.send(body)).toEqual(framesFor(body, 'evaluate')[0])
    client.close()
    expect(running.log.of('command')).toEqual([
      expect.objectContaining({ outcome: 'passed', image: 'main', bytes_in: body.length }),
    ])
    expect(running.log.of('command')[0]).not.toHaveProperty('command')
  })

  it('gets all frames of an answer that has several', async () => {
    await using image = await startImage()
    await using running = await runBridgeBefore({ main: image })
    const dealer = new Dealer({ linger: 0, receiveTimeout: 5000 })
    dealer.connect(running.endpoint)
    const body = Buffer.from('{"id":1,"command":"inspect_in_frames"}')
    await dealer.send(['', body])
    expect(await dealer.receive()).toEqual([
      Buffer.alloc(0),
      ...framesFor(body, 'inspect_in_frames'),
    ])
    dealer.close()
  })

  it('leaves ours to the session service', async () => {
    await using image = await startImage()
    await using running = await runBridgeBefore({ main: image })
    const client = connectReq(running.endpoint)
    for (const command of ['ping', 'describe', 'create_session']) {
      expect(await client.ask({ id: 1, command, client_id: 'c' })).toMatchObject({
        status: 'success',
      })
    }
    expect(await client.ask({ id: 1, command: 'ping', version: '2.0' })).toMatchObject({
      error_code: 'unsupported_version',
    })
    client.close()
    expect(image.executions().size).toBe(0)
  })

  it.each([
    ['what is not JSON', '{"command":"evaluate"', 'parse_error'],
    ['what has no command', '{"code":"3 + 4"}', 'invalid_request'],
    ['what is no object', '[{"command":"evaluate"}]', 'invalid_request'],
  ])('is not %s', async (_, text, error_code) => {
    await using image = await startImage()
    await using running = await runBridgeBefore({ main: image })
    const client = connectReq(running.endpoint)
    expect(readReply(await client.send(text))).toMatchObject({ error_code })
    client.close()
    expect(image.executions().size).toBe(0)
  })
})

describe('without an image', () => {
  it('says how to start the bridge with one, but not to whoever mistyped one of ours', async () => {
    await using running = await runBridge()
    const client = connectReq(running.endpoint)
    const asked = await client.ask({ id: 1, command: 'evaluate' })
    expect(asked).toMatchObject({ id: 1, error_code: 'unknown_command' })
    expect(asked.error).toContain('start the bridge with --image <name>=tcp://<host>:<port>')
    const mistyped = await client.ask({ id: 2, command: 'create_sesion' })
    expect(mistyped).toMatchObject({ error_code: 'unknown_command' })
    expect(mistyped.error).not.toContain('--image')
    client.close()
  })
})

describe('an image that is not there', () => {
  it('is told after half a second, and its return is noticed', async () => {
    expect(IMAGE_LIMITS.patienceMs).toBe(500)
    await using image = await startImage({ started: false })
    await using running = await runBridge(
      {},
      { images: [{ name: 'main', address: image.address }] }
    )
    const client = connectReq(running.endpoint)
    expect(readReply(await client.send(evaluate('gone')))).toMatchObject({
      id: 'gone',
      error_type: 'RuntimeError',
      error_code: 'image_unreachable',
      details: { image: 'main', detail: 'nobody listens at its address', may_have_run: false },
    })
    await image.start()
    await running.log.nth('image_up', 1)
    expect(await client.send(evaluate('back'))).toEqual(
      framesFor(Buffer.from(evaluate('back')), '')[0]
    )
    client.close()
    expect([...image.executions()]).toEqual([['"back"', 1]])
  })

  it('may be something that speaks no ZeroMQ', async () => {
    await using running = await runBridge()
    await using other = await runBridge(
      {},
      { images: [{ name: 'web', address: running.worker.url.replace('http', 'tcp') }] }
    )
    const client = connectReq(other.endpoint)
    expect(readReply(await client.send(evaluate(1)))).toMatchObject({
      error_code: 'image_unreachable',
      details: { may_have_run: false },
    })
    client.close()
  })
})

describe('several images', () => {
  it('are told apart by the id or the address that a message names; the first is the default', async () => {
    await using one = await startImage()
    await using two = await startImage()
    await using running = await runBridgeBefore({ one, two })
    const client = connectReq(running.endpoint)
    await client.send(evaluate('default'))
    await client.send(evaluate('by-id', { image_id: 'two' }))
    await client.send(
      evaluate('by-address', { image_address: two.address.replace('127.0.0.1', 'localhost') })
    )
    await client.send(JSON.stringify({ id: 'flat', command: 'evaluate', image_id: 'two' }))
    expect(readReply(await client.send(evaluate('other', { image_id: 'three' })))).toMatchObject({
      error_code: 'image_unreachable',
      details: { image: 'three', may_have_run: false },
    })
    client.close()
    expect([...one.executions().keys()]).toEqual(['"default"'])
    expect([...two.executions().keys()]).toEqual(['"by-id"', '"by-address"', '"flat"'])
  })

  it('may be named by a session, as the answers about it tell', async () => {
    await using one = await startImage()
    await using two = await startImage()
    await using running = await runBridgeBefore({ one }, { patienceMs: FOREVER_MS })
    const result = { session_id: 's-1', image_id: 'Pharo 12', image_address: two.address.slice(6) }
    running.worker.behave((_, response) => {
      response.end(JSON.stringify({ id: 1, status: 'success', result }))
    })
    const client = connectReq(running.endpoint)
    await client.ask({ id: 1, command: 'create_session', client_id: 'c' })
    await client.send(evaluate('alone', { session_id: 's-2' }))
    await client.send(evaluate('session', { session_id: 's-1' }))
    const stranger = readReply(await client.send(evaluate('stranger', { session_id: 's-2' })))
    expect(stranger).toMatchObject({
      error_code: 'image_unreachable',
      details: { choices: ['one', 'Pharo 12'], may_have_run: false },
    })
    client.close()
    expect([...two.executions().keys()]).toEqual(['"session"'])
    expect([...one.executions().keys()]).toEqual(['"alone"'])
  })

  it('are connected to by address only as far as the operator allows it', async () => {
    await using image = await startImage()
    const named = (address: string) => evaluate(address, { image_address: address })
    const ask = async (allow: 'none' | 'loopback' | 'any' | undefined, address: string) => {
      const imageLimits = { ...IMAGE_LIMITS, patienceMs: FOREVER_MS }
      await using running = await runBridge(
        {},
        { imageLimits, ...(allow && { allowImageAddresses: allow }) }
      )
      const client = connectReq(running.endpoint)
      const reply = await client.send(named(address))
      client.close()
      return String(reply)
    }
    expect(await ask(undefined, image.address)).toContain('3 + 4')
    expect(await ask('none', image.address)).toContain('--allow-image-addresses')
    expect(await ask('loopback', 'tcp://192.0.2.1:5555')).toContain('--allow-image-addresses')
    expect(await ask('any', 'tcp://pharo.example:5555')).toContain('--allow-image-addresses')
    expect(await ask('any', 'nowhere')).toContain('its address is not host:port')
  })

  it('never are the bridge itself: who names it means the image behind it', async () => {
    await using image = await startImage()
    await using running = await runBridgeBefore({ one: image })
    const client = connectReq(running.endpoint)
    await client.send(evaluate('itself', { image_address: running.endpoint }))
    client.close()
    expect([...image.executions().keys()]).toEqual(['"itself"'])
    await using alone = await runBridge()
    const other = connectReq(alone.endpoint)
    const reply = await other.send(evaluate('itself', { image_address: alone.endpoint }))
    expect(readReply(reply).error).toContain('its address is the bridge itself')
    other.close()
  })

  it('do not wait for each other', async () => {
    await using slow = await startImage()
    await using quick = await startImage()
    await using running = await runBridgeBefore({ slow, quick })
    const waiting = connectReq(running.endpoint)
    const client = connectReq(running.endpoint)
    const order: string[] = []
    const late = waiting.send(evaluate('late', { held: true })).then(() => order.push('late'))
    await slow.executed('late')
    await client.send(evaluate('quick', { image_id: 'quick' })).then(() => order.push('quick'))
    slow.release('late')
    await late
    expect(order).toEqual(['quick', 'late'])
    waiting.close()
    client.close()
  })
})

describe('an address where nobody listens', () => {
  it('costs a message that names it half a second and nobody else anything', async () => {
    await using running = await runBridge()
    const client = connectReq(running.endpoint)
    const address = `tcp://127.0.0.1:${await freePort()}`
    const reply = readReply(await client.send(evaluate(1, { image_address: address })))
    expect(reply).toMatchObject({ error_code: 'image_unreachable' })
    expect(await client.ask({ id: 2, command: 'ping' })).toMatchObject({ status: 'success' })
    client.close()
  })
})
