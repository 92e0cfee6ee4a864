import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCourier } from '../../../local-bridge/replica/courier.ts'
import { deliver } from '../../../local-bridge/replica/deliver.ts'
import { openReplica } from '../../../local-bridge/replica/replica.ts'
import type { NewEntry } from '../../../local-bridge/replica/tables/journal.ts'
import { createUpstream, type Upstream } from '../../../local-bridge/upstream.ts'
import { testCipher } from '../../support/engine-cipher.ts'
import { seededBytes } from '../../support/engine-random.ts'
import { createEventLog } from '../../support/event-log.ts'
import { fixedClock } from '../../support/fixed-clock.ts'
import { answerWith, type HttpWorker, startHttpWorker } from '../../support/http-worker.ts'
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

const MESSAGE = JSON.stringify({
  ...{ id: 'm', command: 'update_session_state', idempotency_key: 'k' },
  parameters: { session_id: 's', state_data: { n: 1 } },
})

const ENTRY: NewEntry = {
  ...{ team: 'local', client_id: 'desk', session_id: 's', queue: 's', promised: null, at: 0 },
  ...{ command: 'update_session_state', delivery_id: 'd', base: 1, message: MESSAGE },
}

/** A replica with work for the session `s`, in front of a service that answers as it is told to. */
function startDelivery() {
  const clock = fixedClock()
  const { log } = createEventLog()
  const replica = openReplica(':memory:', '0pc7Q7K2i1kbcGS6MEECkW', {
    ...{ cipher: testCipher('a'), clock, random: seededBytes(1) },
    onFault: (error) => {
      throw error
    },
  })
  const courier = createCourier({
    ...{ upstream, timer: createManualTimer(), newId: () => 'r', onSilence: () => {} },
  })

  /** Delivers one entry that is answered like this; gives the request that came. */
  async function delivered(result: object, meta: object = {}, entry: Partial<NewEntry> = {}) {
    replica.journal.append({ ...ENTRY, ...entry })
    worker.behave(answerWith(200, JSON.stringify({ id: 'm', status: 'success', result, meta })))
    await deliver(replica.journal.first('s', 1), { courier, clock, log, replica: () => replica })
    expect(replica.journal.held().entries).toBe(0)
    const { headers, body } = worker.requests.at(-1) ?? expect.fail('nothing was sent')
    return { headers, message: JSON.parse(body.toString()) }
  }

  replica.copies.ensure('s')
  return { delivered, copies: replica.copies }
}

const REPLAYED = { replayed: true }

describe('work behind what was delivered', () => {
  it('is done on the revision that the service has told', async () => {
    const { delivered, copies } = startDelivery()
    await delivered({ session_id: 's', revision: 2 })
    expect(copies.find('s')).toMatchObject({ synced_revision: 2 })
    const { headers } = await delivered({ session_id: 's', revision: 3 })
    expect(headers).toMatchObject({ 'x-base-revision': '2' })
  })

  it('is done on the revision that is known since, if that is later than the one of what took effect unheard', async () => {
    const { delivered, copies } = startDelivery()
    copies.change('s', { synced_revision: 5 })
    await delivered({ session_id: 's', revision: 2 }, REPLAYED)
    const { headers } = await delivered({ session_id: 's', revision: 6 })
    expect(headers).toMatchObject({ 'x-base-revision': '5' })
  })

  it('is done on what was told, even if that is less, where it was done just now', async () => {
    const { delivered, copies } = startDelivery()
    copies.change('s', { synced_revision: 5 })
    await delivered({ session_id: 's', revision: 2 })
    expect(copies.find('s')).toMatchObject({ synced_revision: 2 })
  })
})

describe('work behind a lease', () => {
  it.each(['renew_session', 'restore_session'])(
    'that was %s is done on what it was done on here, whatever revision the service has by now',
    async (command) => {
      const { delivered, copies } = startDelivery()
      copies.change('s', { synced_revision: 5 })
      await delivered({ session_id: 's', revision: 7 }, {}, { command })
      const { headers } = await delivered({ session_id: 's', revision: 8 })
      expect(headers).toMatchObject({ 'x-base-revision': '5' })
    }
  )
})

describe('work behind a conflict', () => {
  const conflict = { session_id: 's', current_revision: 9, copy_is_active: true }

  it('goes to the copy, as the message that came and under the same delivery', async () => {
    const { delivered, copies } = startDelivery()
    copies.change('s', { synced_revision: 8 })
    const first = await delivered({ session_id: 'copy', revision: 1, conflict })
    expect(first.headers).not.toHaveProperty('x-target-session')
    const { headers, message } = await delivered({ session_id: 'copy', revision: 2 })
    expect(headers).toMatchObject({
      ...{ 'x-delivery-id': 'd', 'x-base-revision': '1', 'x-target-session': 'copy' },
    })
    expect(message).toEqual(JSON.parse(MESSAGE))
    expect(copies.find('s')).toMatchObject({ target: 'copy', synced_revision: 2 })
  })

  it('is done on what the copy is, where it took effect unheard in the conflict itself', async () => {
    const { delivered, copies } = startDelivery()
    copies.change('s', { synced_revision: 8 })
    await delivered({ session_id: 'copy', revision: 1, conflict }, REPLAYED)
    expect(copies.find('s')).toMatchObject({ target: 'copy', synced_revision: 1 })
  })

  it('is done on what the copy was, behind what took effect unheard in the session itself', async () => {
    const { delivered, copies } = startDelivery()
    copies.change('s', { target: 'copy', synced_revision: 2 })
    await delivered({ session_id: 's', revision: 7 }, REPLAYED)
    expect(copies.find('s')).toMatchObject({ target: 'copy', synced_revision: 2 })
  })
})
