import { describe, expect, it } from 'vitest'
import { createCourier } from '../../../local-bridge/replica/courier.ts'
import { toJsonText } from '../../../src/protocol/json-text.ts'
import { createManualTimer } from '../../support/manual-timer.ts'

/** A courier whose service never answers; gives after how many milliseconds it stops waiting. */
async function waitsFor(start: (courier: ReturnType<typeof createCourier>) => Promise<unknown>) {
  const timer = createManualTimer()
  let endedAt: number | undefined
  const silent = ({ signal }: { readonly signal: AbortSignal }) =>
    new Promise<{ ok: false; failure: { reason: 'aborted' } }>((resolve) => {
      signal.addEventListener('abort', () => {
        endedAt = timer.ticks()
        resolve({ ok: false, failure: { reason: 'aborted' } })
      })
    })
  const courier = createCourier({
    upstream: { send: (_, options) => silent(options), sendBatch: (_, options) => silent(options) },
    ...{ timer, newId: () => 'request', onSilence: () => {} },
  })
  const done = start(courier)
  timer.advance(60_000)
  await done
  return endedAt
}

const parcel = (bytes: number) => ({
  body: toJsonText('x'.repeat(bytes - 2)),
  deliveryId: 'd',
  acknowledged: { base_revision: 1 },
})

describe('an answer that never comes, on a connection that stands', () => {
  it('holds up small work for four seconds, and large work for as long as a slow line takes', async () => {
    expect(await waitsFor(({ deliver }) => deliver([parcel(1000)]))).toBe(4010)
    expect(await waitsFor(({ deliver }) => deliver([parcel(1_000_000)]))).toBe(14_000)
    const batch = await waitsFor(({ deliver }) => deliver([parcel(1000), parcel(1000)]))
    expect(batch).toBeGreaterThan(4010)
    expect(batch).toBeLessThan(4100)
  })

  it('holds up a question for eight seconds', async () => {
    expect(await waitsFor(({ ask }) => ask('get_session_info', {}))).toBe(8000)
  })
})
