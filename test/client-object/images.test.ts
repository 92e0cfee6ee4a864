// What a client's object knows of images: asked of the directory, remembered for a moment, and never in the way.

import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createImages } from '../../src/client-object/images.ts'
import type { WantedImages } from '../../src/image/record.ts'
import { SECOND } from '../support/fixed-clock.ts'
import { teamHost } from '../support/team.ts'

const WANTED = { ids: ['pharo'], others: 0 }

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

/** A directory that can be cut off, or keep silent; time runs out when a test lets it. */
function scene() {
  const team = teamHost()
  const asked: WantedImages[] = []
  const link = { isDown: false, isSilent: false }
  const patience = Promise.withResolvers<void>()
  const images = createImages({
    clock: team.clock,
    directoryOf: () => ({
      imagesOf: async (wanted) => {
        asked.push(wanted)
        if (link.isDown) throw new Error('the directory cannot be reached')
        if (link.isSilent) await new Promise(() => {})
        return team.directory.imagesOf(wanted)
      },
    }),
    wait: () => patience.promise,
  })
  return { ...team, asked, images, link, loseExpectation: patience.resolve }
}

describe('The images that an object knows', () => {
  it('are what the directory says', async () => {
    const { images, done } = scene()
    done('report_image_status', { image_id: 'pharo', status: 'Connected', name: 'Pharo' })
    expect(await images.of('local', WANTED)).toMatchObject([
      { image_id: 'pharo', image_name: 'Pharo', reported_status: 'Connected' },
    ])
  })

  it('are asked for once in two seconds, and once for all who ask at the same time', async () => {
    const { images, asked, clock } = scene()
    await Promise.all([images.of('local', WANTED), images.of('local', WANTED)])
    clock.advance(2 * SECOND - 1)
    await images.of('local', { ...WANTED })
    expect(asked).toHaveLength(1)
    clock.advance(1)
    await images.of('local', WANTED)
    expect(asked).toHaveLength(2)
  })

  it('are asked for anew when others are wanted', async () => {
    const { images, asked } = scene()
    await images.of('local', WANTED)
    await images.of('local', { ids: ['squeak'], others: 0 })
    await images.of('another', { ids: ['squeak'], others: 0 })
    expect(asked).toHaveLength(3)
  })

  it('are unknown while the directory cannot be reached, and known soon after it can', async () => {
    const { images, link, clock } = scene()
    link.isDown = true
    expect(await images.of('local', WANTED)).toBeUndefined()
    link.isDown = false
    clock.advance(2 * SECOND)
    expect(await images.of('local', WANTED)).toHaveLength(1)
  })

  it('are unknown if the directory takes too long', async () => {
    const { images, link, loseExpectation } = scene()
    link.isSilent = true
    const told = images.of('local', WANTED)
    loseExpectation()
    expect(await told).toBeUndefined()
  })
})
