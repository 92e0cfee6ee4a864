// What the service knows of a bridge's journal: it grows while nobody can tell, is told when the service is there again, and
// shrinks before everybody's eyes. Real Worker, real sockets, a real network that is cut.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { MOST_AT_ONCE } from '../../local-bridge/replica/together.ts'
import { bridgeStatus } from '../../src/protocol/bridge-fields.ts'
import { startOfflineStack } from '../support/offline-stack.ts'

type Stack = Awaited<ReturnType<typeof startOfflineStack>>

const CLIENT = 'client_001'

/** Reports come as fast as the machine can; that they are paced is told in reports of their own. */
const PROMPT = { reportPace: { gapMs: 0, heartbeatMs: 60_000 } }

/** Changes that take several batches. */
const CHANGES = 4 * MOST_AT_ONCE

const answer = z.object({ bridges: z.array(bridgeStatus) })

/** What the service tells of bridges, past every bridge. */
async function told(stack: Stack) {
  return answer.parse(await stack.elsewhere('get_bridge_status', {})).bridges
}

/** What one client has waiting there, once it is as wanted. */
async function waiting(stack: Stack, records: number) {
  await expect.poll(async () => (await told(stack))[0]?.clients[0]?.records).toBe(records)
  return (await told(stack))[0]
}

describe('the journal of a bridge', () => {
  it('is known to the service: in step, unheard of while it grows, and in step again', async () => {
    await using stack = await startOfflineStack({ ...PROMPT, bridgeName: "Frida's laptop" })
    const session_id = await stack.begin({ client_id: CLIENT })
    const first = await waiting(stack, 0)
    expect(first).toMatchObject({ name: "Frida's laptop", silent: false, is_own: true })
    await stack.away()
    for (let n = 1; n <= 3; n += 1) {
      await stack.run('update_session_state', { session_id, state_data: { n } })
    }
    expect(await told(stack)).toEqual([first])
    await stack.back()
    const last = await waiting(stack, 0)
    expect(last?.bridge_id).toBe(first?.bridge_id)
    expect(Date.parse(String(last?.last_heard))).toBeGreaterThan(
      Date.parse(String(first?.last_heard))
    )
  })

  it('is told as it shrinks, with since when it waits', async () => {
    await using stack = await startOfflineStack(PROMPT)
    const session_id = await stack.begin({ client_id: CLIENT })
    await waiting(stack, 0)
    await stack.away()
    for (let n = 1; n <= CHANGES; n += 1) {
      await stack.run('update_session_state', { session_id, state_data: { n } })
    }
    stack.link.hold('/v1/batches')
    const arrived = stack.back()
    for (let records = CHANGES; records > 0; records -= MOST_AT_ONCE) {
      const journal = (await waiting(stack, records))?.clients[0]
      expect(journal?.bytes).toBeGreaterThan(0)
      expect(journal?.last_sync).toBe(journal?.oldest_at)
      await stack.link.pass()
    }
    await arrived
    const last = await waiting(stack, 0)
    expect(last?.clients[0]?.oldest_at).toBeUndefined()
  })

  it('is told with what the service has refused for good', async () => {
    // A service that takes less than the bridge thinks.
    const settings = { STUI_SESSION_BYTES: '1000' }
    await using stack = await startOfflineStack({ ...PROMPT, settings })
    const session_id = await stack.begin({ client_id: CLIENT })
    await waiting(stack, 0)
    await stack.away()
    const text = 'x'.repeat(2000)
    await stack.run('update_session_state', { session_id, state_data: { text } })
    await stack.back()
    await expect
      .poll(async () => (await told(stack))[0]?.clients[0])
      .toMatchObject({ records: 0, refused: 1 })
  })

  it('leaves nothing behind when the bridge is stopped in step, and keeps its id over restarts', async () => {
    await using stack = await startOfflineStack(PROMPT)
    const session_id = await stack.begin({ client_id: CLIENT })
    const first = await waiting(stack, 0)
    await stack.restartBridge(async () => expect(await told(stack)).toEqual([]))
    await stack.run('get_session_info', { session_id })
    expect((await waiting(stack, 0))?.bridge_id).toBe(first?.bridge_id)
  })

  it('has an id that says nothing of the machine, in a file of the developer alone', async () => {
    await using stack = await startOfflineStack(PROMPT)
    await stack.begin({ client_id: CLIENT })
    const bridge = await waiting(stack, 0)
    expect(bridge).toMatchObject({ bridge_id: expect.stringMatching(/^[0-9a-f]{16}$/), name: '' })
    expect(statSync(join(stack.folder, 'bridge-id')).mode & 0o777).toBe(0o600)
  })
})
