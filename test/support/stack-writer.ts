// A client that counts in its session's state, and knows what was acknowledged and what was only sent.

import { expect } from 'vitest'
import type { Reply } from './reply.ts'
import { connectReq, type ReqClient } from './req-client.ts'

export type Writer = {
  /** The count of the last acknowledged update. */
  acknowledged(): number
  /** Sends the next update; false if the stack died before it was acknowledged. */
  write(death: Promise<void>): Promise<boolean>
  /** Opens a new socket where a request was in flight, as a TUI does whose REQ socket is stuck. */
  recover(): void
  /** Restores: what was acknowledged must be there, and nothing that was never sent. */
  verify(): Promise<void>
  close(): void
}

/** Makes states differ in size, so that pages of the database are written anew. */
const NOTES = 'Smalltalk '.repeat(100)

export async function createWriter(endpoint: string, clientId: string): Promise<Writer> {
  let client: ReqClient = connectReq(endpoint)
  let isStuck = false
  let acknowledged = 0
  let sent = 0
  let questions = 0

  const created = await client.ask({
    id: `${clientId}-create`,
    command: 'create_session',
    parameters: { client_id: clientId, state_data: stateAt(0) },
  })
  const session_id = textOf(created, 'session_id')
  const firstRevision = numberOf(created, 'revision')

  /** The same update has the same message id, however often it is sent. */
  async function sendUpdate(count: number): Promise<void> {
    const reply = await client.ask({
      id: `${clientId}-update-${count}`,
      command: 'update_session_state',
      parameters: { session_id, state_data: stateAt(count) },
    })
    expect(reply).toMatchObject({ status: 'success', meta: { persistence: 'durable' } })
    expect(numberOf(reply, 'revision')).toBe(firstRevision + count)
    acknowledged = count
  }

  async function restoredCount(): Promise<number> {
    questions += 1
    const id = `${clientId}-restore-${questions}`
    const reply = await client.ask({ id, command: 'restore_session', parameters: { session_id } })
    expect(reply).toMatchObject({ id, status: 'success' })
    const count = countIn(reply.result?.session_state)
    expect(reply.result?.session_state).toEqual(stateAt(count))
    expect(reply.result?.recovered_from).toBeUndefined()
    expect(numberOf(reply, 'revision')).toBe(firstRevision + count)
    return count
  }

  return {
    acknowledged: () => acknowledged,
    write: async (death) => {
      sent = acknowledged + 1
      const update = sendUpdate(sent).then(() => true)
      const outcome = await Promise.race([update, death.then(() => false)])
      isStuck = !outcome
      // A socket that is closed while it waits says so; nobody listens any more.
      if (isStuck) update.catch(() => {})
      return outcome
    },
    recover: () => {
      if (!isStuck) return
      client.close()
      client = connectReq(endpoint)
      isStuck = false
    },
    verify: async () => {
      const count = await restoredCount()
      expect(count).toBeGreaterThanOrEqual(acknowledged)
      expect(count).toBeLessThanOrEqual(sent)
    },
    close: () => client.close(),
  }
}

function stateAt(count: number) {
  return { counter: count, notes: NOTES.slice(0, (count * 37) % NOTES.length) }
}

function countIn(state: unknown): number {
  const counter = typeof state === 'object' && state !== null && 'counter' in state && state.counter
  if (typeof counter !== 'number') throw new Error('the state holds no counter')
  return counter
}

function numberOf({ result }: Reply, name: string): number {
  const value = result?.[name]
  if (typeof value !== 'number') throw new Error(`the result has no ${name}`)
  return value
}

function textOf({ result }: Reply, name: string): string {
  const value = result?.[name]
  if (typeof value !== 'string') throw new Error(`the result has no ${name}`)
  return value
}
