import { describe, expect, it } from 'vitest'
import { BRIDGE_DEADLINE_MS, LIMITS } from '../../local-bridge/limits.ts'
import { startBridgeFixture } from '../support/bridge-fixture.ts'
import { answer, answerWith, hang, hold, reset } from '../support/http-worker.ts'
import { createManualTimer } from '../support/manual-timer.ts'

const ping = { id: 'p', command: 'ping', parameters: {} }
const create = { id: 'c', command: 'create_session', parameters: { client_id: 'client_001' } }

describe('the deadline', () => {
  it('is 2.5 s, of which the bridge keeps a part for itself', () => {
    expect(BRIDGE_DEADLINE_MS).toBe(2500)
    expect(LIMITS.decideAfterMs).toBe(2300)
  })

  it('holds by the real clock for a service that never answers', async () => {
    await using fixture = await startBridgeFixture()
    fixture.worker.behave(hang)
    const reply = await fixture.ask(ping)
    expect(reply).toMatchObject({ id: 'p', error_code: 'timeout', details: { after_ms: 2300 } })
  })

  it('holds for a message that waits behind a slow one of the same peer', async () => {
    const timer = createManualTimer()
    await using fixture = await startBridgeFixture({ timer })
    fixture.worker.behave(hang)
    const replies = [fixture.ask(ping), fixture.ask({ ...ping, id: 'q' })]
    await fixture.worker.arrived(1)
    timer.advance(LIMITS.decideAfterMs)
    expect(await Promise.all(replies)).toMatchObject([
      { id: 'p', error_code: 'timeout' },
      { id: 'q', error_code: 'timeout' },
    ])
    expect(fixture.worker.requests).toHaveLength(1)
  })
})

describe('a service that cannot be reached', () => {
  it('is told as upstream_unavailable, and the next message after its return is answered', async () => {
    const timer = createManualTimer()
    await using fixture = await startBridgeFixture({ timer })
    await fixture.worker.stop()
    const reply = fixture.ask(ping)
    await fixture.log.nth('upstream_retry', 1)
    timer.advance(LIMITS.decideAfterMs)
    expect(await reply).toMatchObject({
      error_type: 'RuntimeError',
      error_code: 'upstream_unavailable',
      details: { detail: 'no connection (ECONNREFUSED)' },
    })
    await fixture.worker.start()
    expect(await fixture.ask(ping)).toMatchObject({ status: 'success' })
  })

  it('goes unnoticed if it is back in time, and every attempt carries the same key', async () => {
    const timer = createManualTimer()
    await using fixture = await startBridgeFixture({ timer })
    fixture.worker.behave((request, response, nth) =>
      (nth < 3 ? reset : answer)(request, response, nth)
    )
    const reply = fixture.ask(create)
    for (const nth of [1, 2]) {
      timer.advance((await fixture.log.nth('upstream_retry', nth)).wait_ms)
    }
    expect(await reply).toMatchObject({ id: 'c', status: 'success' })
    const keys = fixture.worker.requests.map(({ headers }) => headers['x-delivery-id'])
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
  })

  it('is tried again after 50 ms, then after twice as long each time up to 400 ms', async () => {
    const timer = createManualTimer()
    await using fixture = await startBridgeFixture({ timer })
    await fixture.worker.stop()
    const reply = fixture.ask(ping)
    const waits: number[] = []
    for (const nth of [1, 2, 3, 4, 5]) {
      const { wait_ms } = await fixture.log.nth('upstream_retry', nth)
      waits.push(wait_ms)
      timer.advance(wait_ms)
    }
    expect(waits).toEqual([50, 100, 200, 400, 400])
    await fixture.worker.start()
    timer.advance(400)
    expect(await reply).toMatchObject({ status: 'success' })
  })

  it('is not asked any more once everybody has been told', async () => {
    const timer = createManualTimer()
    await using fixture = await startBridgeFixture({ timer })
    await fixture.worker.stop()
    const reply = fixture.ask(create)
    await fixture.log.nth('upstream_retry', 1)
    timer.advance(LIMITS.decideAfterMs)
    expect(await reply).toMatchObject({ error_code: 'upstream_unavailable' })
    await fixture.worker.start()
    timer.advance(LIMITS.upstreamMs)
    await fixture.log.nth('late_outcome', 1)
    expect(fixture.worker.requests).toHaveLength(0)
    expect(timer.pending()).toBe(0)
  })

  it('gives the key of the failed message to its retry, so that it is executed once', async () => {
    const timer = createManualTimer()
    await using fixture = await startBridgeFixture({ timer })
    fixture.worker.behave(reset)
    const failed = fixture.ask(create)
    await fixture.log.nth('upstream_retry', 1)
    timer.advance(LIMITS.decideAfterMs)
    expect(await failed).toMatchObject({ error_code: 'upstream_unavailable' })
    await fixture.log.nth('late_outcome', 1)
    fixture.worker.behave(answer)
    expect(await fixture.ask(create, 'reconnected')).toMatchObject({ status: 'success' })
    expect(await fixture.ask(create, 'reconnected')).toMatchObject({ status: 'success' })
    const keys = fixture.worker.requests.map(({ headers }) => headers['x-delivery-id'])
    const last = keys.pop()
    expect(new Set(keys).size).toBe(1)
    expect(keys).not.toContain(last)
  })
})

