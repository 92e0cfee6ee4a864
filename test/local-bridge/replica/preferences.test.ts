import { describe, expect, it } from 'vitest'
import { startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'client_001' }

describe('a session that begins with the preferences of its client', () => {
  it('is whole on this machine, preferences and all', async () => {
    await using stack = await startOfflineStack()
    await stack.begin({ ...CLIENT, user_preferences: { theme: 'dark' } })
    const made = await stack.run('create_session', CLIENT)
    expect(made.inherited).toEqual(['user_preferences'])
    await stack.complete()
    await stack.away()
    const { session_id } = made
    expect(await stack.run('restore_session', { session_id })).toMatchObject({
      user_preferences: { theme: 'dark' },
      revision: 1,
    })
  })

  it('is none that was created while the service was away: here and there it has what it was given', async () => {
    await using stack = await startOfflineStack()
    await stack.begin({ ...CLIENT, user_preferences: { theme: 'dark' } })
    await stack.away()
    const { session_id, inherited } = await stack.run('create_session', CLIENT)
    expect(inherited).toEqual([])
    await stack.back()
    expect(await stack.elsewhere('restore_session', { session_id })).toMatchObject({
      user_preferences: {},
      revision: 1,
    })
  })
})
