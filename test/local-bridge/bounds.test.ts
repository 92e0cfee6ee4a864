import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createAdmission } from '../../local-bridge/admission.ts'
import { LIMITS } from '../../local-bridge/limits.ts'
import { createMemory } from '../../local-bridge/memory.ts'
import { startBridgeFixture } from '../support/bridge-fixture.ts'
import { hold } from '../support/http-worker.ts'
import { createManualTimer, type ManualTimer } from '../support/manual-timer.ts'

const ping = (id: number) => ({ id, command: 'ping', parameters: {} })

describe('what the bridge holds at once', () => {
  it('is at most 1,024 requests and 64 MiB', () => {
    expect(LIMITS.requests).toBe(1024)
    expect(LIMITS.bytes).toBe(64 * 1024 * 1024)
  })

  it('is bounded in requests: further ones are refused at once and may be tried again', async () => {
    await using fixture = await startBridgeFixture({ limits: { requests: 2 } })
    const { behaviour, release } = hold()
    fixture.worker.behave(behaviour)
    const running = [fixture.ask(ping(1)), fixture.ask(ping(2))]
    expect(await fixture.ask(ping(3))).toMatchObject({
      id: 3,
      error_code: 'rate_limited',
      details: { retry_after_ms: 250 },
    })
    release()
    for (const reply of await Promise.all(running)) expect(reply.status).toBe('success')
    expect(await fixture.ask(ping(3))).toMatchObject({ id: 3, status: 'success' })
  })

  it('is bounded in bytes', async () => {
    await using fixture = await startBridgeFixture({ limits: { bytes: 120 } })
    const { behaviour, release } = hold()
    fixture.worker.behave(behaviour)
    const running = fixture.ask(ping(1))
    const large = { id: 2, command: 'ping', parameters: { message: 'a'.repeat(50) } }
    expect(await fixture.ask(large)).toMatchObject({ id: 2, error_code: 'rate_limited' })
    release()
    expect(await running).toMatchObject({ status: 'success' })
    expect(await fixture.ask(large)).toMatchObject({ id: 2, status: 'success' })
  })

  it('counts a request until its call has ended, though it was answered before', async () => {
    const timer = createManualTimer()
    await using fixture = await startBridgeFixture({ timer, limits: { requests: 1 } })
    const { behaviour, release } = hold()
    fixture.worker.behave(behaviour)
    const first = fixture.ask(ping(1))
    await fixture.worker.arrived(1)
    timer.advance(LIMITS.decideAfterMs)
    expect(await first).toMatchObject({ error_code: 'timeout' })
    expect(await fixture.ask(ping(2))).toMatchObject({ error_code: 'rate_limited' })
    release()
    await fixture.log.nth('late_outcome', 1)
    await setImmediate()
    expect(await fixture.ask(ping(2))).toMatchObject({ status: 'success' })
  })

  it('counts refused messages that wait for their turn too', async () => {
    await using fixture = await startBridgeFixture({ limits: { requests: 2 } })
    const { behaviour, release } = hold()
    fixture.worker.behave(behaviour)
    const running = [fixture.ask(ping(1)), fixture.ask('no JSON')]
    expect(await fixture.ask('no JSON')).toMatchObject({ error_code: 'rate_limited' })
    release()
    const [first, second] = await Promise.all(running)
    expect([first?.status, second?.error_code]).toEqual(['success', 'parse_error'])
  })
})

describe('reading during a burst', () => {
  const limits = { ...LIMITS, pauseAbove: 1 }

  it('waits until the burst is over', async () => {
    const admission = createAdmission({ limits, timer: createManualTimer() })
    await admission.room()
    const leave = [admission.enter(1), admission.enter(1)]
    const order: string[] = []
    const room = admission.room().then(() => order.push('room'))
    order.push('left')
    leave[0]?.()
    await room
    expect(order).toEqual(['left', 'room'])
  })

  it('loses patience after 150 ms and regains it when the burst is over', async () => {
    const timer = createManualTimer()
    const admission = createAdmission({ limits, timer })
    const leave = [admission.enter(1), admission.enter(1)]
    const room = admission.room()
    await pass(timer, 150)
    await room
    await admission.room()
    leave[0]?.()
    admission.enter(1)
    const again = admission.room()
    expect(timer.pending()).toBe(1)
    await pass(timer, 150)
    await again
  })

  /** In small steps, as the event loop sees it. */
  async function pass(timer: ManualTimer, ms: number) {
    for (let passed = 0; passed < ms; passed += 10) {
      timer.advance(10)
      await setImmediate()
    }
  }
})

describe('what the bridge remembers', () => {
  it('is forgotten after its time, and the oldest first when there is too much', () => {
    const timer = createManualTimer()
    const memory = createMemory<number>({ timer, entries: 2, ms: 10 })
    memory.set('a', 1)
    memory.set('b', 2)
    memory.set('a', 3)
    memory.set('c', 4)
    expect([memory.get('a'), memory.get('b'), memory.get('c')]).toEqual([3, undefined, 4])
    memory.delete('c')
    expect(memory.get('c')).toBeUndefined()
    timer.advance(10)
    expect(memory.get('a')).toBeUndefined()
  })
})
