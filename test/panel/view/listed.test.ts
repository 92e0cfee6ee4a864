// How a session stands, as time goes by.

import { describe, expect, it } from 'vitest'
import { isRunning, lastActivity, sessionOf, standingOf } from '../../../src/panel/view/listed.ts'
import { image, listed, NOW } from './scene.ts'

const MINUTE = 60_000

describe('an active session', () => {
  const session = sessionOf(listed({ timeout: 3600, time_until_expiry: 3300 }), NOW)

  it('was used when its lease was last as long as ever', () => {
    expect(lastActivity(session)).toBe(NOW - 300_000)
  })

  it('whose lease has just ended is not said to be used just now', () => {
    const ended = sessionOf(listed({ timeout: 60, time_until_expiry: 0 }), NOW)
    expect(lastActivity(ended)).toBe(Date.parse(listed().last_modified))
    expect(standingOf(ended, undefined, NOW)).toBe('expired')
  })

  it('is expiring in its last five minutes, and then expired without a word from anybody', () => {
    const standing = (at: number) => standingOf(session, undefined, NOW + at)
    expect(standing(49 * MINUTE)).toBe('active')
    expect(standing(50 * MINUTE)).toBe('expiring')
    expect(standing(55 * MINUTE - 1)).toBe('expiring')
    expect(standing(55 * MINUTE)).toBe('expired')
    expect(isRunning(session, NOW + 55 * MINUTE)).toBe(false)
  })

  it('with a short lease is expiring in the last quarter of it', () => {
    const short = sessionOf(listed({ timeout: 60, time_until_expiry: 60 }), NOW)
    expect(standingOf(short, undefined, NOW + 44_000)).toBe('active')
    expect(standingOf(short, undefined, NOW + 45_000)).toBe('expiring')
  })

  it('is orphaned while its image is, whatever was told with the session itself', () => {
    const told = { ...session, orphaned: true }
    expect(standingOf(told, undefined, NOW)).toBe('orphaned')
    expect(standingOf(told, image(), NOW)).toBe('active')
    expect(standingOf(session, image({ image_status: 'Orphaned' }), NOW)).toBe('orphaned')
    expect(standingOf(session, image({ image_status: 'Disconnected' }), NOW)).toBe('active')
  })
})

it('a closed session is closed, even if its image is orphaned', () => {
  const session = sessionOf(listed({ status: 'closed', is_active: false, is_closed: true }), NOW)
  expect(standingOf(session, image({ image_status: 'Orphaned' }), NOW)).toBe('closed')
})
