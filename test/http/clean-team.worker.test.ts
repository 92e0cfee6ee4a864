// cleanup_image_sessions for a whole team, as the door puts the answers of the clients' objects together.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { objectOf, openSession, reported } from '../support/engine-door.ts'
import { ask, logged, workerWith } from '../support/worker.ts'

const CLEANUP = { scope: 'team', preserve_active: false, force: true }

/** Sessions of three clients on an image; gives the object of the second, to be broken. */
async function withBroken(image_id: string) {
  for (const n of [1, 2, 3]) {
    await openSession(`${image_id}-${n}`, { image_id })
    await reported(`${image_id}-${n}`)
  }
  return objectOf(`${image_id}-2`)
}

async function cleanUp(image_id: string) {
  const parameters = { ...CLEANUP, image_id }
  return (await ask({ command: 'cleanup_image_sessions', parameters })).reply
}

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

  it('names the clients whose objects fail, and visits them again when it is sent again', async () => {
    const object = await withBroken('fails')
    await runInDurableObject(object, (_, { storage }) =>
      storage.sql.exec('ALTER TABLE session RENAME TO lost')
    )
    const first = await cleanUp('fails')
    expect(first.result).toMatchObject({ sessions_cleaned: 2, missed_clients: ['fails-2'] })
    expect(first.meta?.warnings).toEqual([
      'Not cleaned up for fails-2: send the command again with the same cursor.',
    ])
    await runInDurableObject(object, (_, { storage }) =>
      storage.sql.exec('ALTER TABLE lost RENAME TO session')
    )
    const again = await cleanUp('fails')
    expect(again.result).toMatchObject({ sessions_cleaned: 1 })
    expect(again.result).not.toHaveProperty('missed_clients')
    expect(again.meta?.warnings).toBeUndefined()
  })

  it('is not spoiled by an object that throws whatever it is asked', async () => {
    const object = await withBroken('throws')
    await runInDurableObject(object, (_, { storage }) =>
      storage.sql.exec('ALTER TABLE schema_history RENAME COLUMN number TO lost')
    )
    await evictDurableObject(object)
    const reply = await cleanUp('throws')
    expect(reply.result).toMatchObject({ sessions_cleaned: 2, missed_clients: ['throws-2'] })
    expect(logged('fault')).toContainEqual(
      expect.objectContaining({ where: 'http', command: 'cleanup_image_sessions' })
    )
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
