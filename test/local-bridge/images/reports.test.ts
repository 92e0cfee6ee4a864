import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { IMAGE_LIMITS, type ImageLimits } from '../../../local-bridge/images/image-limits.ts'
import { reportImageStatus } from '../../../src/protocol/commands/report-image-status.ts'
import type { HttpWorker } from '../../support/http-worker.ts'
import { type ImageStandIn, startImage } from '../../support/image-stand-in.ts'
import { FOREVER_MS } from '../../support/patience.ts'
import { connectReq } from '../../support/req-client.ts'
import { runBridge, runBridgeBefore } from '../../support/running-bridge.ts'

const message = z.object({ command: z.literal('report_image_status'), parameters: z.unknown() })

/** The nth report, once it has arrived. */
async function report({ arrived, requests }: HttpWorker, nth: number) {
  await arrived(nth)
  const { parameters } = message.parse(JSON.parse(String(requests[nth - 1]?.body)))
  return reportImageStatus.parameters.strict().parse(parameters)
}

const behind = (main: ImageStandIn, limits: Partial<ImageLimits> = {}) =>
  runBridgeBefore({ main }, limits)

/** Reports tell of what has changed, and nothing by the clock. */
const ONLY_CHANGES = { reportMs: FOREVER_MS }

describe("what the team's directory is told of an image", () => {
  it('is that it is connected as soon as it answers, and disconnected as soon as it is gone', async () => {
    await using image = await startImage({ epoch: 'start-1' })
    await using running = await behind(image, ONLY_CHANGES)
    expect(await report(running.worker, 1)).toMatchObject({
      image_id: 'main',
      status: 'Connected',
      address: image.address.replace('tcp://', ''),
      version: '12.0',
      epoch: 'start-1',
      round_trip_ms: expect.any(Number),
      reporter: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    await image.kill()
    expect(await report(running.worker, 2)).toMatchObject({ status: 'Disconnected' })
    await image.start('start-2')
    expect(await report(running.worker, 3)).toMatchObject({ status: 'Connected', epoch: 'start-2' })
  })

  it('has an epoch of the bridge where the image says none: each connection is a new one', async () => {
    await using image = await startImage()
    await using running = await behind(image, ONLY_CHANGES)
    const first = await report(running.worker, 1)
    expect(first.epoch).toMatch(/^\d+-[0-9a-z]+$/)
    await image.kill()
    await image.start()
    expect(await report(running.worker, 2)).toMatchObject({ status: 'Disconnected' })
    const second = await report(running.worker, 3)
    expect(second.epoch).not.toBe(first.epoch)
  })

  it('is repeated every five seconds', async () => {
    expect(IMAGE_LIMITS.reportMs).toBe(5000)
    await using image = await startImage()
    await using running = await behind(image, { reportMs: 20 })
    const facts = [1, 2, 3].map((nth) => report(running.worker, nth))
    for (const told of await Promise.all(facts)) expect(told.image_id).toBe('main')
  })

  it('is logged when the directory says something new to it', async () => {
    await using image = await startImage()
    await using running = await behind(image, { reportMs: 20 })
    expect(await running.log.nth('image_reported', 1)).toMatchObject({ outcome: 'success' })
    await running.worker.stop()
    expect(await running.log.nth('image_reported', 2)).toMatchObject({ outcome: 'unreachable' })
    await running.worker.start()
    expect(await running.log.nth('image_reported', 3)).toMatchObject({ outcome: 'success' })
  })

  it('includes images that messages named, under the name that they gave', async () => {
    await using image = await startImage()
    const imageLimits = { ...IMAGE_LIMITS, patienceMs: FOREVER_MS }
    await using running = await runBridge({}, { imageLimits })
    const client = connectReq(running.endpoint)
    await client.send(
      JSON.stringify({ command: 'evaluate', image_id: 'Pharo 12', image_address: image.address })
    )
    client.close()
    expect(await report(running.worker, 1)).toMatchObject({ image_id: 'Pharo 12' })
  })
})

describe('an image that is connected but gives no answer', () => {
  it('is logged as silent once, and as answering again', async () => {
    await using image = await startImage()
    await using running = await behind(image, { silentMs: 100, answerMs: FOREVER_MS })
    const client = connectReq(running.endpoint)
    const reply = client.send('{"id":1,"command":"evaluate","parameters":{"held":true}}')
    expect(await running.log.nth('image_silent', 1)).toMatchObject({ image: 'main' })
    image.release(1)
    await reply
    await running.log.nth('image_answers', 1)
    expect(running.log.of('image_silent')).toHaveLength(1)
    client.close()
  })
})
