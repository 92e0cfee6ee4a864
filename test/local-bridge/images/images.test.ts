import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { IMAGE_LIMITS, type ImageLimits } from '../../../local-bridge/images/image-limits.ts'
import { createImages, type ImageSetting } from '../../../local-bridge/images/images.ts'
import { createEventLog } from '../../support/event-log.ts'
import { createManualTimer } from '../../support/manual-timer.ts'

function imagesWith(configured: readonly ImageSetting[], limits: Partial<ImageLimits> = {}) {
  const timer = createManualTimer()
  const images = createImages({
    ...{ configured, timer, rule: 'loopback', endpoint: 'tcp://127.0.0.1:5555' },
    limits: { ...IMAGE_LIMITS, ...limits },
    clock: { now: () => 0 },
    chance: () => 0.5,
    log: createEventLog().log,
    onChange: () => {},
  })
  const found = (image_id?: string, image_address?: string) => {
    const result = images.find({
      ...(image_id !== undefined && { image_id }),
      ...(image_address !== undefined && { image_address }),
    })
    if (result === undefined) return undefined
    return result.ok ? result.value.address : result.failure
  }
  return { images, timer, found, [Symbol.dispose]: images.close }
}

const one = { name: 'one', address: 'tcp://127.0.0.1:1' }
const two = { name: 'two', address: 'tcp://localhost:2' }

describe('the image that is meant', () => {
  it('is the one of that name, whatever address is named with it: an image may have moved', () => {
    using fixture = imagesWith([one, two])
    expect(fixture.found('two')).toBe('127.0.0.1:2')
    expect(fixture.found('two', '127.0.0.1:3')).toBe('127.0.0.1:2')
  })

  it('is the one at that address if the name is unknown', () => {
    using fixture = imagesWith([one, two])
    expect(fixture.found('Pharo 12', 'localhost:2')).toBe('127.0.0.1:2')
    expect(fixture.found('Pharo 12', '127.0.0.1:3')).toBe('127.0.0.1:3')
  })

  it('is the only one there is if a message knows no more than what it calls it', () => {
    using alone = imagesWith([one])
    expect(alone.found('Pharo 12')).toBe('127.0.0.1:1')
    using several = imagesWith([one, two])
    expect(several.found('Pharo 12')).toMatchObject({ reason: 'image_unreachable' })
    using none = imagesWith([])
    expect(none.found('Pharo 12')).toBeUndefined()
  })

  it('is never looked for by a name that a message gave to an address', () => {
    using fixture = imagesWith([one, two])
    expect(fixture.found('mine', '127.0.0.1:3')).toBe('127.0.0.1:3')
    expect(fixture.found('mine')).toMatchObject({ reason: 'image_unreachable' })
  })
})

describe('images that messages name', () => {
  it('are bounded; the one that was not asked for longest goes first', () => {
    using fixture = imagesWith([one], { images: 3 })
    const ask = (port: number) => fixture.found(undefined, `127.0.0.1:${port}`)
    for (const port of [10, 11, 10, 12]) ask(port)
    expect(fixture.images.all().map(({ address }) => address)).toEqual([
      '127.0.0.1:1',
      '127.0.0.1:10',
      '127.0.0.1:12',
    ])
  })

  it('are refused when all that are there have work to do', () => {
    using fixture = imagesWith([], { images: 1 })
    const busy = fixture.images.find({ image_address: '127.0.0.1:10' })
    if (busy?.ok) busy.value.ask(Buffer.from('{}'))
    expect(fixture.found(undefined, '127.0.0.1:11')).toMatchObject({ reason: 'rate_limited' })
  })

  it('are let go when nobody has asked them for ten minutes', async () => {
    using fixture = imagesWith([one])
    fixture.found(undefined, '127.0.0.1:10')
    fixture.timer.advance(IMAGE_LIMITS.idleMs / 2)
    fixture.found(undefined, '127.0.0.1:11')
    fixture.timer.advance(IMAGE_LIMITS.idleMs / 2)
    await setImmediate()
    expect(fixture.images.all().map(({ address }) => address)).toEqual([
      '127.0.0.1:1',
      '127.0.0.1:11',
    ])
    expect(IMAGE_LIMITS.idleMs).toBe(600_000)
  })
})
