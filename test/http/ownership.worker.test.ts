// A client id that the credentials do not cover is answered like one that does not exist.

import { describe, expect, it } from 'vitest'
import { startDoor } from '../support/authenticating-door.ts'
import { newClient, type WorkerReply } from '../support/worker.ts'

describe('credentials for some clients only', () => {
  it('may use those that they cover', async () => {
    const { ask, token } = await startDoor()
    const kiosk = await token('kiosk')
    for (const client_id of ['kiosk-1', 'till']) {
      expect((await ask({ command: 'create_session', client_id }, kiosk)).status).toBe(200)
      const list = await ask({ command: 'list_client_sessions', client_id }, kiosk)
      expect(list.reply.result?.session_count).toBe(1)
    }
  })

  it('learn nothing of the others, whether they exist or not', async () => {
    const { ask, token } = await startDoor()
    const [frida, kiosk] = [await token('frida'), await token('kiosk')]
    const client_id = newClient()
    const created = await ask({ command: 'create_session', client_id }, frida)
    const session_id = created.reply.result?.session_id
    const unknown = newClient()

    for (const [theirs, nobodys] of [
      [{ client_id }, { client_id: unknown }],
      [
        { client_id, session_id },
        { client_id: unknown, session_id },
      ],
      [{ session_id }, { session_id: 'session_1_1_forged' }],
    ]) {
      const message = { command: 'restore_session', latest: true }
      const [one, other] = [
        await ask({ ...message, ...theirs }, kiosk),
        await ask({ ...message, ...nobodys }, kiosk),
      ]
      expect(one.reply.error_code).toBe('session_not_found')
      expect(told(one.reply)).toEqual(told(other.reply))
    }
    const list = await ask({ command: 'list_client_sessions', client_id }, kiosk)
    expect(list.reply.result).toMatchObject({ session_count: 0, sessions: [] })
    const create = await ask({ command: 'create_session', client_id }, kiosk)
    expect(create.reply.error_code).toBe('client_not_allowed')
  })

  it('leave nothing behind that would make them the owner', async () => {
    const { ask, token } = await startDoor()
    const client_id = newClient()
    await ask({ command: 'create_session', client_id }, await token('kiosk'))
    const { status } = await ask({ command: 'create_session', client_id }, await token('frida'))
    expect(status).toBe(200)
  })
})

describe('a subscription', () => {
  it('decides how many sessions a client may have', async () => {
    const { ask, token } = await startDoor()
    const limitOf = async (user: 'frida' | 'priya') => {
      const [client_id, own] = [newClient(), await token(user)]
      const codes = []
      for (let n = 0; n < 6; n += 1) {
        codes.push((await ask({ command: 'create_session', client_id }, own)).reply.error_code)
      }
      return codes.at(-1)
    }
    expect(await limitOf('frida')).toBe('session_limit_exceeded')
    expect(await limitOf('priya')).toBe('rate_limited')
  })
})

/** What a stranger learns from a refusal. */
function told({ error, error_type, error_code, details }: WorkerReply) {
  return { error, error_type, error_code, details }
}
