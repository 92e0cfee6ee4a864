import { describe, expect, it } from 'vitest'
import { startBridgeProcess } from '../../support/bridge-process.ts'
import { startOfflineStack } from '../../support/offline-stack.ts'

const UPDATES = 60

describe('kill -9 of the bridge', () => {
  it('loses nothing that was acknowledged, and delivers it once, in its order', async () => {
    await using stack = await startOfflineStack()
    await using bridge = await startBridgeProcess({
      upstream: stack.link.url,
      folder: stack.spare,
    })
    const created = await bridge.run('create_session', { client_id: 'desk' })
    await bridge.told(/replica_complete/)
    await stack.away()
    let acknowledged = 0
    const { session_id } = created
    for (let n = 1; n <= UPDATES; n += 1) {
      const state_data = { n, text: 'Smalltalk '.repeat(n) }
      await bridge.run('update_session_state', { session_id, state_data })
      acknowledged = n
      if (n % 20 === 0) await bridge.killAndRestart()
    }
    await stack.link.mend()
    await bridge.told(/caught_up/)
    const info = await stack.elsewhere('get_session_info', { session_id, state: true })
    expect(info).toMatchObject({ revision: acknowledged + 1, session_state: { n: UPDATES } })
    const listed = await stack.elsewhere('list_session_revisions', { session_id })
    const revisions = (listed.revisions as { revision: number }[]).map(({ revision }) => revision)
    expect(revisions[0]).toBe(acknowledged + 1)
    expect(revisions).toEqual([...revisions].sort((a, b) => b - a))
  })
})
