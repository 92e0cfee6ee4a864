import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createDestinations } from '../../local-bridge/destinations.ts'
import { IMAGE_LIMITS } from '../../local-bridge/images/image-limits.ts'
import type { NamedImage } from '../../local-bridge/images/session-images.ts'
import { LIMITS } from '../../local-bridge/limits.ts'
import { readRequest } from '../../local-bridge/request.ts'
import { createUpstream } from '../../local-bridge/upstream.ts'
import { succeed } from '../../src/outcome.ts'
import { fail } from '../../src/protocol/failures.ts'
import { createEventLog } from '../support/event-log.ts'
import { createManualTimer } from '../support/manual-timer.ts'

const INFO = { id: 'i', command: 'get_session_info', parameters: { session_id: 's' } }
const SWITCH = {
  ...{ id: 's', command: 'switch_image_context' },
  parameters: { session_id: 's', from_image_id: 'old', to_image_id: 'new' },
}
const EVALUATE = { id: 'e', command: 'evaluate', parameters: { session_id: 's', code: '1' } }

/** Messages to a service that answers when the test says so, and to images that note which of them was meant. */
function startDestinations() {
  const timer = createManualTimer()
  const answers = new Map<string, (result: object) => void>()
  const meant: NamedImage[] = []
  const upstream = {
    ...createUpstream({ url: 'http://127.0.0.1' }),
    send: async (body: Uint8Array) => {
      const { promise, resolve } = Promise.withResolvers<object>()
      answers.set(JSON.parse(String(body)).command, resolve)
      const bytes = Buffer.from(JSON.stringify({ status: 'success', result: await promise }))
      return succeed({ bytes, outcome: 'success' })
    },
  }
  const noImage = fail({ reason: 'image_unreachable', image: '', detail: '', may_have_run: false })
  const images = {
    find: (named: NamedImage) => {
      meant.push(named)
      return noImage
    },
    ...{ only: () => noImage, all: () => [], close: () => {} },
  }
  let ids = 0
  const destinations = createDestinations({
    ...{ upstream, timer, limits: LIMITS, log: createEventLog().log },
    newId: () => {
      ids += 1
      return String(ids)
    },
    passThrough: { images, limits: IMAGE_LIMITS },
  })
  function ask(message: object) {
    const read = readRequest([Buffer.from(JSON.stringify(message))])
    if (!read.ok || read.value.to === 'bridge') throw new Error('the message cannot be read')
    const arrival = { requestId: 'r', peer: JSON.stringify(message), turn: Promise.resolve() }
    return destinations.ask(read.value, arrival).outcome
  }
  return {
    ask,
    timer,
    answer: (command: string, result: object) => answers.get(command)?.(result),
    imageMeant: async () => {
      await ask(EVALUATE)
      return meant.at(-1)
    },
  }
}

const told = (image_id: string, revision: number) => ({ session_id: 's', image_id, revision })

describe('the image of a session that moves while somebody asks where it is', () => {
  it('is the new one, in whatever order the answers come', async () => {
    const { ask, answer, imageMeant } = startDestinations()
    const info = ask(INFO)
    const moved = ask(SWITCH)
    await Promise.resolve()
    answer('switch_image_context', told('new', 2))
    await moved
    answer('get_session_info', told('old', 1))
    await info
    expect(await imageMeant()).toEqual({ image_id: 'new' })
  })

  it('is the new one although the answer that tells it came when nobody waited for it', async () => {
    const { ask, answer, timer, imageMeant } = startDestinations()
    const moved = ask(SWITCH)
    await Promise.resolve()
    timer.advance(LIMITS.decideAfterMs)
    expect(await moved).toMatchObject({ ok: false, failure: { reason: 'timeout' } })
    answer('switch_image_context', told('new', 2))
    await setImmediate()
    expect(await imageMeant()).toEqual({ image_id: 'new' })
  })

  it('is the one that is told to whoever asks later, though its revision is an earlier one', async () => {
    const { ask, answer, imageMeant } = startDestinations()
    const moved = ask(SWITCH)
    await Promise.resolve()
    answer('switch_image_context', told('new', 2))
    await moved
    const info = ask(INFO)
    await Promise.resolve()
    answer('get_session_info', told('old', 1))
    await info
    expect(await imageMeant()).toEqual({ image_id: 'old' })
  })
})
