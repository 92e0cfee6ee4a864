import { expect, it } from 'vitest'
import { createImageCalls } from '../../../local-bridge/images/image-calls.ts'
import { IMAGE_LIMITS } from '../../../local-bridge/images/image-limits.ts'
import { createSessionImages } from '../../../local-bridge/images/session-images.ts'
import { createMemory } from '../../../local-bridge/memory.ts'
import { readRequest } from '../../../local-bridge/request.ts'
import { createEventLog } from '../../support/event-log.ts'
import { createManualTimer } from '../../support/manual-timer.ts'

it('a message for an image that cannot be opened is told so at once, and everybody who joined it', async () => {
  const timer = createManualTimer()
  const opening = () => {
    throw new Error('too many open files')
  }
  const calls = createImageCalls({
    images: { find: opening, only: opening, all: () => [], close: () => {} },
    ...{ sessions: createSessionImages(10), timer, limits: IMAGE_LIMITS },
    latestOfPeer: createMemory<string>({ timer, entries: 10, ms: 1000 }),
    log: createEventLog().log,
  })
  const read = readRequest([Buffer.from('{"id":1,"command":"evaluate","parameters":{}}')])
  if (!read.ok || read.value.to !== 'image') throw new Error('the message cannot be read')
  const arrival = { requestId: 'r', peer: 'p', turn: Promise.resolve() }
  const asked = [calls.ask(read.value, arrival), calls.ask(read.value, arrival)]
  const held = Promise.allSettled(asked.map(({ held }) => held))
  const outcomes = await Promise.allSettled(asked.map(({ outcome }) => outcome))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect((await held).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(timer.pending()).toBe(0)
})
