// What a bridge knows of the start that an image is in.

import { describe, expect, it } from 'vitest'
import { createImageHealth } from '../../../local-bridge/images/image-health.ts'
import { announcementOf } from '../../../local-bridge/live/bridge-events.ts'
import { fixedClock, SECOND } from '../../support/fixed-clock.ts'

function scene() {
  const clock = fixedClock()
  const health = createImageHealth({ clock, chance: () => 0.5 })
  const pong = (epoch?: string) => health.pong([Buffer.from(JSON.stringify({ result: { epoch } }))])
  const connect = () => {
    clock.advance(SECOND)
    health.down()
    health.up()
  }
  connect()
  return { health, pong, connect }
}

describe('An image that says which start it is in', () => {
  it('was started anew when it says another one, not when it is met first or connected again', () => {
    const { pong, connect } = scene()
    expect(pong('morning')).toEqual({ isNew: true, isRestarted: false })
    expect(pong('morning')).toEqual({ isNew: false, isRestarted: false })
    connect()
    expect(pong('morning')).toEqual({ isNew: true, isRestarted: false })
    connect()
    expect(pong('noon')).toEqual({ isNew: true, isRestarted: true })
  })
})

describe('An image that does not say which start it is in', () => {
  it('counts as started anew with each further connection', () => {
    const { health, pong, connect } = scene()
    expect(pong()).toEqual({ isNew: true, isRestarted: false })
    expect(pong()).toEqual({ isNew: false, isRestarted: false })
    const { epoch } = health.told()
    connect()
    expect(pong()).toEqual({ isNew: true, isRestarted: true })
    expect(health.told().epoch).not.toBe(epoch)
  })
})

describe('An image that was started anew', () => {
  it('is told to the subscribers of the bridge, by its name alone', () => {
    const event = { event: 'image_restarted', image: 'main', address: 'localhost:5555' } as const
    expect(announcementOf(event)).toEqual({ type: 'image.restarted', data: { image: 'main' } })
  })
})
