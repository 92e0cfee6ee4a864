import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCourier } from '../../../local-bridge/replica/courier.ts'
import { createUpstream, type Upstream } from '../../../local-bridge/upstream.ts'
import { batchText } from '../../../src/protocol/batch.ts'
import type { JsonText } from '../../../src/protocol/json-text.ts'
import {
  answer,
  answerWith,
  type Behaviour,
  type HttpWorker,
  reset,
  startHttpWorker,
} from '../../support/http-worker.ts'
import { createManualTimer } from '../../support/manual-timer.ts'

let worker: HttpWorker
let upstream: Upstream

beforeEach(async () => {
  worker = await startHttpWorker()
  upstream = createUpstream({ url: worker.url })
})

afterEach(async () => {
  await upstream.close()
  await worker.stop()
})

function startCourier() {
  const timer = createManualTimer()
  let silences = 0
  const courier = createCourier({
    ...{ upstream, timer, newId: () => 'r' },
    onSilence: () => {
      silences += 1
    },
  })
  const paths = () => worker.requests.map(({ path }) => path)
  return { courier, timer, paths, silences: () => silences }
}

const BIG = '{"command":"update_session_state","n":12345678901234567890}' as JsonText
const PARCELS = ['d1', 'd2', 'd3'].map((deliveryId) => ({
  ...{ body: BIG, deliveryId, acknowledged: { base_revision: 4 } },
}))

const done = (revision: number) =>
  `{"id":1,"status":"success","result":{"session_id":"s","revision":${revision}}}`
const LIMITED =
  '{"id":1,"status":"error","error":"Wait.","error_code":"rate_limited","details":{"retry_after_ms":70}}'

/** Batches like this, and messages with success. */
function batches(behaviour: Behaviour): Behaviour {
  return (request, response, nth) =>
    (request.path === '/v1/batches' ? behaviour : answer)(request, response, nth)
}

describe('parcels', () => {
  it('go in one request, each on top of the one before it, to the letter', async () => {
    const { courier, paths } = startCourier()
    worker.behave(answerWith(200, `[${done(5)},${done(6)}]`))
    const answers = await courier.deliver(PARCELS)
    expect(answers).toMatchObject([{ result: { revision: 5 } }, { result: { revision: 6 } }])
    expect(paths()).toEqual(['/v1/batches'])
    expect(worker.requests[0]?.body.toString()).toBe(
      batchText([
        { delivery_id: 'd1', base_revision: 4, message: BIG },
        { delivery_id: 'd2', base_revision: 'previous', message: BIG },
        { delivery_id: 'd3', base_revision: 'previous', message: BIG },
      ])
    )
  })

  it('say which session their work goes to, where a conflict has led it away', async () => {
    const { courier } = startCourier()
    const acknowledged = { base_revision: 4, target: 'copy' }
    const ledAway = PARCELS.map((parcel) => ({ ...parcel, acknowledged }))
    worker.behave(answerWith(200, `[${done(5)},${done(6)},${done(7)}]`))
    await courier.deliver(ledAway)
    await courier.deliver(ledAway.slice(0, 1))
    const [together, alone] = worker.requests
    expect(JSON.parse(String(together?.body))).toMatchObject([
      { base_revision: 4, target: 'copy' },
      { base_revision: 'previous', target: 'copy' },
      { base_revision: 'previous', target: 'copy' },
    ])
    expect(alone?.headers).toMatchObject({ 'x-base-revision': '4', 'x-target-session': 'copy' })
  })

  it('that the service makes wait say for how long, behind those that were taken', async () => {
    const { courier, silences } = startCourier()
    worker.behave(answerWith(200, `[${done(5)},${LIMITED}]`))
    expect(await courier.deliver(PARCELS)).toMatchObject([
      { ok: true },
      { ok: false, code: 'rate_limited', retryAfterMs: 70 },
    ])
    expect(silences()).toBe(0)
  })

  it('are one message if there is one', async () => {
    const { courier, paths } = startCourier()
    expect(await courier.deliver(PARCELS.slice(0, 1))).toHaveLength(1)
    expect(paths()).toEqual(['/v1/messages'])
    expect(worker.requests[0]?.headers).toMatchObject({
      'x-delivery-id': 'd1',
      'x-base-revision': '4',
    })
  })

  it('that got no answer tell so, once', async () => {
    const { courier, paths, silences } = startCourier()
    worker.behave(reset)
    expect(await courier.deliver(PARCELS)).toEqual([])
    expect(silences()).toBe(1)
    expect(paths()).toEqual(['/v1/batches'])
  })
})

describe('a service that does not know batches', () => {
  it.each([404, 405])(
    'gets one message at a time, and is asked again after ten minutes: HTTP %i',
    async (status) => {
      const { courier, timer, paths, silences } = startCourier()
      worker.behave(batches(answerWith(status, '<html>nothing here</html>')))
      expect(await courier.deliver(PARCELS)).toHaveLength(1)
      expect(await courier.deliver(PARCELS)).toHaveLength(1)
      expect(paths()).toEqual(['/v1/batches', '/v1/messages', '/v1/messages'])
      timer.advance(600_000)
      await courier.deliver(PARCELS)
      expect(paths().slice(3)).toEqual(['/v1/batches', '/v1/messages'])
      expect(silences()).toBe(0)
    }
  )

  it.each([
    ['a refusal of the whole', 401, '{"id":null,"status":"error","error":"No.","error_code":"x"}'],
    ['a page of a proxy', 502, '<html>bad gateway</html>'],
    ['no replies at all', 200, '[]'],
    ['a list of something else', 200, '[1]'],
  ])(
    'is not what answers with %s: the first message is told what is wrong',
    async (_, status, text) => {
      const { courier, paths } = startCourier()
      worker.behave(batches(answerWith(status, text)))
      expect(await courier.deliver(PARCELS)).toHaveLength(1)
      await courier.deliver(PARCELS)
      expect(paths()).toEqual(['/v1/batches', '/v1/messages', '/v1/batches', '/v1/messages'])
    }
  )
})
