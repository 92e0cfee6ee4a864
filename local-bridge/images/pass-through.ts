// Puts the pass-through together: the images behind a bridge and the reports about them.

import { hash } from 'node:crypto'
import { hostname } from 'node:os'
import { systemClock } from '../../src/clock.ts'
import type { PassThrough } from '../destinations.ts'
import type { Log } from '../events.ts'
import { isLoopback } from '../listen-address.ts'
import { systemChance, systemTimer } from '../timer.ts'
import type { Upstream } from '../upstream.ts'
import { type AddressRule, readImageAddress } from './image-address.ts'
import { IMAGE_LIMITS, type ImageLimits } from './image-limits.ts'
import { createImageReports, type ImageReports } from './image-reports.ts'
import { createImages, type ImageSetting } from './images.ts'

export type PassThroughOptions = {
  readonly images?: readonly ImageSetting[]
  readonly allowImageAddresses?: AddressRule
  readonly imageLimits?: ImageLimits
  /** Where the bridge listens. */
  readonly endpoint: string
  readonly upstream: Upstream
  readonly log: Log
}

export function openPassThrough({
  images: configured = [],
  imageLimits: limits = IMAGE_LIMITS,
  endpoint,
  upstream,
  log,
  allowImageAddresses: rule = ruleFor(endpoint),
}: PassThroughOptions): PassThrough & Pick<ImageReports, 'stop'> {
  const images = createImages({
    ...{ configured, rule, endpoint, limits, log },
    ...{ timer: systemTimer, clock: systemClock, chance: systemChance },
    onChange: () => reports.changed(),
  })
  const reports = createImageReports({
    ...{ images: images.all, upstream, limits, log },
    ...{ timer: systemTimer, chance: systemChance },
    reporter: hash('sha256', `${hostname()} ${endpoint}`).slice(0, 16),
  })
  return { images, limits, stop: reports.stop }
}

/** Who connects from another machine does not reach this one's ports through the bridge. */
function ruleFor(endpoint: string): AddressRule {
  return isLoopback(readImageAddress(endpoint)?.host ?? '') ? 'loopback' : 'none'
}
