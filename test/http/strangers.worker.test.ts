// What the door does for somebody whose token is not good: it asks who it is first, and spends next to nothing on the rest.

import { describe, expect, it } from 'vitest'
import { MAX_MEMBERS } from '../../src/protocol/limits.ts'
import { startDoor } from '../support/authenticating-door.ts'
import { answerOf, ask, post } from '../support/worker.ts'

const LARGE = 64 * 1024

describe('A message of somebody without a good token', () => {
  it('is taken off the wire only when it is known that the token is none', async () => {
    const order: string[] = []
    const { door, requests } = await startDoor('introspection')
    const body = new ReadableStream(
      {
        pull: (controller) => {
          order.push(`read after ${requests('/introspect')} questions`)
          controller.enqueue(new TextEncoder().encode('{"id":1,"command":"ping"}'))
          controller.close()
        },
      },
      { highWaterMark: 0 }
    )
    const request = new Request('http://localhost/v1/messages', {
      method: 'POST',
      body,
      headers: { authorization: 'Bearer invented' },
    })
    const { status, reply } = await answerOf(await door.fetch(request))
    expect({ status, code: reply.error_code }).toEqual({ status: 401, code: 'unauthenticated' })
    expect(order).toEqual(['read after 1 questions'])
  })

  it('is refused in its own dialect and by its own id', async () => {
    const { door } = await startDoor()
    const message = { request_type: 'Ping', params: {} }
    const typed = await door.fetch(
      new Request('http://localhost/v1/messages', { method: 'POST', body: JSON.stringify(message) })
    )
    expect(await typed.json()).toMatchObject({ response_type: 'Error' })
    expect((await ask({ id: 'mine', command: 'ping' }, {}, door)).reply.id).toBe('mine')
  })

  it('is not looked at when it is large', async () => {
    const { door } = await startDoor()
    const large = JSON.stringify({ id: 'mine', command: 'ping', text: 'x'.repeat(LARGE) })
    const { status, reply } = await post(large, {}, door)
    expect({ status, id: reply.id }).toEqual({ status: 401, id: null })
  })

  it('is refused for the token even where it is no message at all', async () => {
    const { door } = await startDoor()
    for (const body of ['{', 'x'.repeat(3_000_000), '[]']) {
      expect((await post(body, {}, door)).reply.error_code).toBe('unauthenticated')
    }
  })
})

describe('A message with more members than any command has', () => {
  it('is refused', async () => {
    const many = Object.fromEntries(Array.from({ length: MAX_MEMBERS }, (_, n) => [`k${n}`, 1]))
    const { reply } = await ask({ id: 5, command: 'ping', ...many })
    expect(reply).toMatchObject({ id: 5, error_code: 'invalid_request' })
  })

  it('has so many of those named that are ignored', async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`k${n}`, 1]))
    const { meta } = (await ask({ command: 'ping', parameters: many })).reply
    expect(meta?.warnings).toHaveLength(21)
    expect(meta?.warnings?.at(-1)).toBe('80 more unknown parameters were ignored.')
  })
})
