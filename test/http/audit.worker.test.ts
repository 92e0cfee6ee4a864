// What the door tells the audit log of who asks, and what it logs of those who are not let in.

import { describe, expect, it } from 'vitest'
import { startDoor } from '../support/authenticating-door.ts'
import { MINUTE } from '../support/fixed-clock.ts'
import { logged, logLines, newClient } from '../support/worker.ts'

type Door = Awaited<ReturnType<typeof startDoor>>

async function entriesOf({ ask }: Door, client_id: string, token: string) {
  const { reply } = await ask({ command: 'get_audit_log', client_id }, token)
  return reply.result?.entries as Record<string, unknown>[]
}

describe('the audit log', () => {
  it('names the subject, the address, and what the token says of its tier and its end', async () => {
    const door = await startDoor()
    const [client_id, token] = [newClient(), await door.token('frida')]
    await door.ask({ command: 'create_session', client_id }, token, '2001:db8:1:2:3::4')
    const expires_at = expect.stringMatching(/^2026-03-01T09:\d\d:\d\d\.\d{3}Z$/)
    expect(await entriesOf(door, client_id, token)).toMatchObject([
      { action: 'ownership', actor: 'user-frida', address: '2001:db8:1:2' },
      { action: 'token', actor: 'user-frida', detail: { tier: 'free', expires_at } },
      { action: 'session_created', actor: 'user-frida' },
    ])
  })

  it('tells of a new token with the next row', async () => {
    const door = await startDoor()
    const client_id = newClient()
    for (let n = 0; n < 2; n += 1) {
      await door.ask({ command: 'create_session', client_id }, await door.token('frida'))
      door.clock.advance(MINUTE)
    }
    const entries = await entriesOf(door, client_id, await door.token('frida'))
    expect(entries.map(({ action }) => action)).toEqual([
      'ownership',
      'token',
      'session_created',
      'token',
      'session_created',
    ])
  })

  it('is shown to an admin of the team, and to nobody else but the owner', async () => {
    const door = await startDoor()
    const client_id = newClient()
    await door.ask({ command: 'create_session', client_id }, await door.token('frida'))
    const seenBy = async (user: 'frida' | 'enzo' | 'priya' | 'olga' | 'kiosk') =>
      (await entriesOf(door, client_id, await door.token(user))).length > 0
    expect(await seenBy('frida')).toBe(true)
    expect(await seenBy('enzo')).toBe(true)
    for (const stranger of ['priya', 'olga', 'kiosk'] as const) {
      expect(await seenBy(stranger)).toBe(false)
    }
  })
})

describe('a token that is not good', () => {
  it('is logged with its address and never with what it says, as often as an address may fail', async () => {
    const door = await startDoor()
    for (let n = 0; n < 14; n += 1) await door.ask({ command: 'ping' }, 'invented-token')
    const events = logged('token_refused')
    expect(events).toHaveLength(10)
    expect(events[0]).toEqual({
      event: 'token_refused',
      request_id: expect.any(String),
      reason: 'unauthenticated',
      address: '203.0.113.7',
    })
    expect(logLines().join('\n')).not.toContain('invented-token')
    await door.ask({ command: 'ping' }, await door.token('frida'))
    expect(logged('token_refused')).toHaveLength(10)
  })
})
