import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../local-bridge/limits.ts'
import { type BridgeFixture, startBridgeFixture } from '../support/bridge-fixture.ts'
import { answer, hold } from '../support/http-worker.ts'
import { createManualTimer } from '../support/manual-timer.ts'

const create = { id: 'c', command: 'create_session', parameters: { client_id: 'client_001' } }
const bare = { command: 'create_session', client_id: 'client_001' }
const other = { command: 'create_session', client_id: 'client_002' }

const keysOf = ({ worker }: BridgeFixture) =>
  worker.requests.map(({ headers }) => headers['x-delivery-id'])

describe('a message that arrives again while its first call runs', () => {
  it('joins that call: it is executed once and both get the answer', async () => {
    await using fixture = await startBridgeFixture()
    const { behaviour, release } = hold()
    fixture.worker.behave(behaviour)
    const replies = [fixture.ask(create), fixture.ask(create), fixture.ask(create, 'reconnected')]
    await fixture.worker.arrived(1)
    release()
    for (const reply of await Promise.all(replies)) expect(reply).toMatchObject({ id: 'c' })
    expect(fixture.worker.requests).toHaveLength(1)
    const [first, ...joined] = fixture.log.of('command')
    expect(first).not.toHaveProperty('joined')
    for (const { joined: by } of joined) expect(by).toBe(first?.request_id)
  })

  it('gets the answer of a call whose first request was told timeout', async () => {
    const timer = createManualTimer()
    await using fixture = await startBridgeFixture({ timer })
    const { behaviour, release } = hold()
    fixture.worker.behave(behaviour)
    const first = fixture.ask(create)
    await fixture.worker.arrived(1)
    timer.advance(LIMITS.decideAfterMs)
    expect(await first).toMatchObject({ error_code: 'timeout' })
    timer.advance(20_000)
    const retry = fixture.ask(create)
    release()
    expect(await retry).toMatchObject({ id: 'c', status: 'success' })
    expect(fixture.worker.requests).toHaveLength(1)
  })

  it('is executed again once the first has been answered', async () => {
    await using fixture = await startBridgeFixture()
    await fixture.ask(create)
    await fixture.ask(create)
    expect(fixture.worker.requests).toHaveLength(2)
  })
})

describe('a message that arrives again after a call whose answer nobody got', () => {
  it('is sent with the key of that call, so that the service gives the stored answer', async () => {
    const timer = createManualTimer()
    await using fixture = await startBridgeFixture({ timer })
    const { behaviour, release } = hold()
    fixture.worker.behave(behaviour)
    const first = fixture.ask(create)
    await fixture.worker.arrived(1)
    timer.advance(LIMITS.decideAfterMs)
    await first
    release()
    await fixture.log.nth('late_outcome', 1)
    await fixture.ask(create)
    const [sent, again] = fixture.worker.requests.map(({ headers }) => headers['x-delivery-id'])
    expect(again).toBe(sent)
  })

  it('gets a new key after 30 s', async () => {
    const timer = createManualTimer()
    await using fixture = await startBridgeFixture({ timer })
    const { behaviour, release } = hold()
    fixture.worker.behave(behaviour)
    const first = fixture.ask(create)
    await fixture.worker.arrived(1)
    timer.advance(LIMITS.decideAfterMs)
    await first
    release()
    await fixture.log.nth('late_outcome', 1)
    timer.advance(30_000)
    await fixture.ask(create)
    const [sent, again] = fixture.worker.requests.map(({ headers }) => headers['x-delivery-id'])
    expect(again).not.toBe(sent)
  })
})

describe('a message that arrives again after a reply that reached nobody', () => {
  const text = Buffer.from(JSON.stringify(create))

  it('is sent with the key of the first, so that the service gives the stored answer', async () => {
    await using fixture = await startBridgeFixture()
    const reply = await fixture.bridge.answer(Buffer.from('gone'), [text])
    fixture.bridge.undelivered(reply)
    await fixture.ask(create, 'reconnected')
    await fixture.ask(create, 'reconnected')
    const [sent, again, next] = keysOf(fixture)
    expect(again).toBe(sent)
    expect(next).not.toBe(sent)
  })

  it('is executed again if another connection that waited for it got the answer', async () => {
    await using fixture = await startBridgeFixture()
    const { behaviour, release } = hold()
    fixture.worker.behave(behaviour)
    const lost = fixture.bridge.answer(Buffer.from('gone'), [text])
    const retry = fixture.ask(create, 'reconnected')
    await fixture.worker.arrived(1)
    release()
    await retry
    fixture.bridge.undelivered(await lost)
    await fixture.ask(create, 'reconnected')
    const [sent, again] = keysOf(fixture)
    expect(again).not.toBe(sent)
  })
})

describe('a message without an id', () => {
  it('joins its first call when the same peer sends it again', async () => {
    await using fixture = await startBridgeFixture()
    const { behaviour, release } = hold()
    fixture.worker.behave(behaviour)
    const replies = [fixture.ask(bare), fixture.ask(bare)]
    await fixture.worker.arrived(1)
    release()
    await Promise.all(replies)
    expect(fixture.worker.requests).toHaveLength(1)
  })

  it('is executed for each peer that sends it', async () => {
    await using fixture = await startBridgeFixture()
    const { behaviour, release } = hold()
    fixture.worker.behave(behaviour)
    const replies = [fixture.ask(bare, 'one'), fixture.ask(bare, 'two')]
    await fixture.worker.arrived(2)
    release()
    await Promise.all(replies)
    expect(fixture.worker.requests).toHaveLength(2)
  })

  it('is no retry if the peer has sent something else in between', async () => {
    await using fixture = await startBridgeFixture()
    fixture.worker.behave(answer)
    await Promise.all([fixture.ask(bare), fixture.ask(other), fixture.ask(bare)])
    const bodies = fixture.worker.requests.map(({ body }) => String(body))
    expect(bodies).toEqual([bare, other, bare].map((message) => JSON.stringify(message)))
  })
})
