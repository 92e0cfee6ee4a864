// When images are looked at again because silence or time may have changed them.

import { describe, expect, it } from 'vitest'
import { unreported } from '../../../src/image/record.ts'
import { statusOf } from '../../../src/image/status.ts'
import { nextLook } from '../../../src/panel/view/due.ts'
import { image, NOW } from './scene.ts'

const seen = (ago: number) => new Date(NOW - ago).toISOString()
const look = (its: Parameters<typeof image>[0], isTold = true) => {
  const at = nextLook([image(its)], { lookedAt: NOW, isTold })
  return at === undefined ? undefined : at - NOW
}

describe('the next look', () => {
  it('at a connected image is when silence would have made it disconnected', () => {
    const record = { ...unreported('x', NOW), reported_status: 'Connected' as const }
    const after = look({}) ?? 0
    expect(statusOf(record, NOW + after - 1000).status).toBe('Connected')
    expect(statusOf(record, NOW + after).status).toBe('Disconnected')
  })

  it('at a disconnected image is when it becomes orphaned', () => {
    const last_seen = seen(100_000)
    const record = { ...unreported('x', NOW - 100_000), reported_status: 'Disconnected' as const }
    const after = look({ image_status: 'Disconnected', last_seen }) ?? 0
    expect(statusOf(record, NOW + after - 1000).image_status).toBe('Disconnected')
    expect(statusOf(record, NOW + after).image_status).toBe('Orphaned')
  })

  it('at an orphaned or unknown image is never, because its return would be told', () => {
    expect(look({ image_status: 'Orphaned' })).toBe(undefined)
    expect(look({ image_status: 'Unknown' })).toBe(undefined)
    expect(look({ image_status: 'Orphaned' }, false)).toBe(30_500)
  })

  it('never follows the one before at once', () => {
    const its = { image_status: 'Disconnected', last_seen: seen(400_000) } as const
    expect(look(its)).toBe(5500)
  })

  it('is the first of all images', () => {
    const images = [image(), image({ image_status: 'Disconnected', last_seen: seen(290_000) })]
    expect(nextLook(images, { lookedAt: NOW, isTold: true })).toBe(NOW + 10_500)
  })
})
