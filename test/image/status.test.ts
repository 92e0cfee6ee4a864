// Whether an image is there: from what was reported, and from how long ago.

import { describe, expect, it } from 'vitest'
import { type ImageRecord, unreported } from '../../src/image/record.ts'
import { isOrphaned, statusOf } from '../../src/image/status.ts'
import { SECOND, START } from '../support/fixed-clock.ts'

const image = (change: Partial<ImageRecord> = {}): ImageRecord => ({
  ...unreported('pharo', START),
  reported_status: 'Connected',
  round_trip_ms: 4,
  ...change,
})

const told = (record: ImageRecord | undefined, seconds: number) => {
  const { status, image_status, connection_status, connection_health } = statusOf(
    record,
    START + seconds * SECOND
  )
  return [status, image_status, connection_status, connection_health]
}

describe('An image that was reported connected', () => {
  it.each([
    [0, ['Connected', 'Connected', 'Connected', 'Healthy']],
    [10, ['Connected', 'Connected', 'Connected', 'Healthy']],
    [10.001, ['Connected', 'Connected', 'Reconnecting', 'Warning']],
    [29.999, ['Connected', 'Connected', 'Reconnecting', 'Warning']],
    [30, ['Disconnected', 'Disconnected', 'Disconnected', 'Critical']],
    [299.999, ['Disconnected', 'Disconnected', 'Disconnected', 'Critical']],
    [300, ['Disconnected', 'Orphaned', 'Disconnected', 'Critical']],
  ])('is, after %s seconds of silence, %j', (seconds, expected) => {
    expect(told(image(), seconds)).toEqual(expected)
  })

  it.each([
    [null, 'Unknown'],
    [250, 'Healthy'],
    [250.1, 'Warning'],
    [1000, 'Warning'],
    [1000.1, 'Critical'],
  ] as const)('with a round trip of %s ms has the health %s', (round_trip_ms, health) => {
    expect(told(image({ round_trip_ms }), 0).at(-1)).toBe(health)
  })
})

describe('An image that was reported away', () => {
  const away = image({ reported_status: 'Disconnected', last_report: START + 20 * SECOND })

  it('is disconnected at once, and orphaned when nobody saw it for the grace time', () => {
    expect(told(away, 20)).toEqual(['Disconnected', 'Disconnected', 'Disconnected', 'Critical'])
    expect(told(away, 299.999)[1]).toBe('Disconnected')
    expect(told(away, 300)[1]).toBe('Orphaned')
  })

  it('is orphaned however often its absence is reported', () => {
    const still = image({ reported_status: 'Disconnected', last_report: START + 400 * SECOND })
    expect(isOrphaned(still, START + 400 * SECOND)).toBe(true)
  })

  it('is told as failed if the bridge says so', () => {
    expect(told(image({ reported_status: 'Failed' }), 0)).toEqual([
      'Disconnected',
      'Disconnected',
      'Failed',
      'Critical',
    ])
  })
})

describe('An image that nobody has reported', () => {
  it.each([undefined, unreported('pharo', START)])('is unknown, and never orphaned', (record) => {
    expect(told(record, 100_000)).toEqual(['Unknown', 'Unknown', 'Unknown', 'Unknown'])
    expect(isOrphaned(record, START + 100_000 * SECOND)).toBe(false)
  })
})
