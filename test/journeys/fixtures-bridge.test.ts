// The seeds' own messages, from a real REQ socket through the bridge to the built Worker, in every dialect.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, startDesk } from '../support/desk.ts'
import { CASES, type Members, play } from '../support/fixtures.ts'

let desk: Desk

beforeAll(async () => {
  desk = await startDesk()
})

afterAll(() => desk.stop())

const send = async (message: Members) =>
  JSON.parse((await desk.client.send(JSON.stringify(message))).toString()) as Members

describe('the bridge answers the examples of the seeds as the seeds show', () => {
  it.each(CASES)('%s', async (title, fixture, dialect) => {
    const client_id = title.replaceAll(/[^a-z0-9]+/gi, '-')
    expect(await play(fixture, dialect, { send, client_id })).toEqual([])
  })
})

describe('a message that a client sends again', () => {
  it('has one effect; the same command under a new id is a new one', async () => {
    const created = await desk.client.ask({
      id: 'c1',
      command: 'create_session',
      client_id: 'again',
    })
    const session_id = created.result?.session_id
    const close = { id: 'c2', command: 'close_session', parameters: { session_id } }
    const first = await desk.client.ask(close)
    const repeated = await desk.client.ask(close)
    expect(repeated).toMatchObject({ status: 'success', meta: { replayed: true } })
    expect(repeated.result).toEqual(first.result)
    expect(await desk.client.ask({ ...close, id: 'c3' })).toMatchObject({
      error_code: 'session_closed',
    })
  })
})

describe('a body larger than a message may be', () => {
  it('is answered with 413 by the Worker on a real connection', async () => {
    const body = 'x'.repeat(3 * 1024 * 1024)
    const response = await fetch(`${desk.url}/v1/messages`, { method: 'POST', body })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ error_code: 'payload_too_large' })
  })
})
