import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type OfflineStack, startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }
const MARKER = 'a-marker-that-only-the-state-holds'

const filesOf = ({ folder }: OfflineStack) =>
  globSync('**/*', { cwd: folder })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())

describe('what is kept on this machine', () => {
  it('is sealed and private: no file holds a state, and others can read none', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, state_data: { MARKER } })
    await stack.away()
    await stack.run('update_session_state', { session_id, state_data: { n: MARKER } })
    const restored = await stack.run('restore_session', { session_id })
    expect(restored).toMatchObject({ session_state: { n: MARKER } })
    const files = filesOf(stack)
    expect(files.filter((path) => path.endsWith('.sqlite'))).toHaveLength(1)
    for (const path of files) {
      expect(readFileSync(path).includes(MARKER), path).toBe(false)
      if (!/\/(lock|pid)/.test(path)) expect(statSync(path).mode & 0o077, path).toBe(0)
    }
    expect(statSync(stack.folder).mode & 0o077).toBe(0)
  })

  it('survives the end of the bridge: reads and work go on with the service still away', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, state_data: { n: 1 } })
    await stack.away()
    await stack.run('update_session_state', { session_id, state_data: { n: 2 } })
    await stack.restartBridge()
    expect(await stack.run('restore_session', { session_id })).toMatchObject({
      session_state: { n: 2 },
    })
    await stack.run('update_session_state', { session_id, state_data: { n: 3 } })
    await stack.back()
    const info = await stack.elsewhere('get_session_info', { session_id, state: true })
    expect(info).toMatchObject({ revision: 3, session_state: { n: 3 } })
  })

  it('is bounded: a full journal refuses the next change and drops nothing', async () => {
    await using stack = await startOfflineStack({ room: { entries: 3, bytes: 1_000_000 } })
    const session_id = await stack.begin(CLIENT)
    await stack.away()
    const update = (n: number) => ({
      id: `u-${n}`,
      command: 'update_session_state',
      parameters: { session_id, state_data: { n } },
    })
    for (const n of [1, 2, 3]) {
      expect(await stack.ask(update(n))).toMatchObject({ status: 'success' })
    }
    expect(await stack.ask(update(4))).toMatchObject({
      status: 'error',
      error_type: 'RuntimeError',
      error_code: 'journal_full',
      details: { detail: 'the journal holds 3 changes already' },
    })
    expect(await stack.run('restore_session', { session_id })).toMatchObject({
      session_state: { n: 3 },
    })
    await stack.back()
    expect(await stack.ask(update(4))).toMatchObject({ meta: { persistence: 'durable' } })
  })

  it('is bounded in bytes too', async () => {
    await using stack = await startOfflineStack({ room: { entries: 100, bytes: 2000 } })
    const session_id = await stack.begin(CLIENT)
    await stack.away()
    const state_data = { text: 'x'.repeat(1500) }
    const update = { command: 'update_session_state', parameters: { session_id, state_data } }
    expect(await stack.ask({ id: 'a', ...update })).toMatchObject({ status: 'success' })
    const more = { ...update, parameters: { session_id, state_data: { text: 'y'.repeat(1500) } } }
    expect(await stack.ask({ id: 'b', ...more })).toMatchObject({ error_code: 'journal_full' })
  })
})

describe('a damaged file', () => {
  it('is put aside; what can be read of its journal is delivered, and the rest is fetched anew', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, state_data: { n: 0 } })
    await stack.away()
    for (const n of [1, 2, 3]) {
      await stack.run('update_session_state', { session_id, state_data: { n } })
    }
    await stack.restartBridge(() => {
      const [file = ''] = filesOf(stack).filter((path) => path.endsWith('.sqlite'))
      const bytes = readFileSync(file)
      damageIndex(bytes)
      writeFileSync(file, bytes)
    })
    expect(stack.log.of('replica_damaged')).toEqual([
      { event: 'replica_damaged', kept: 3, lost: 0 },
    ])
    expect(filesOf(stack).filter((path) => path.includes('.damaged-'))).not.toEqual([])
    await stack.back()
    const info = await stack.elsewhere('get_session_info', { session_id, state: true })
    expect(info).toMatchObject({ revision: 4, session_state: { n: 3 } })
  })

  it('that is no database any more costs what only it held, and nothing else', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, state_data: { n: 1 } })
    await stack.restartBridge(() => {
      const [file = ''] = filesOf(stack).filter((path) => path.endsWith('.sqlite'))
      writeFileSync(file, Buffer.alloc(8192, 'torn'))
    })
    expect(stack.log.of('replica_damaged')).toHaveLength(1)
    expect(await stack.run('restore_session', { session_id })).toMatchObject({
      session_state: { n: 1 },
    })
  })
})

/** Spoils the first page that holds the name of a lookup of sessions: an index, of which a table has no need. */
function damageIndex(bytes: Buffer): void {
  const page = 4096
  for (let at = page; at < bytes.length; at += page) {
    // An index leaf.
    if (bytes[at] === 0x0a && bytes.readUInt16BE(at + 3) > 0) {
      bytes.fill(0xff, at + 8, at + 40)
      return
    }
  }
  throw new Error('the file has no index to damage')
}
