// What a client's object knows of images: asked of the directory, remembered for a moment, and never in the way.

import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createImages, type Need } from '../../src/client-object/images.ts'
import type { WantedImages } from '../../src/image/record.ts'
import { MINUTE, SECOND } from '../support/fixed-clock.ts'
import { teamHost } from '../support/team.ts'

const WANTED = { ids: ['pharo'], others: 0, subject: 'enzo' }

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

/** A directory that can be cut off, or keep silent; time runs out when a test lets it. */
function scene() {
  const team = teamHost()
  const asked: WantedImages[] = []
  const signals: AbortSignal[] = []
  const behind: Promise<unknown>[] = []
  const link = { isDown: false, isSilent: false, gate: Promise.resolve() }
  const patience = Promise.withResolvers<void>()
  const images = createImages({
    clock: team.clock,
    directoryOf: () => ({
      imagesOf: async (wanted) => {
        asked.push(wanted)
        if (link.isDown) throw new Error('the directory cannot be reached')
        if (link.isSilent) await new Promise(() => {})
        const told = team.directory.imagesOf(wanted)
        await link.gate
        return told
      },
    }),
    wait: (_, signal) => {
      signals.push(signal)
      return patience.promise
    },
    behind: (work) => behind.push(work),
  })
  return {
    ...{ ...team, asked, signals, behind, link, loseExpectation: patience.resolve },
    of: (need: Need, wanted: WantedImages = WANTED, of = 'local') => images.of(of, wanted, need),
    report: (epoch: string) =>
      team.done('report_image_status', { image_id: 'pharo', status: 'Connected', epoch }),
  }
}

describe('The images that an object knows', () => {
  it('are what the directory says', async () => {
    const { of, done } = scene()
    done('report_image_status', { image_id: 'pharo', status: 'Connected', name: 'Pharo' })
    expect(await of('status')).toMatchObject([
      { image_id: 'pharo', image_name: 'Pharo', reported_status: 'Connected' },
    ])
  })

  it('are asked for once in two seconds, and once for all who ask at the same time', async () => {
    const { of, asked, clock } = scene()
    await Promise.all([of('status'), of('status')])
    clock.advance(2 * SECOND - 1)
    await of('status', { ...WANTED })
    expect(asked).toHaveLength(1)
    clock.advance(1)
    await of('status')
    expect(asked).toHaveLength(2)
  })

  it('are remembered one by one, whatever else was asked in between', async () => {
    const { of, asked } = scene()
    for (const ids of [['pharo'], ['squeak'], ['pharo'], ['squeak', 'pharo']]) {
      await of('status', { ...WANTED, ids })
    }
    expect(asked).toHaveLength(2)
  })

  it('are asked for anew when others are wanted, or by somebody else, or of another team', async () => {
    const { of, asked } = scene()
    await of('status')
    await of('status', { ...WANTED, ids: ['squeak'] })
    await of('status', { ...WANTED, others: 5 })
    await of('status', { ...WANTED, subject: 'other' })
    await of('status', WANTED, 'another')
    expect(asked).toHaveLength(5)
  })

  it('are unknown while the directory cannot be reached, and known soon after it can', async () => {
    const { of, link, clock } = scene()
    link.isDown = true
    expect(await of('status')).toBeUndefined()
    expect(await of('status')).toBeUndefined()
    link.isDown = false
    clock.advance(2 * SECOND)
    expect(await of('status')).toHaveLength(1)
  })

  it('are unknown if the directory takes too long', async () => {
    const { of, link, loseExpectation } = scene()
    link.isSilent = true
    const told = of('status')
    loseExpectation()
    expect(await told).toBeUndefined()
  })

  it('are not what a late answer says that was asked for before', async () => {
    const { of, report, link } = scene()
    const opened = Promise.withResolvers<void>()
    report('first')
    link.gate = opened.promise
    const late = of('start')
    link.gate = Promise.resolve()
    report('second')
    await of('start', { ...WANTED, ids: ['pharo', 'squeak'] })
    opened.resolve()
    expect(await late).toMatchObject([{ epoch: 'first' }])
    expect(await of('start')).toMatchObject([{ epoch: 'second' }])
  })

  it('leave no timer behind when the directory has answered', async () => {
    const { of, signals } = scene()
    await of('status')
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })
})

