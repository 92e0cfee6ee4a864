import { expect, it } from 'vitest'
import { startOfflineStack } from '../../support/offline-stack.ts'

it('what a bridge had yet to fetch when it ended is fetched by the next one, with no message of the client', async () => {
  await using stack = await startOfflineStack()
  const session_id = await stack.begin({ client_id: 'desk', state_data: { n: 1 } })
  await stack.run('update_session_state', { session_id, state_data: { n: 2 } })
  await stack.complete()
  await stack.run('revert_session', { session_id, revision: 1 })
  await stack.restartBridge()
  await stack.complete()
  await stack.away()
  expect(await stack.run('restore_session', { session_id })).toMatchObject({
    session_state: { n: 1 },
  })
})