describe('an answer that is none', () => {
  it.each([
    ["a proxy's page", 502, '<html>Bad Gateway</html>'],
    ['an empty body', 200, ''],
    ['JSON that is no envelope', 500, '{"message":"boom"}'],
    ['JSON that is no object', 200, 'null'],
    ['half an envelope', 200, '{"id":1,"status":"success","result":{'],
    ['an error of another shape', 500, '{"status":"failed"}'],
  ])('such as %s is not passed on', async (_, status, text) => {
    await using fixture = await startBridgeFixture()
    fixture.worker.behave(answerWith(status, text))
    const reply = await fixture.ask(ping)
    expect(reply).toMatchObject({ id: 'p', error_code: 'upstream_unavailable' })
    expect(fixture.worker.requests).toHaveLength(1)
  })

  it('such as one of more than 8 MiB is not taken', async () => {
    await using fixture = await startBridgeFixture()
    const filler = 'a'.repeat(8 * 1024 * 1024)
    fixture.worker.behave(answerWith(200, `{"id":"p","status":"success","result":"${filler}"}`))
    expect(await fixture.ask(ping)).toMatchObject({ error_code: 'upstream_unavailable' })
  })

  it('may be spelled in any order of keys as long as it is an envelope', async () => {
    await using fixture = await startBridgeFixture()
    fixture.worker.behave(answerWith(200, '{"status":"success","id":"p","result":{}}'))
    expect(await fixture.ask(ping)).toMatchObject({ status: 'success' })
  })
})

describe('an upstream call', () => {
  it('ends after 30 s even if nobody waits for it any more', async () => {
    const timer = createManualTimer()
    await using fixture = await startBridgeFixture({ timer })
    fixture.worker.behave(hang)
    const reply = fixture.ask(create)
    await fixture.worker.arrived(1)
    timer.advance(LIMITS.decideAfterMs)
    expect(await reply).toMatchObject({ error_code: 'timeout' })
    expect(LIMITS.upstreamMs).toBe(30_000)
    timer.advance(LIMITS.upstreamMs)
    expect(await fixture.log.nth('late_outcome', 1)).toMatchObject({ outcome: 'timeout' })
    expect(timer.pending()).toBe(0)
  })

  it('of one peer does not hold up another peer', async () => {
    await using fixture = await startBridgeFixture()
    const { behaviour, release } = hold()
    fixture.worker.behave(behaviour)
    const slow = fixture.ask(ping, 'slow')
    await fixture.worker.arrived(1)
    fixture.worker.behave(answer)
    expect(await fixture.ask({ ...ping, id: 'q' }, 'quick')).toMatchObject({ status: 'success' })
    release()
    expect(await slow).toMatchObject({ status: 'success' })
  })
})
