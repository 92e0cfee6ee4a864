import { expect, it } from 'vitest'
import { finish } from '../../../local-bridge/replica/finish.ts'
import { LEVEL } from '../../../local-bridge/replica/tables/copies.ts'
import { fixedClock } from '../../support/fixed-clock.ts'
import { openFolder, ROUTE } from './replica-fixture.ts'

const QUEUE = 'a'

/** A queue with two copies that are as the service has them, and a service that answers when the test says so. */
function startFinish() {
  const opened = openFolder()
  const { only, replicas } = opened
  for (const session_id of ['a', 'b']) {
    only.copies.ensure(session_id)
    only.copies.change(session_id, { queue: QUEUE, level: LEVEL.exact })
  }
  const asked: { readonly session: string; give(isDone: boolean): void }[] = []
  const pull = {
    session: (_: string, session: string) =>
      new Promise<boolean>((give) => asked.push({ session, give })),
  }
  const store = (revision: number) =>
    only.store.sessions.insert({
      ...{ session_id: 'b', name: '', status: 'active', timeout: 60, created_at: 0 },
      ...{ last_modified: 0, last_activity: 0, expires_at: 0, closed_at: null },
      ...{ close_reason: null, revision, state_bytes: 0, stored_bytes: 0, sequence: 1 },
      ...{ image_id: '', image_address: '', image_name: '', image_version: '' },
      ...{ image_metadata: '{}', client_info: '{}' },
    })
  return {
    ...{ only, asked, store },
    run: () => finish(ROUTE, QUEUE, { replicas, pull, clock: fixedClock() }),
    [Symbol.dispose]: () => opened[Symbol.dispose](),
  }
}

/** Lets what was resolved be heard. */
const turns = () => new Promise(setImmediate)

it('a copy is compared as it is then, not as it was when another one of its queue was asked for', async () => {
  using stage = startFinish()
  const { only, asked, run, store } = stage
  only.store.prepare(0)
  const number = store(1)
  only.copies.change('b', { synced_revision: 1 })
  const done = run()
  expect(asked.map(({ session }) => session)).toEqual(['a'])
  // An answer of the service passes and is taken over.
  only.store.sessions.change(number, { revision: 2 })
  only.copies.change('b', { synced_revision: 2 })
  asked[0]?.give(true)
  await turns()
  expect(only.copies.find('b')).toMatchObject({ level: LEVEL.exact })
  asked[1]?.give(true)
  expect(await done).toBe(true)
})

it('a copy that was worked with meanwhile stays known, and its work is delivered first', async () => {
  using stage = startFinish()
  const { only, asked, run, store } = stage
  only.store.prepare(0)
  const number = store(1)
  only.copies.change('b', { synced_revision: 1 })
  const done = run()
  only.store.sessions.change(number, { revision: 2 })
  only.journal.append({
    ...{ team: 't', client_id: 'c', session_id: 'b', queue: QUEUE, command: 'x' },
    ...{ delivery_id: 'd', base: 1, promised: null, at: 0, message: 'm' },
  })
  asked[0]?.give(true)
  expect(await done).toBe(false)
  expect(asked).toHaveLength(1)
  expect(only.copies.find('b')).toMatchObject({ level: LEVEL.exact })
})
