// Bridge to images: shakes hands with each and pings it.

import { systemClock } from '../../../src/clock.ts'
import type { Config } from '../../config.ts'
import { openImage } from '../../images/image.ts'
import { readImageAddress } from '../../images/image-address.ts'
import { IMAGE_LIMITS } from '../../images/image-limits.ts'
import type { ImageSetting } from '../../images/images.ts'
import { PING } from '../../images/ping.ts'
import { systemChance, systemTimer, within } from '../../timer.ts'
import { broken, type Finding, ok, skipped, warning } from './finding.ts'

const HOP = 'image'

/** An image that works on something answers when it is done. */
const PATIENCE_MS = 3000

export async function checkImages({ images = [] }: Config): Promise<readonly Finding[]> {
  if (images.length === 0) {
    return [skipped(HOP, 'none is named; --image main=tcp://127.0.0.1:5560 names one')]
  }
  return Promise.all(images.map(checkImage))
}

async function checkImage({ name, address: text }: ImageSetting): Promise<Finding> {
  const address = readImageAddress(text)
  if (address === undefined) return broken(HOP, `${name}: ${text} is no address`, 'look at --image')
  const image = openImage(name, address, {
    ...{ timer: systemTimer, clock: systemClock, chance: systemChance },
    limits: { ...IMAGE_LIMITS, patienceMs: PATIENCE_MS },
    log: () => {},
    onChange: () => {},
  })
  const answer = await within(systemTimer, PATIENCE_MS, image.ask(PING).outcome)
  const { round_trip_ms } = image.health()
  image.close()
  const who = `${name} at ${address.text}`
  if (answer === undefined) {
    return warning(
      HOP,
      `${who} is connected but has not answered a ping for ${PATIENCE_MS / 1000} s`,
      'it may be evaluating something; if it stays so, look at its window'
    )
  }
  if (answer.ok) return ok(HOP, `${who} answers in ${round_trip_ms ?? '?'} ms`)
  const { failure } = answer
  const why = failure.reason === 'image_unreachable' ? failure.detail : failure.reason
  return broken(
    HOP,
    `${who}: ${why}`,
    'start the image with its REP socket there, or name the right address with --image'
  )
}
