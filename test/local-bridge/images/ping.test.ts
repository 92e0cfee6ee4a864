import { describe, expect, it } from 'vitest'
import { PING, readPong } from '../../../local-bridge/images/ping.ts'
import { readMessage } from '../../../src/protocol/message.ts'

const pong = (value: unknown) => readPong([Buffer.from(JSON.stringify(value))])

describe('the ping of an image', () => {
  it('is a message of dialect A', () => {
    expect(readMessage(PING.toString()).message).toMatchObject({ value: { command: 'ping' } })
  })

  it.each([
    ['dialect A', { result: { epoch: 'e-1', image_version: '12.0', version: '1' } }],
    ['dialect D', { data: { epoch: 'e-1', version: '12.0' } }],
    ['dialect C', { payload: { data: { data: { started_at: 'e-1', version: '12.0' } } } }],
  ])('tells epoch and version in %s', (_, value) => {
    expect(pong(value)).toEqual({ epoch: 'e-1', version: '12.0' })
  })

  it('may tell a time as a number, or nothing that is of use', () => {
    expect(pong({ result: { started_at: 17 } })).toEqual({ epoch: '17' })
    expect(pong({ result: { epoch: 'x'.repeat(256), version: {} } })).toEqual({})
    for (const value of [null, 'pong', [], { result: 'pong' }]) expect(pong(value)).toEqual({})
    expect(readPong([Buffer.from([0xff])])).toEqual({})
    expect(readPong([])).toEqual({})
  })
})
