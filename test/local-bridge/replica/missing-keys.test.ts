// A key file that is gone, or is another one: nothing is destroyed, everything waits, and every program says the same.

import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bridgeStatusSchema } from '../../../local-bridge/operate/bridge-status.ts'
import { isWell, statusText } from '../../../local-bridge/operate/status-text.ts'
import { readKeyFile } from '../../../local-bridge/replica/key-file.ts'
import { runProgram } from '../../support/bridge-program.ts'
import { type OfflineStack, startOfflineStack } from '../../support/offline-stack.ts'

const MISSING = /key file .*is missing.*put it back, or move the whole folder away/

/** A session with work that waits, and the service away. */
async function withWork(stack: OfflineStack): Promise<string> {
  const session_id = await stack.begin({ client_id: 'desk', state_data: { n: 1 } })
  await stack.away()
  for (const n of [2, 3]) await stack.run('update_session_state', { session_id, state_data: { n } })
  return session_id
}

async function statusOf(stack: OfflineStack) {
  const { result } = await stack.ask({ id: 's', command: 'bridge_status', parameters: {} })
  return bridgeStatusSchema.parse(result)
}

const stateThere = (stack: OfflineStack, session_id: string) =>
  stack.elsewhere('get_session_info', { session_id, state: true })

describe('a bridge whose key file is gone', () => {
  it('keeps nothing, makes no new keys, and delivers everything once the file is put back', async () => {
    await using stack = await startOfflineStack()
    const session_id = await withWork(stack)
    const keys = join(stack.folder, 'keys')
    const [database = ''] = globSync(join(stack.folder, '*/*.sqlite'))
    let before = Buffer.alloc(0)
    await stack.restartBridge(() => {
      renameSync(keys, stack.spare)
      before = readFileSync(database)
    })
    expect(stack.log.of('replica_off')).toEqual([
      { event: 'replica_off', detail: expect.stringMatching(MISSING) },
    ])
    const status = await statusOf(stack)
    expect(status).toMatchObject({ journal: null, journal_trouble: expect.stringMatching(MISSING) })
    expect(isWell(status)).toBe(false)
    expect(statusText(status, Date.now())).toMatch(MISSING)
    expect(existsSync(keys)).toBe(false)
    expect(readFileSync(database).equals(before)).toBe(true)

    await stack.restartBridge(() => renameSync(stack.spare, keys))
    await stack.back()
    expect(stack.log.of('delivery_refused')).toEqual([])
    expect(stack.log.of('caught_up').at(-1)).toEqual({ event: 'caught_up', delivered: 2 })
    expect(await stateThere(stack, session_id)).toMatchObject({
      revision: 3,
      session_state: { n: 3 },
    })
  })

  it('is told by the journal and by the doctor in the same words', async () => {
    await using stack = await startOfflineStack()
    await withWork(stack)
    await stack.restartBridge(() => renameSync(join(stack.folder, 'keys'), stack.spare))
    const list = await runProgram(['journal', '--data', stack.folder])
    expect(list).toMatchObject({ code: 1, out: expect.stringMatching(MISSING) })
    expect(list.out).toMatch(/2 changes waiting/)
    const json = await runProgram(['journal', '--data', stack.folder, '--json'])
    expect(JSON.parse(json.out)).toMatchObject({ keys_missing: true })
    const doctor = await runProgram(['doctor', '--data', stack.folder])
    expect(doctor.out).toMatch(/key file .* is missing[\s\S]*put the key file back/)
  })
})

describe('a bridge with the key file of another folder', () => {
  it('touches nothing, and delivers everything with the right one', async () => {
    await using stack = await startOfflineStack()
    const session_id = await withWork(stack)
    const keys = join(stack.folder, 'keys')
    await stack.restartBridge(() => {
      renameSync(keys, stack.spare)
      writeFileSync(keys, `k1:${'A'.repeat(43)}\n`, { mode: 0o600 })
    })
    expect(stack.log.of('replica_off')).toMatchObject([
      { detail: expect.stringContaining('holds other keys') },
    ])
    await stack.restartBridge(() => {
      rmSync(keys)
      renameSync(stack.spare, keys)
    })
    await stack.back()
    expect(await stateThere(stack, session_id)).toMatchObject({ revision: 3 })
  })
})

describe('work that was sealed with a key that the file lacks', () => {
  it('waits, is not counted as delivered, and goes out when the key is there again', async () => {
    await using stack = await startOfflineStack()
    const first = await withWork(stack)
    const keys = join(stack.folder, 'keys')
    const old = readFileSync(keys, 'utf8')
    const newer = `k2:${'B'.repeat(43)}\n`
    // A newer key seals what comes; then the older one gets lost.
    await stack.restartBridge(() => writeFileSync(keys, newer + old))
    const { session_id: second } = await stack.run('create_session', { client_id: 'desk' })
    await stack.restartBridge(() => writeFileSync(keys, newer))
    const locked = stack.log.nth('journal_locked', 1)
    await stack.link.mend()
    await locked
    // All but what waits for its key has arrived, and nothing is on its way any more.
    await expect
      .poll(() => statusOf(stack))
      .toMatchObject({
        ...{ journal: { records: 2, refused: 0 }, replay: null },
        journal_trouble: expect.stringContaining('put back the key file'),
      })
    expect(await stateThere(stack, String(second))).toMatchObject({ revision: 1 })
    expect(stack.log.of('caught_up')).toEqual([])
    const caughtUp = stack.log.nth('caught_up', 1)
    await stack.restartBridge(() => writeFileSync(keys, newer + old))
    expect(await caughtUp).toEqual({ event: 'caught_up', delivered: 2 })
    expect(await stateThere(stack, first)).toMatchObject({ revision: 3 })
    expect(readKeyFile(keys)).toMatchObject({ ok: true })
  })
})
