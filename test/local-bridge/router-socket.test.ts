import { connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Dealer, Router } from 'zeromq'
import { MAX_FRAME_BYTES } from '../../local-bridge/limits.ts'
import { createReplyQueue } from '../../local-bridge/reply-queue.ts'
import { openRouter } from '../../local-bridge/router-socket.ts'
import { createEventLog } from '../support/event-log.ts'
import { answer, hold } from '../support/http-worker.ts'
import { FOREVER_MS, PATIENT } from '../support/patience.ts'
import { readReply } from '../support/reply.ts'
import { connectReq } from '../support/req-client.ts'
import { runBridge } from '../support/running-bridge.ts'

const ping = (id: unknown) => JSON.stringify({ id, command: 'ping', parameters: {} })

/** A bridge that reads no more than it has room for, however long that takes, and tells nobody that it took too long. */
const CALM = { ...PATIENT, pauseMs: FOREVER_MS }

function connectDealer(endpoint: string) {
  const dealer = new Dealer({ linger: 0, receiveTimeout: FOREVER_MS })
  dealer.connect(endpoint)
  return dealer
}

describe('the ROUTER', () => {
  it.each([false, true])(
    'answers a REQ client (correlate: %s) again and again',
    async (correlate) => {
      await using running = await runBridge()
      const client = connectReq(running.endpoint, { correlate })
      for (const id of ['one', 2, 'three']) {
        expect(await client.ask({ id, command: 'ping' })).toMatchObject({ id, status: 'success' })
      }
      client.close()
    }
  )

  it('answers a DEALER in the envelope in which it asked', async () => {
    await using running = await runBridge()
    const dealer = connectDealer(running.endpoint)
    for (const envelope of [[], [''], ['request-7', ''], ['hop', 'request-8', '']]) {
      await dealer.send([...envelope, ping(1)])
      const frames = await dealer.receive()
      expect(frames.slice(0, -1).map(String)).toEqual(envelope)
      expect(readReply(frames.at(-1) ?? '')).toMatchObject({ id: 1, status: 'success' })
    }
    dealer.close()
  })

  it.each([
    ['an empty body', ['', ''], [''], 'parse_error'],
    ['no body', [''], [''], 'invalid_request'],
    ['several bodies', ['', '{}', '{}'], [''], 'invalid_request'],
    ['invalid UTF-8', ['', Buffer.from([0xc3, 0x28])], [''], 'parse_error'],
    ['two frames and no delimiter', ['{}', '{}'], [], 'invalid_request'],
  ])('answers %s with an error', async (_, frames, envelope, code) => {
    await using running = await runBridge()
    const dealer = connectDealer(running.endpoint)
    await dealer.send(frames)
    const reply = await dealer.receive()
    expect(reply.slice(0, -1).map(String)).toEqual(envelope)
    expect(readReply(reply.at(-1) ?? '')).toMatchObject({ id: null, error_code: code })
    dealer.close()
  })

  it('disconnects a peer that sends a frame beyond the hard limit, and lives on', async () => {
    await using running = await runBridge()
    const hostile = connectDealer(running.endpoint)
    const disconnected = new Promise((resolve) => hostile.events.on('disconnect', resolve))
    await hostile.send(Buffer.alloc(MAX_FRAME_BYTES + 1, 'a'))
    await disconnected
    hostile.close()
    const client = connectReq(running.endpoint)
    expect(await client.ask({ id: 1, command: 'ping' })).toMatchObject({ status: 'success' })
    client.close()
    expect(running.worker.requests).toHaveLength(1)
  })

  it('answers a frame of the hard limit', async () => {
    await using running = await runBridge()
    const client = connectReq(running.endpoint)
    const reply = await client.send(Buffer.alloc(MAX_FRAME_BYTES, 'a'))
    expect(readReply(reply)).toMatchObject({ error_code: 'payload_too_large' })
    client.close()
  })

  it('drops the replies of a peer that is gone, with a line in the log', async () => {
    const { log, of } = createEventLog()
    const opened = await openRouter({ endpoint: 'tcp://127.0.0.1:*', ipv6: false }, log)
    if (!opened.ok) throw new Error(opened.failure)
    const router = opened.value
    const dealer = connectDealer(router.endpoint)
    await dealer.send(['', ping(1)])
    const { value: incoming } = await router.messages().next()
    dealer.close()
    const isGone = () => of('reply_dropped').some(({ cause }) => cause === 'peer_gone')
    while (!isGone()) {
      router.reply(incoming?.envelope ?? [], 'late')
      await setImmediate()
    }
    expect(of('reply_dropped').at(-1)?.code).toBe('EHOSTUNREACH')
    await router.close()
  })

  it('answers others after a peer has gone before its reply', async () => {
    await using running = await runBridge()
    const { behaviour, release } = hold()
    running.worker.behave(behaviour)
    const gone = connectDealer(running.endpoint)
    await gone.send(['', ping(1)])
    await running.worker.arrived(1)
    gone.close()
    release()
    await running.log.nth('command', 1)
    running.worker.behave(answer)
    const client = connectReq(running.endpoint)
    expect(await client.ask({ id: 2, command: 'ping' })).toMatchObject({ id: 2, status: 'success' })
    client.close()
  })

  it('lets a client that connects again under its identity take over', async () => {
    await using running = await runBridge()
    const dealers: Dealer[] = []
    for (const id of [1, 2]) {
      const dealer = new Dealer({
        linger: 0,
        receiveTimeout: 5000,
        routingId: 'tui-1',
        reconnectInterval: -1,
      })
      dealers.push(dealer)
      dealer.connect(running.endpoint)
      await dealer.send(['', ping(id)])
      expect(readReply((await dealer.receive()).at(-1) ?? '')).toMatchObject({ id })
    }
    for (const dealer of dealers) dealer.close()
  })

  it('answers each of 2,000 messages that one peer sends at once, in their order', async () => {
    await using running = await runBridge(CALM)
    const dealer = connectDealer(running.endpoint)
    const ids = Array.from({ length: 2000 }, (_, id) => id)
    for (const id of ids) await dealer.send(['', ping(id)])
    const answered: unknown[] = []
    for (const _ of ids) {
      const { id, status } = readReply((await dealer.receive()).at(-1) ?? '')
      expect(status).toBe('success')
      answered.push(id)
    }
    expect(answered).toEqual(ids)
    expect(running.worker.requests).toHaveLength(2000)
    dealer.close()
  })

  it('answers a second peer while a first one floods it', async () => {
    await using running = await runBridge(CALM)
    const client = connectReq(running.endpoint)
    await client.ask({ id: 'first', command: 'ping' })
    const { behaviour, release } = hold()
    running.worker.behave(behaviour)
    const flood = connectDealer(running.endpoint)
    for (let id = 0; id < 1000; id += 1) await flood.send(['', ping(id)])
    const answered = client.ask({ id: 'me', command: 'ping' })
    await running.worker.arrived(2)
    release()
    expect(await answered).toMatchObject({ id: 'me', status: 'success' })
    expect(running.worker.requests.length).toBeLessThan(1000)
    client.close()
    flood.close()
  })
})

