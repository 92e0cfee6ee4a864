// The images behind the bridge: those that the operator names, and those that messages and sessions name by address.
// Says which image a message means; what it cannot tell for sure it refuses, as code must not run in the wrong image.

import type { Outcome } from '../../src/outcome.ts'
import { succeed } from '../../src/outcome.ts'
import { type Failure, fail } from '../../src/protocol/failures.ts'
import { type Image, type ImageDependencies, openImage } from './image.ts'
import {
  type AddressRule,
  type ImageAddress,
  isOwnAddress,
  mayConnect,
  readImageAddress,
} from './image-address.ts'
import type { NamedImage } from './session-images.ts'

/** An image as the operator names it. */
export type ImageSetting = { readonly name: string; readonly address: string }

export type Images = {
  /** The image that is meant, the first where none is named; undefined if there is none at all. */
  find(named: NamedImage): Outcome<Image, Failure> | undefined
  /** The image where one is meant that nobody knows: the only one, if there is but one. */
  only(): Outcome<Image, Failure> | undefined
  all(): readonly Image[]
  close(): void
}

export type ImagesOptions = ImageDependencies & {
  readonly configured: readonly ImageSetting[]
  readonly rule: AddressRule
  /** Where the bridge listens. */
  readonly endpoint: string
}

type Named = { readonly image: Image; askedAt: number }

export function createImages({ configured, rule, endpoint, ...needs }: ImagesOptions): Images {
  const { timer, limits } = needs
  const byName = new Map<string, Image>()
  const byAddress = new Map<string, Image>()
  /** By address; the one that was asked last stands last. */
  const onlyNamed = new Map<string, Named>()
  for (const { name, address } of configured) {
    const read = readImageAddress(address)
    if (read === undefined) continue
    const image = openImage(name, read, needs)
    byName.set(name, image)
    if (!byAddress.has(read.text)) byAddress.set(read.text, image)
  }
  const [first] = byName.values()
  let cancelSweep = timer.after(limits.idleMs, sweep)

  function find({ image_id, image_address }: NamedImage): Outcome<Image, Failure> | undefined {
    const sameName = image_id === undefined ? undefined : byName.get(image_id)
    if (sameName !== undefined) return succeed(sameName)
    if (image_address !== undefined) return at(image_address, image_id)
    // An id is what somebody calls an image: with one image there is nothing else to be meant.
    if (first !== undefined && byName.size === 1) return succeed(first)
    if (first === undefined) return undefined
    if (image_id === undefined) return succeed(first)
    return refuse(image_id, 'no image of this name is known; start the bridge with --image')
  }

  function only(): Outcome<Image, Failure> | undefined {
    const known = all()
    if (first === undefined || known.length === 1) return find({})
    const choices = known.map(({ name }) => name)
    const detail = `several images are behind this bridge (${choices.join(', ')}), and nothing here tells which of them this session works on; name one with image_id, or send get_session_info of the session first, which tells it`
    return fail({ reason: 'image_unreachable', image: '', detail, may_have_run: false, choices })
  }

  function at(given: string, image_id = given): Outcome<Image, Failure> {
    const address = readImageAddress(given)
    if (address === undefined) return refuse(image_id, 'its address is not host:port')
    const known = byAddress.get(address.text)
    if (known !== undefined) return succeed(known)
    if (isOwnAddress(address, endpoint)) {
      // Who knows the bridge as the image means what stands behind it.
      return first === undefined
        ? refuse(image_id, 'its address is the bridge itself')
        : succeed(first)
    }
    if (!mayConnect(address, rule)) {
      return refuse(
        image_id,
        `the bridge may not connect to ${address.text}; name it with --image or see --allow-image-addresses`
      )
    }
    return opened(address, image_id)
  }

  function opened(address: ImageAddress, name: string): Outcome<Image, Failure> {
    const known = onlyNamed.get(address.text)
    if (known === undefined && !hasRoom()) {
      return fail({ reason: 'rate_limited', retry_after_ms: limits.retryAfterMs })
    }
    const image = known?.image ?? openImage(name, address, needs)
    onlyNamed.delete(address.text)
    onlyNamed.set(address.text, { image, askedAt: timer.ticks() })
    return succeed(image)
  }

  /** Makes room by letting the image go that was not asked for longest, unless it works. */
  function hasRoom(): boolean {
    if (byName.size + onlyNamed.size < limits.images) return true
    for (const [address, { image }] of onlyNamed) {
      if (!image.isIdle()) continue
      letGo(address, image)
      return true
    }
    return false
  }

  function sweep(): void {
    cancelSweep = timer.after(limits.idleMs, sweep)
    for (const [address, { image, askedAt }] of onlyNamed) {
      if (image.isIdle() && timer.ticks() - askedAt >= limits.idleMs) letGo(address, image)
    }
  }

  function letGo(address: string, image: Image): void {
    onlyNamed.delete(address)
    image.close()
  }

  const all = () => [...byName.values(), ...[...onlyNamed.values()].map(({ image }) => image)]
  return {
    find,
    only,
    all,
    close: () => {
      cancelSweep()
      for (const image of all()) image.close()
    },
  }
}

function refuse(image: string, detail: string): { ok: false; failure: Failure } {
  return fail({ reason: 'image_unreachable', image, detail, may_have_run: false })
}
