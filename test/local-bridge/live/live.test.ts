// Live events from the real Worker through a bridge to real SUB sockets.

import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBridge } from '../../../local-bridge/start-bridge.ts'
import { createEventLog } from '../../support/event-log.ts'
import { freePort } from '../../support/free-port.ts'
import { type LiveBridge, type LiveStack, startLiveStack } from '../../support/live-stack.ts'
import { connectReq } from '../../support/req-client.ts'
import { temporaryFolder } from '../../support/stack-process.ts'
import { isChange, isOpened, subscribe } from '../../support/subscriber.ts'
import { curveFolder } from '../curve-fixture.ts'

let stack: LiveStack
let desk: LiveBridge

beforeAll(async () => {
  stack = await startLiveStack()
  desk = await stack.bridge()
})

afterAll(() => stack[Symbol.asyncDispose]())

describe('somebody who subscribes to a client', () => {
  it('hears where the stream begins, and then each change once and in order', async () => {
    using tui = subscribe(desk.bridge.events, 'clients/ann/')
    await tui.until(1, isOpened)
    const session_id = await stack.session('ann')
    for (let n = 1; n <= 3; n += 1) await stack.update(session_id, n)
    await tui.until(5)
    expect(tui.types()).toEqual([
      'stream.opened',
      'session.created',
      'session.updated',
      'session.updated',
      'session.updated',
    ])
    expect(tui.sequences()).toEqual([1, 2, 3, 4])
    expect(tui.heard[2]).toMatchObject({
      topic: 'clients/ann/session.updated',
      source: '/clients/ann',
      data: { client_id: 'ann', session_id, revision: 2, status: 'active' },
    })
  })

  it('hears nothing of a client whose name only begins alike', async () => {
    using tui = subscribe(desk.bridge.events, ['clients/bob/', 'clients/bob'])
    using colleague = subscribe(desk.bridge.events, 'clients/bobby/')
    using precise = subscribe(desk.bridge.events, 'clients/bob/')
    await colleague.until(1, isOpened)
    await precise.until(1, isOpened)
    await stack.session('bobby')
    await colleague.until(1, isChange)
    await stack.session('bob')
    await precise.until(1, isChange)
    expect(precise.heard.filter(isChange).map(({ source }) => source)).toEqual(['/clients/bob'])
    // A topic without its end is a beginning of both: that is what it asks for.
    await tui.until(2, isChange)
  })

  it('may ask for one type of events', async () => {
    using tui = subscribe(desk.bridge.events, ['clients/cid/session.closed', 'clients/cid/stream.'])
    await tui.until(1, isOpened)
    const session_id = await stack.session('cid')
    await stack.run('close_session', { session_id })
    await tui.until(1, isChange)
    expect(tui.types()).toEqual(['stream.opened', 'session.closed'])
  })

  it('and comes late is told where the stream is, so that the rest can be asked for', async () => {
    using first = subscribe(desk.bridge.events, 'clients/dora/')
    await first.until(1, isOpened)
    await stack.session('dora')
    await first.until(1, isChange)
    using second = subscribe(desk.bridge.events, 'clients/dora/')
    const [opened] = await second.until(1, isOpened)
    expect(opened?.data).toEqual({ after: 1, missed: false })
    const { events } = await stack.run('get_events', { client_id: 'dora', after: 0 })
    expect(events).toMatchObject([{ sequence: 1, type: 'session.created' }])
  })

  it('hears no more of it after unsubscribing, while others do', async () => {
    using tui = subscribe(desk.bridge.events, 'clients/eve/')
    using other = subscribe(desk.bridge.events, 'clients/eve/')
    await Promise.all([tui.until(1, isOpened), other.until(1, isOpened)])
    tui.unsubscribe('clients/eve/')
    tui.subscribe('clients/finn/')
    await tui.until(2, isOpened)
    await stack.session('eve')
    await other.until(1, isChange)
    await stack.session('finn')
    await tui.until(1, isChange)
    expect(tui.heard.filter(isChange).map(({ source }) => source)).toEqual(['/clients/finn'])
  })
})

describe('a link that breaks', () => {
  it('costs no event and tells none twice, and is announced', async () => {
    using tui = subscribe(desk.bridge.events, 'clients/gus/')
    await tui.until(1, isOpened)
    const session_id = await stack.session('gus')
    await tui.until(1, isChange)
    await desk.link.cut()
    await desk.log.nth('stream_lost', 1)
    for (let n = 1; n <= 3; n += 1) await stack.update(session_id, n)
    await desk.link.mend()
    await desk.log.nth('stream_resumed', 1)
    await stack.update(session_id, 4)
    await tui.until(5, isChange)
    expect(tui.sequences()).toEqual([1, 2, 3, 4, 5])
  })

  it('is found by its silence where nobody is told', async () => {
    const { bridge, link, log } = await stack.bridge()
    using tui = subscribe(bridge.events, 'clients/hana/')
    await tui.until(1, isOpened)
    link.swallow()
    expect(await log.nth('stream_lost', 1)).toMatchObject({ detail: 'silence' })
    await link.mend()
    await stack.session('hana')
    await tui.until(1, isChange)
  })
})

