import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { execute } from '../../../local-bridge/replica/execute.ts'
import { partOf } from '../../../local-bridge/replica/offline-commands.ts'
import { claim, openReplica } from '../../../local-bridge/replica/replica.ts'
import { digestOf, readJournal } from '../../../local-bridge/replica/tables/records.ts'
import { readRequest } from '../../../local-bridge/request.ts'
import { mintKey, routeOf } from '../../../src/session/session-id.ts'
import { testCipher } from '../../support/engine-cipher.ts'
import { SECRET } from '../../support/engine-host.ts'
import { fixedClock } from '../../support/fixed-clock.ts'
import { readReply } from '../../support/reply.ts'
import { temporaryFolder } from '../../support/stack-process.ts'

const HOLDER = { team: 'local', subject: 'local', client_ids: [] }
const OWNER = { team: 'local', client_id: 'desk' }

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A replica in a file, with the key of its client. */
function startReplica() {
  const folder = temporaryFolder()
  folders.push(folder)
  const path = join(folder, 'desk.sqlite')
  const clock = fixedClock()
  const route = routeOf(OWNER)
  const cipher = testCipher('a')
  const random = (count: number) => randomBytes(count)
  const onFault = (error: unknown) => {
    throw error
  }
  const replica = openReplica(path, route, { cipher, clock, random, onFault })
  claim(replica, HOLDER, 'desk', clock.now())
  replica.keeper.keepMintKey(Buffer.from(mintKey(SECRET, route)).toString('base64url'), OWNER)
  let sent = 0

  function send(command: string, parameters: object) {
    sent += 1
    const body = Buffer.from(JSON.stringify({ id: sent, command, parameters }))
    const read = readRequest([body])
    if (!read.ok || read.value.to !== 'service') throw new Error('the message cannot be read')
    const request = read.value
    const part = partOf(request.message) ?? 'read'
    const ids = { requestId: `r-${sent}`, deliveryId: `d-${sent}` }
    const work = { request, part, holder: HOLDER, ...ids }
    const given = execute({ work, replica, clock, noRoom: () => undefined })
    if (!given.ok) throw new Error(given.failure.reason)
    return readReply(given.value.bytes)
  }

  return { ...{ path, replica, send } }
}

describe('a change and its entry in the journal', () => {
  it('are there together, with what the work was done on and the id that was promised', () => {
    const { send, replica } = startReplica()
    const { result } = send('create_session', { client_id: 'desk', state_data: { n: 0 } })
    const session_id = String(result?.session_id)
    send('update_session_state', { session_id, state_data: { n: 1 } })
    send('update_session_state', { session_id, state_data: { n: 2 } })
    const first = replica.journal.next(session_id)
    expect(first).toMatchObject({ command: 'create_session', base: 0, promised: session_id })
    replica.journal.remove(first?.sequence ?? 0)
    const second = replica.journal.next(session_id)
    expect(second).toMatchObject({ command: 'update_session_state', base: 1, promised: null })
    expect(replica.journal.held()).toMatchObject({ entries: 2, refused: 0 })
  })

  it('are not there at all where one of them cannot be written', () => {
    const { send, path } = startReplica()
    const { result } = send('create_session', { client_id: 'desk', state_data: { n: 0 } })
    const session_id = String(result?.session_id)
    const other = new DatabaseSync(path)
    other.exec(
      "CREATE TRIGGER no_room BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'x'); END"
    )
    other.close()
    expect(() => send('update_session_state', { session_id, state_data: { n: 1 } })).toThrow()
    expect(send('restore_session', { session_id })).toMatchObject({
      result: { revision: 1, session_state: { n: 0 } },
    })
  })

  it('that opens a copy of another session follow the work on that one', () => {
    const { send, replica } = startReplica()
    const { result } = send('create_session', { client_id: 'desk', state_data: { n: 0 } })
    const session_id = String(result?.session_id)
    send('update_session_state', { session_id, state_data: { n: 1 } })
    const lost = { session_id, state_data: { n: 9 }, if_revision: 1, on_conflict: 'copy' }
    const copy = String(send('update_session_state', lost).result?.session_id)
    expect(copy).not.toBe(session_id)
    send('update_session_state', { session_id: copy, state_data: { n: 10 } })
    expect(replica.journal.queues()).toEqual([session_id])
    for (let left = 2; left > 0; left -= 1) {
      replica.journal.remove(replica.journal.next(session_id)?.sequence ?? 0)
    }
    expect(replica.journal.next(session_id)).toMatchObject({
      session_id: copy,
      promised: copy,
      base: 1,
    })
  })

  it('about whichever session was used last are for that one, under a delivery id of their own', () => {
    const { send, replica } = startReplica()
    const { result } = send('create_session', { client_id: 'desk' })
    const queue = String(result?.session_id)
    replica.keeper.listed(1)
    send('restore_session', { client_id: 'desk', latest: true, revive: true })
    const [created, revived] = replica.journal.first(queue, 2)
    expect([created?.delivery_id, revived?.delivery_id]).toEqual(['d-1', 'd-2.named'])
    expect(revived && replica.journal.message(revived)).toContain(queue)
  })

  it('that the service refuses stay, and count, until somebody drops them; what waits is never dropped', () => {
    const { send, replica, path } = startReplica()
    const { result } = send('create_session', { client_id: 'desk' })
    const queue = String(result?.session_id)
    const sequence = replica.journal.next(queue)?.sequence ?? 0
    const digest = readJournal(path, ({ sealed }) => digestOf(sealed(sequence))) ?? ''
    expect(replica.journal.drop([{ sequence, digest }])).toEqual([])
    replica.journal.refuse(sequence, 'client_not_allowed')
    expect(replica.journal.next(queue)).toBeUndefined()
    expect(replica.journal.held()).toMatchObject({ entries: 1, refused: 1 })
    expect(replica.journal.drop([{ sequence, digest }])).toEqual([sequence])
    expect(replica.journal.held()).toEqual({ entries: 0, refused: 0, bytes: 0 })
  })
})
