import { describe, expect, it } from 'vitest'
import { watchUplink } from '../../../local-bridge/operate/uplink-watch.ts'
import { systemTimer } from '../../../local-bridge/timer.ts'
import { createUpstream } from '../../../local-bridge/upstream.ts'
import { succeed } from '../../../src/outcome.ts'
import { HOUR, SECOND } from '../../support/fixed-clock.ts'
import { answerWith, hang, startHttpWorker } from '../../support/http-worker.ts'
import { createManualTimer } from '../../support/manual-timer.ts'

const SEND = {
  requestId: 'r',
  deliveryId: undefined,
  isOpen: false,
  signal: new AbortController().signal,
}

async function watched() {
  const worker = await startHttpWorker()
  let now = 1000
  const upstream = createUpstream({ url: worker.url })
  const watch = watchUplink(upstream, {
    clock: { now: () => now },
    timer: { ...systemTimer, ticks: () => now },
  })
  return {
    worker,
    watch,
    send: () => watch.upstream.send(Buffer.from('{"id":1,"command":"ping"}'), SEND),
    pass: (ms: number) => {
      now += ms
    },
    [Symbol.asyncDispose]: async () => {
      await upstream.close()
      await worker.stop()
    },
  }
}

describe('the watch on the way to the service', () => {
  it('knows nothing before the first exchange', async () => {
    await using it = await watched()
    expect(it.watch.told()).toEqual({ state: 'unknown', since: 1000 })
  })

  it('keeps the moment of the change, not of the last exchange', async () => {
    await using it = await watched()
    it.pass(10)
    await it.send()
    it.pass(10)
    await it.send()
    expect(it.watch.told()).toMatchObject({ state: 'up', since: 1010, answeredAt: 1020 })
    await it.worker.stop()
    it.pass(10)
    await it.send()
    expect(it.watch.told()).toMatchObject({ state: 'down', since: 1030, answeredAt: 1020 })
  })

  it('hears from a batch that the service is there, and nothing of how far it is', async () => {
    await using it = await watched()
    it.worker.behave(answerWith(200, '[{"status":"success"}]'))
    const { requestId, signal } = SEND
    await it.watch.upstream.sendBatch(Buffer.from('[]'), { requestId, signal })
    expect(it.watch.told()).toEqual({ state: 'up', since: 1000, answeredAt: 1000 })
    await it.worker.stop()
    await it.watch.upstream.sendBatch(Buffer.from('[]'), { requestId, signal })
    expect(it.watch.told()).toMatchObject({ state: 'down' })
  })

  it('takes what answers in the place of the service for no service', async () => {
    await using it = await watched()
    it.worker.behave(answerWith(200, '<html>Sign in</html>'))
    await it.send()
    expect(it.watch.told()).toMatchObject({
      state: 'down',
      detail: 'its HTTP 200 answer is not one of the session service',
    })
  })

  it('looks only if the last answer is older than a second', async () => {
    await using it = await watched()
    await it.send()
    it.worker.behave(answerWith(200, '{"status":"ok"}'))
    await it.watch.look()
    expect(it.worker.requests).toHaveLength(1)
    it.pass(1000)
    await it.watch.look()
    expect(it.worker.requests.map(({ path }) => path)).toEqual(['/v1/messages', '/healthz'])
  })

  it('looks after a second by the machine, though its clock was set back meanwhile', async () => {
    const upstream = { ...createUpstream({ url: 'http://127.0.0.1' }), probe: async () => false }
    const answer = succeed({ bytes: Buffer.from('{}'), outcome: 'success' })
    const timer = createManualTimer()
    let now = HOUR
    const watch = watchUplink(
      { ...upstream, send: async () => answer },
      { clock: { now: () => now }, timer }
    )
    await watch.upstream.send(Buffer.from('{}'), SEND)
    now = 0
    timer.advance(2 * SECOND)
    await watch.look()
    expect(watch.told()).toMatchObject({ state: 'down' })
  })

  it('gives a silent service one second, then tells that it is down', async () => {
    await using it = await watched()
    it.worker.behave(hang)
    await it.watch.look()
    expect(it.watch.told()).toMatchObject({ state: 'down' })
  })
})
