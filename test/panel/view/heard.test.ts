// What a socket says, and when it may be opened again.

import { describe, expect, it } from 'vitest'
import { isOfImage, isOfSession, mayOpenAgain, readHeard } from '../../../src/panel/view/heard.ts'
import { EVENT_TYPES, makeEvent, mayReconnect } from '../../../src/protocol/event.ts'

describe('a message of a socket', () => {
  it('tells of a session what the service wrote', () => {
    const event = makeEvent({
      source: '/clients/client_001',
      type: 'session.moved',
      time: '2026-03-01T09:00:00.000Z',
      sequence: 7,
      data: {
        client_id: 'client_001',
        session_id: 'session_1',
        status: 'active',
        revision: 3,
        state_bytes: 216,
        expires_at: '2026-03-01T10:00:00.000Z',
        image_id: 'pharo',
      },
    })
    expect(readHeard(JSON.stringify(event))).toEqual({
      type: 'session.moved',
      sequence: 7,
      at: Date.parse('2026-03-01T09:00:00.000Z'),
      session_id: 'session_1',
      client_id: 'client_001',
      status: 'active',
      revision: 3,
      state_bytes: 216,
      expires_at: Date.parse('2026-03-01T10:00:00.000Z'),
      image_id: 'pharo',
    })
  })

  it('tells of an image, and of its own opening', () => {
    const data = { image_id: 'pharo', image_status: 'Orphaned', connection_status: 'Disconnected' }
    const time = '2026-03-01T09:00:00.000Z'
    const changed = { type: 'image.changed', sequence: 3, time, data }
    expect(readHeard(JSON.stringify(changed))).toMatchObject({
      type: 'image.changed',
      image_id: 'pharo',
      image_status: 'Orphaned',
    })
    const opened = { type: 'stream.opened', sequence: 3, data: { after: 1, missed: true } }
    expect(readHeard(JSON.stringify(opened))).toEqual({
      type: 'stream.opened',
      sequence: 3,
      missed: true,
    })
  })

  it('tells which start an image is in now', () => {
    const data = { image_id: 'pharo', image_status: 'Connected', epoch: 'second' }
    const time = '2026-03-01T09:00:00.000Z'
    const restarted = { type: 'image.restarted', sequence: 3, time, data }
    const heard = readHeard(JSON.stringify(restarted))
    expect(heard).toMatchObject({ type: 'image.restarted', image_id: 'pharo', epoch: 'second' })
    expect(heard !== undefined && isOfImage(heard)).toBe(true)
  })

  it('tells that bridges have to be asked for', () => {
    const changed = { type: 'bridge.changed', sequence: 9, data: { bridge_id: 'x' } }
    const heard = readHeard(JSON.stringify(changed))
    expect(heard).toEqual({ type: 'bridge.changed', sequence: 9 })
    expect(heard !== undefined && isOfSession(heard)).toBe(false)
  })

  it.each([
    '',
    'null',
    '7',
    '{}',
    '{"type":"session.updated","sequence":1}',
    '{"type":"other","sequence":1}',
  ])('that is none is passed over: %s', (text) => {
    expect(readHeard(text)).toBe(undefined)
  })

  it('is known for every type of event that sessions have', () => {
    for (const type of EVENT_TYPES.filter((one) => one.startsWith('session.'))) {
      const data = { session_id: 's', client_id: 'c' }
      expect(readHeard(JSON.stringify({ type, sequence: 1, data }))?.type).toBe(type)
    }
  })
})

it('a socket may be opened again after exactly the codes that the protocol names', () => {
  for (const code of [1000, 1001, 1006, 3999, 4000, 4001, 4099, 4100, 4150, 4199, 4200]) {
    expect(mayOpenAgain(code)).toBe(mayReconnect(code))
  }
})
