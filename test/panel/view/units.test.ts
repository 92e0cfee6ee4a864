// Sizes and times as people read them.

import { describe, expect, it } from 'vitest'
import { agoText, bytesText, countText, durationText } from '../../../src/panel/view/units.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 KB'],
  [2149, '2.1 KB'],
  [216_000, '216 KB'],
  [1_000_000, '1 MB'],
])('%i bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})

describe('a time', () => {
  it.each([
    [-5, '0 s'],
    [45 * SECOND, '45 s'],
    [4 * MINUTE + 5 * SECOND, '4 min 05 s'],
    [2 * HOUR + 9 * MINUTE, '2 h 09 min'],
    [DAY, '1 day'],
    [3 * DAY + HOUR, '3 days'],
  ])('of %i ms is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })

  it.each([
    [9 * SECOND, 'just now'],
    [59 * SECOND, '50 s ago'],
    [5 * MINUTE, '5 min ago'],
    [5 * HOUR, '5 h ago'],
    [2 * DAY, '2 days ago'],
  ])('that is %i ms past is %s', (ms, text) => {
    expect(agoText(ms)).toBe(text)
  })
})

it('says one of one, and several of several', () => {
  expect([0, 1, 2].map((count) => countText(count, 'session'))).toEqual([
    '0 sessions',
    '1 session',
    '2 sessions',
  ])
})
