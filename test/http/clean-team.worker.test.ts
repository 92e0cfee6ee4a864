// cleanup_image_sessions for a whole team, as the door puts the answers of the clients' objects together.

import { describe, expect, it } from 'vitest'
import { openSession, reported } from '../support/engine-door.ts'
import { ask, workerWith } from '../support/worker.ts'

const CLEANUP = { scope: 'team', preserve_active: false, force: true }

describe('The cleanup of a team', () => {
  it('does not ask to be repeated for clients that the operator keeps out', async () => {
    for (const client of ['allowed', 'denied']) {
      await openSession(client, { image_id: 'old' })
      await reported(client)
    }
    const door = workerWith({ STUI_DENIED_CLIENTS: 'denied' })
    const parameters = { ...CLEANUP, image_id: 'old' }
    const { reply } = await ask({ command: 'cleanup_image_sessions', parameters }, {}, door)
    expect(reply.result).toMatchObject({ sessions_cleaned: 1, next_cursor: '' })
    expect(reply.meta?.warnings).toBeUndefined()
  })

  it('says that it is a replay when each part is one', async () => {
    for (const client of ['again-1', 'again-2']) {
      await openSession(client, { image_id: 'again' })
      await reported(client)
    }
    const message = {
      command: 'cleanup_image_sessions',
      idempotency_key: 'once',
      parameters: { ...CLEANUP, image_id: 'again', dry_run: true },
    }
    const first = await ask(message)
    expect(first.reply.meta?.replayed).toBeUndefined()
    const again = await ask(message)
    expect(again.reply.meta?.replayed).toBe(true)
    const { restorable_until: _, ...told } = first.reply.result ?? {}
    expect(again.reply.result).toMatchObject(told)
  })
})