describe('the bridge itself', () => {
  it('tells subscribers of bridge/ when its link is gone, and when it is back', async () => {
    const folder = temporaryFolder()
    const { bridge, link } = await stack.bridge({ replica: { folder } })
    using tui = subscribe(bridge.events, ['bridge/', 'clients/ivy/stream.'])
    await tui.until(1, isOpened)
    const client = connectReq(bridge.endpoint)
    await link.cut()
    await client.ask({ id: 1, command: 'list_client_sessions', client_id: 'ivy' })
    await link.mend()
    await tui.until(1, ({ type }) => type === 'link.up')
    const announced = tui.heard.filter(({ topic }) => topic.startsWith('bridge/'))
    expect(announced.map(({ topic, source, sequence }) => [topic, source, sequence])).toEqual([
      ['bridge/link.down', '/bridge', 1],
      ['bridge/link.up', '/bridge', 2],
    ])
    client.close()
    await bridge.stop()
    rmSync(folder, { recursive: true })
  })
})

describe('a journal that is delivered', () => {
  it('is followed by subscribers: how far it is, and that all of it has arrived', async () => {
    const folder = temporaryFolder()
    const { bridge, link, log } = await stack.bridge({ replica: { folder } })
    using tui = subscribe(bridge.events, ['bridge/', 'clients/jon/stream.'])
    await tui.until(1, isOpened)
    const client = connectReq(bridge.endpoint)
    const ask = (id: number, command: string, parameters: object) =>
      client.ask({ id, command, parameters })
    const { result } = await ask(0, 'create_session', { client_id: 'jon' })
    await log.nth('replica_complete', 1)
    await link.cut()
    const changes = 60
    for (let n = 1; n <= changes; n += 1) {
      const parameters = { session_id: result?.session_id, state_data: { n } }
      expect(await ask(n, 'update_session_state', parameters)).toMatchObject({
        meta: { persistence: 'journaled' },
      })
    }
    await link.mend()
    await tui.until(1, ({ type }) => type === 'replay.done')
    const told = tui.heard.filter(({ type }) => type.startsWith('replay.'))
    expect(told.length).toBeGreaterThanOrEqual(2)
    expect(told[0]).toMatchObject({
      ...{ topic: 'bridge/replay.progress', source: '/bridge', type: 'replay.progress' },
      data: { done: expect.any(Number), total: changes },
    })
    expect(told[0]?.data.done).toBeLessThan(changes)
    expect(told.at(-1)).toMatchObject({ type: 'replay.done', data: { delivered: changes } })
    client.close()
    await bridge.stop()
    rmSync(folder, { recursive: true })
  })
})

describe('the address', () => {
  it('in use is an error that says what to do', async () => {
    const port = await freePort()
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    const endpoint = `tcp://127.0.0.1:${port}`
    await expect(stack.bridge({ events: { endpoint } })).rejects.toThrow(
      `Cannot publish live events on ${endpoint}: the port is in use; choose another port with --events, or publish none with --no-events.`
    )
    const { bridge } = await stack.bridge({ events: { endpoint, orAnother: true } })
    expect(bridge.events).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/)
    expect(bridge.events).not.toBe(endpoint)
    other.close()
  })

  it('beyond this machine is refused without CURVE', async () => {
    const events = { endpoint: 'tcp://0.0.0.0:5556' }
    await expect(stack.bridge({ events })).rejects.toThrow('would not be encrypted')
  })

  it('is free again when the bridge has stopped', async () => {
    const { bridge } = await stack.bridge()
    const endpoint = String(bridge.events)
    await bridge.stop()
    const again = await startBridge({
      ...{ listen: 'tcp://127.0.0.1:*', upstream: stack.url, log: createEventLog().log },
      events: { endpoint },
    })
    expect(again.events).toBe(endpoint)
    await again.stop()
  })
})

describe('with CURVE', () => {
  it('only clients on the list hear anything', async () => {
    using folder = curveFolder()
    const keys = folder.allow('desk')
    const { bridge, log } = await stack.bridge({ curveKeys: folder.path })
    using tui = subscribe(bridge.events, 'clients/jo/', keys)
    using stranger = subscribe(bridge.events, 'clients/jo/', folder.stranger())
    await tui.until(1, isOpened)
    await log.nth('handshake_refused', 1)
    await stack.session('jo')
    await tui.until(1, isChange)
    expect(stranger.heard).toEqual([])
  })
})
