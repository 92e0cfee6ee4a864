import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { createReclaim, QUIET_MS } from '../../../local-bridge/replica/reclaim.ts'
import { LEVEL } from '../../../local-bridge/replica/tables/copies.ts'
import { forgetUnused } from '../../../local-bridge/replica/unused.ts'
import { createManualTimer } from '../../support/manual-timer.ts'
import { type OfflineStack, startOfflineStack } from '../../support/offline-stack.ts'
import { openFolder, ROUTE } from './replica-fixture.ts'

const CLIENT = { client_id: 'desk' }
const TEXT = 'x'.repeat(20_000)

/** Two sessions, of which the second was used last, on this machine alone. */
async function twoSessions(stack: OfflineStack) {
  const first = await stack.begin({ ...CLIENT, state_data: { TEXT, n: 1 } })
  const second = await stack.begin({ ...CLIENT, state_data: { TEXT, n: 2 } })
  return { first, second }
}

describe('copies beyond the bound', () => {
  it('of sessions that were used least recently are let go of, and fetched again when they are used', async () => {
    await using stack = await startOfflineStack()
    const { first, second } = await twoSessions(stack)
    await stack.restartBridge(() => {
      using replica = openFolder(stack.folder)
      expect(forgetUnused(replica.only, 30_000)).toBe(false)
      expect(replica.only.copies.find(first)).toMatchObject({ level: LEVEL.listed })
      expect(replica.only.copies.incomplete()).toEqual([])
    })
    await stack.away()
    const { session_count } = await stack.run('list_client_sessions', CLIENT)
    expect(session_count).toBe(2)
    expect(await stack.run('restore_session', { session_id: second })).toMatchObject({
      session_state: { n: 2 },
    })
    const ask = { id: 'r', command: 'restore_session', parameters: { session_id: first } }
    expect(await stack.ask(ask)).toMatchObject({ error_code: 'upstream_unavailable' })
    const up = stack.log.nth('uplink_up', stack.log.of('uplink_up').length + 1)
    await stack.link.mend()
    await up
    await stack.run('restore_session', { session_id: first })
    await stack.away()
    expect(await stack.run('restore_session', { session_id: first })).toMatchObject({
      session_state: { n: 1 },
    })
  })

  it('stay while something of them waits for the service', async () => {
    await using stack = await startOfflineStack()
    const { first, second } = await twoSessions(stack)
    await stack.away()
    await stack.run('update_session_state', { session_id: first, state_data: { TEXT, n: 3 } })
    await stack.restartBridge(() => {
      using replica = openFolder(stack.folder)
      expect(forgetUnused(replica.only, 0)).toBe(false)
      expect(replica.only.copies.find(second)).toMatchObject({ level: LEVEL.listed })
    })
    expect(await stack.run('restore_session', { session_id: first })).toMatchObject({
      session_state: { n: 3 },
    })
    await stack.back()
    const info = await stack.elsewhere('get_session_info', { session_id: first, state: true })
    expect(info).toMatchObject({ session_state: { n: 3 } })
  })
})

describe('room that is not needed any more', () => {
  it('is given back when nobody has asked for a while, in steps, and never all at once', () => {
    using folder = openFolder()
    const timer = createManualTimer()
    const { replicas, only } = folder
    const freePages = () => freePagesOf(folder.path)
    only.transaction(() => {
      for (let n = 1; n <= 5; n += 1) folder.append({ n, text: 'x'.repeat(1_000_000) })
    })
    only.transaction(() => [1, 2, 3, 4, 5].forEach(only.journal.remove))
    const drained = freePages()
    expect(drained).toBeGreaterThan(1000)
    const reclaim = createReclaim({ replicas, timer, onFault: () => expect.fail('a fault') })
    reclaim.note(ROUTE)
    timer.advance(QUIET_MS - 1)
    reclaim.note(ROUTE)
    timer.advance(QUIET_MS - 1)
    expect(freePages()).toBe(drained)
    timer.advance(1)
    expect(freePages()).toBeLessThan(drained)
    expect(freePages()).toBeGreaterThan(drained / 2)
    timer.advance(QUIET_MS)
    expect(freePages()).toBeLessThan(100)
    expect(timer.pending()).toBe(0)
  })
})

/** As another program sees the file. */
function freePagesOf(path: string): number {
  using database = new DatabaseSync(path, { readOnly: true })
  return Number(database.prepare('PRAGMA freelist_count').get()?.freelist_count)
}