describe('a command smuggled in the body of an HTTP POST, as any web page can send one', () => {
  const command = ping('smuggled')

  /** Read as ZMTP/1.0 the head is one frame of 80 bytes (`P` is 80): the identity. The body is a message. */
  function httpPost(): Buffer {
    const head = 'POST /v1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nX-Pad: '
    const pad = 'a'.repeat('P'.charCodeAt(0) + 1 - head.length - 4)
    const frames = [[1, 1], [command.length + 1, 0], Buffer.from(command)]
    return Buffer.concat([
      Buffer.from(`${head}${pad}\r\n\r\n`),
      ...frames.map((part) => Buffer.from(part)),
    ])
  }

  function post(port: number) {
    const socket = connect(port, '127.0.0.1', () => socket.write(httpPost()))
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
    socket.on('error', () => {})
    return { socket, closed }
  }

  it('would reach a ROUTER that has no ZAP domain', async () => {
    const router = new Router({ linger: 0, receiveTimeout: 5000 })
    await router.bind('tcp://127.0.0.1:*')
    const { socket } = post(Number(router.lastEndpoint?.split(':').at(-1)))
    const frames = await router.receive()
    expect(frames.slice(1).map(String)).toEqual(['', command])
    socket.destroy()
    router.close()
  })

  it('is not executed: the bridge closes the connection', async () => {
    await using running = await runBridge()
    await post(running.port).closed
    const client = connectReq(running.endpoint)
    await client.ask({ id: 'honest', command: 'ping' })
    client.close()
    expect(running.log.of('command')).toHaveLength(1)
    expect(running.worker.requests).toHaveLength(1)
  })
})

describe('the queue of replies', () => {
  const envelope = [Buffer.from('peer')]

  it('sends one reply after another, in order', async () => {
    const { log } = createEventLog()
    const sent: string[] = []
    let sending = 0
    const queue = createReplyQueue({
      log,
      send: async (frames) => {
        sending += 1
        expect(sending).toBe(1)
        await Promise.resolve()
        sent.push(String(frames[1]))
        sending -= 1
      },
    })
    for (const reply of ['a', 'b', 'c']) queue.push(envelope, reply)
    await queue.drained()
    expect(sent).toEqual(['a', 'b', 'c'])
  })

  it.each([
    ['EHOSTUNREACH', 'peer_gone'],
    ['EAGAIN', 'peer_stalled'],
    ['EBUSY', 'not_sent'],
  ])('drops a reply that fails with %s and goes on with the next', async (code, cause) => {
    const { log, events } = createEventLog()
    const sent: string[] = []
    const queue = createReplyQueue({
      log,
      send: async (frames) => {
        if (String(frames[1]) === 'a') throw Object.assign(new Error(code), { code })
        sent.push(String(frames[1]))
      },
    })
    queue.push(envelope, 'a')
    queue.push(envelope, 'b')
    await queue.drained()
    expect(sent).toEqual(['b'])
    expect(events).toEqual([{ event: 'reply_dropped', cause, bytes: 1, code }])
  })

  it('is bounded', async () => {
    const { log, of } = createEventLog()
    const { promise: never } = Promise.withResolvers<void>()
    const queue = createReplyQueue({ send: () => never, log })
    for (let nth = 0; nth < 5000; nth += 1) queue.push(envelope, 'reply')
    expect(of('reply_dropped')).toHaveLength(5000 - 4096 - 1)
  })
})