describe('A command that needs only the start of an image', () => {
  it('takes what was known a minute ago at once, and asks behind its answer', async () => {
    const { of, report, behind, clock } = scene()
    report('first')
    await of('start')
    report('second')
    clock.advance(MINUTE - 1)
    expect(of('start')).toMatchObject([{ epoch: 'first' }])
    expect(behind).toHaveLength(1)
    await Promise.all(behind)
    expect(of('start')).toMatchObject([{ epoch: 'second' }])
  })

  it('does not wait for a directory that hangs while it knows enough', async () => {
    const { of, report, link, clock } = scene()
    report('first')
    await of('status')
    link.isSilent = true
    clock.advance(3 * SECOND)
    expect(of('start')).toMatchObject([{ epoch: 'first' }])
    expect(of('start')).toMatchObject([{ epoch: 'first' }])
  })

  it('waits where nothing is known, once', async () => {
    const { of, link, clock, asked, loseExpectation } = scene()
    link.isSilent = true
    const first = of('start')
    expect(first).toBeInstanceOf(Promise)
    loseExpectation()
    expect(await first).toBeUndefined()
    expect(of('start')).toBeUndefined()
    clock.advance(3 * SECOND)
    expect(of('start')).toBeUndefined()
    expect(asked).toHaveLength(2)
  })

  it('waits again when what is known is a minute old', async () => {
    const { of, report, clock } = scene()
    report('first')
    await of('start')
    report('second')
    clock.advance(MINUTE)
    const told = of('start')
    expect(told).toBeInstanceOf(Promise)
    expect(await told).toMatchObject([{ epoch: 'second' }])
  })

  it('keeps what it knew when the directory fails', async () => {
    const { of, report, link, behind, clock } = scene()
    report('first')
    await of('start')
    link.isDown = true
    clock.advance(3 * SECOND)
    of('start')
    await Promise.all(behind)
    expect(of('start')).toMatchObject([{ epoch: 'first' }])
    expect(await of('status')).toBeUndefined()
  })
})

describe('The classes that another image lacks', () => {
  const MOVE = { ...WANTED, classes: ['MyParser', 'Point'] }

  it('are asked for each time, and remembered for nobody', async () => {
    const { of, asked, done } = scene()
    done('report_image_status', { image_id: 'pharo', status: 'Connected', classes: ['Point'] })
    expect(await of('start', MOVE)).toMatchObject([{ missing_classes: ['MyParser'] }])
    expect(await of('start', { ...MOVE, classes: ['Point'] })).toMatchObject([
      { missing_classes: [] },
    ])
    const [image] = (await of('start')) ?? []
    expect(image).toMatchObject({ image_id: 'pharo', reported_status: 'Connected' })
    expect(image).not.toHaveProperty('missing_classes')
    expect(asked).toHaveLength(2)
  })

  it('are unknown while the directory fails or keeps silent, and the image is what it was', async () => {
    const { of, report, link, loseExpectation } = scene()
    report('first')
    await of('start')
    for (const fault of ['isDown', 'isSilent'] as const) {
      link[fault] = true
      const told = of('start', MOVE)
      loseExpectation()
      const [image] = (await told) ?? []
      expect(image).toMatchObject({ epoch: 'first' })
      expect(image).not.toHaveProperty('missing_classes')
      link[fault] = false
    }
  })

  it('are unknown with the image where nothing was known before', async () => {
    const { of, link } = scene()
    link.isDown = true
    expect(await of('start', MOVE)).toBeUndefined()
  })
})
