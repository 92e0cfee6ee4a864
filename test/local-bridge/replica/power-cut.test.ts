// What a power cut and a bad disk leave behind: a bridge in a process of its own, killed with kill -9, on files that are
// torn, a disk that is full, and one that cannot be written.

import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  globSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type BridgeProcess, startBridgeProcess } from '../../support/bridge-process.ts'
import { type OfflineStack, startOfflineStack } from '../../support/offline-stack.ts'

/** A frame of SQLite's log: a header and a page. */
const FRAME = 24 + 4096

/** Nobody, where the tests run as root, who may write everything. */
const NOBODY = 65_534

const filesIn = (folder: string, pattern: string) =>
  globSync(`**/${pattern}`, { cwd: folder }).map((name) => join(folder, name))

/** A session of the client, known to the bridge, and the service away. */
async function offline(stack: OfflineStack, bridge: BridgeProcess) {
  const { session_id } = await bridge.run('create_session', { client_id: 'desk' })
  await bridge.told(/replica_complete/)
  await stack.away()
  return String(session_id)
}

const stateThere = (stack: OfflineStack, session_id: string) =>
  stack.elsewhere('get_session_info', { session_id, state: true })

describe('a power cut', () => {
  it.each([
    ['left half a record behind the last one', 0, (log: string) => appendFileSync(log, torn(log))],
    [
      'tore the last record, on a disk that had not told the truth',
      1,
      (log: string) => truncateSync(log, statSync(log).size - FRAME / 2),
    ],
  ])('that %s costs nothing that was on the disk', async (_, lost, damage) => {
    await using stack = await startOfflineStack()
    await using bridge = await startBridgeProcess({
      upstream: stack.link.url,
      folder: stack.spare,
    })
    const session_id = await offline(stack, bridge)
    for (let n = 1; n <= 5; n += 1) {
      await bridge.run('update_session_state', { session_id, state_data: { n } })
    }
    await bridge.killAndRestart(() => {
      const [log = ''] = filesIn(stack.spare, '*.sqlite-wal')
      damage(log)
    })
    expect(await bridge.run('restore_session', { session_id })).toMatchObject({
      session_state: { n: 5 - lost },
    })
    await stack.link.mend()
    await bridge.told(/caught_up/)
    expect(await stateThere(stack, session_id)).toMatchObject({
      revision: 6 - lost,
      session_state: { n: 5 - lost },
    })
    expect(filesIn(stack.spare, '*.damaged-*')).toEqual([])
  })
})

/** Other systems let nobody set such a limit from outside. */
describe.runIf(process.platform === 'linux')('a full disk', () => {
  it('refuses the next change in clear words, loses none of those before, and is left behind when there is room', async () => {
    await using stack = await startOfflineStack()
    await using bridge = await startBridgeProcess({
      upstream: stack.link.url,
      folder: stack.spare,
    })
    const session_id = await offline(stack, bridge)
    const [log = ''] = filesIn(stack.spare, '*.sqlite-wal')
    limitFiles(bridge, String(statSync(log).size + 40 * FRAME))
    let kept = 0
    for (;;) {
      const state_data = { n: kept + 1, text: 'x'.repeat(20_000) }
      const reply = await bridge.ask('update_session_state', { session_id, state_data })
      if (reply.status === 'error') {
        expect(reply).toMatchObject({ error_type: 'RuntimeError', error_code: 'journal_full' })
        expect(reply.error).toMatch(/disk/)
        break
      }
      kept += 1
    }
    expect(kept).toBeGreaterThan(0)
    const before = { session_state: { n: kept } }
    expect(await bridge.run('restore_session', { session_id })).toMatchObject(before)

    limitFiles(bridge, 'unlimited')
    const state_data = { n: kept + 1 }
    await bridge.run('update_session_state', { session_id, state_data })
    await stack.link.mend()
    await bridge.told(/caught_up/)
    expect(await stateThere(stack, session_id)).toMatchObject({
      revision: kept + 2,
      session_state: { n: kept + 1 },
    })
  })
})

describe('a disk that cannot be written', () => {
  it('leaves the bridge working without a replica, and what was acknowledged is delivered when it can', async () => {
    await using stack = await startOfflineStack()
    const isRoot = process.getuid?.() === 0
    mkdirSync(stack.spare)
    if (isRoot) {
      chmodSync(dirname(stack.spare), 0o711)
      chownSync(stack.spare, NOBODY, NOBODY)
    }
    const user = isRoot ? { uid: NOBODY } : {}
    await using bridge = await startBridgeProcess({
      upstream: stack.link.url,
      folder: stack.spare,
      ...user,
    })
    const session_id = await offline(stack, bridge)
    await bridge.run('update_session_state', { session_id, state_data: { n: 1 } })

    await bridge.killAndRestart(() => allow(stack.spare, false))
    await bridge.told(/replica_off/)
    const update = (n: number) =>
      bridge.ask('update_session_state', { session_id, state_data: { n } })
    expect(await update(2)).toMatchObject({ status: 'error', error_code: 'upstream_unavailable' })
    await stack.link.mend()
    expect(await bridge.ask('ping', {})).toMatchObject({ status: 'success' })

    await bridge.killAndRestart(() => allow(stack.spare, true))
    await bridge.told(/caught_up/)
    expect(await stateThere(stack, session_id)).toMatchObject({
      revision: 2,
      session_state: { n: 1 },
    })
  })
})

/** The first half of a record that was not acknowledged: it looks like the last one, but is cut off. */
function torn(log: string): Buffer {
  return readFileSync(log)
    .subarray(-FRAME)
    .subarray(0, FRAME / 2)
}

/** Beyond this size no file of the bridge grows: to SQLite, a disk without room. */
function limitFiles(bridge: BridgeProcess, bytes: string): void {
  execFileSync('prlimit', ['--pid', String(bridge.pid()), `--fsize=${bytes}:unlimited`])
}

function allow(folder: string, writing: boolean): void {
  for (const path of [folder, ...filesIn(folder, '*')]) {
    const isFolder = statSync(path).isDirectory()
    chmodSync(path, (isFolder ? 0o500 : 0o400) | (writing ? 0o200 : 0))
  }
}
