import { describe, expect, it } from 'vitest'
import { startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }

/**
 * Time passes, and what the team knows of images and how sessions are used is asked of the service alone; everything else
 * must be the same.
 */
function steady(answer: Record<string, unknown>) {
  const { time_until_expiry: _, object_registry_stale: __, stale_ids: ___, ...result } = answer
  const { usage: ____, ...known } = result
  return known
}

describe('the copy on this machine', () => {
  it('is what the service has, after every command that has passed', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({
      ...CLIENT,
      name: 'parser',
      client_info: { platform: 'macos', own: [1, 2], subscription_tier: 'pro' },
      image_id: 'Pharo 12',
      image_metadata: { build: '1' },
      state_data: { n: 0, list: [1, 2] },
      object_registry: { o1: 'Object' },
    })
    await stack.run('update_session_state', { session_id, state_data: { n: 1 } })
    await stack.run('update_session_state', { session_id, state_data: { m: 2 }, mode: 'merge' })
    await stack.run('update_session_state', { session_id, image_id: 'Pharo 13' })
    await stack.run('update_session_state', { session_id, state_data: { n: 1, m: 2 } })
    await stack.run('save_context', {
      session_id,
      components: { evaluation_history: [{ code: '3 + 4' }] },
    })
    await stack.run('save_context', {
      session_id,
      components: { evaluation_history: [{ code: '4 + 4' }] },
      label: 'before lunch',
    })
    const there = {
      info: await stack.run('get_session_info', { session_id, state: true }),
      state: await stack.run('restore_session', { session_id }),
      list: await stack.run('list_client_sessions', CLIENT),
      revisions: await stack.run('list_session_revisions', { session_id }),
    }
    await stack.away()
    expect(steady(await stack.run('get_session_info', { session_id, state: true }))).toEqual(
      steady(there.info)
    )
    expect(steady(await stack.run('restore_session', { session_id }))).toEqual(steady(there.state))
    const latest = await stack.run('restore_session', { ...CLIENT, latest: true })
    expect(steady(latest)).toEqual(steady(there.state))
    expect(await stack.run('list_session_revisions', { session_id })).toEqual(there.revisions)
    const { sessions } = await stack.run('list_client_sessions', CLIENT)
    expect((sessions as Record<string, unknown>[]).map(steady)).toEqual(
      (there.list.sessions as Record<string, unknown>[]).map(steady)
    )
  })

  it('is fetched where what passed does not tell it: a session that was reverted', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, state_data: { n: 0 } })
    await stack.run('update_session_state', { session_id, state_data: { n: 1 } })
    await stack.run('revert_session', { session_id, revision: 1 })
    await stack.complete()
    await stack.away()
    expect(await stack.run('restore_session', { session_id })).toMatchObject({
      session_state: { n: 0 },
      revision: 3,
    })
  })

  it('has the sessions that another machine has made, and renews no lease by asking for them', async () => {
    await using stack = await startOfflineStack()
    const { session_id } = await stack.elsewhere('create_session', {
      ...CLIENT,
      state_data: { made: 'elsewhere' },
    })
    const before = await stack.elsewhere('get_session_info', { session_id })
    await stack.begin(CLIENT)
    expect(steady(await stack.elsewhere('get_session_info', { session_id }))).toEqual(
      steady(before)
    )
    await stack.away()
    expect(await stack.run('restore_session', { session_id })).toMatchObject({
      session_state: { made: 'elsewhere' },
    })
  })
})

describe('what this machine does not know', () => {
  it('it does not tell', async () => {
    await using stack = await startOfflineStack()
    const { session_id } = await stack.elsewhere('create_session', { client_id: 'unknown' })
    const known = await stack.begin(CLIENT)
    await stack.away()
    for (const [command, parameters] of [
      ['restore_session', { session_id }],
      ['list_client_sessions', { client_id: 'unknown' }],
      ['create_session', { client_id: 'unknown' }],
      ['revert_session', { session_id: known, revision: 1 }],
      ['get_session_statistics', {}],
    ] as const) {
      expect(await stack.ask({ id: command, command, parameters })).toMatchObject({
        id: command,
        status: 'error',
        error_code: 'upstream_unavailable',
      })
    }
  })

  it('of how a session was used it tells nothing, and the service goes on counting', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin(CLIENT)
    await stack.run('update_session_state', { session_id, state_data: { n: 1 } })
    await stack.away()
    await stack.run('update_session_state', { session_id, state_data: { n: 10 } })
    expect(await stack.run('get_session_info', { session_id })).not.toHaveProperty('usage')
    await stack.back()
    expect(await stack.elsewhere('get_session_info', { session_id })).toMatchObject({
      usage: { updates: 2, bytes_written: 7 + 8, last_command: 'update_session_state' },
    })
  })

  it('is told as refused where the rules refuse it here as there', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin(CLIENT)
    await stack.away()
    const update = (parameters: object) =>
      stack.ask({ id: 'u', command: 'update_session_state', parameters })
    expect(await update({ session_id })).toMatchObject({ error_code: 'missing_parameter' })
    expect(await update({ session_id, state_data: {}, if_revision: 7 })).toMatchObject({
      error_code: 'revision_conflict',
      meta: { stale_s: expect.any(Number) },
    })
    await stack.run('close_session', { session_id })
    expect(await update({ session_id, state_data: {} })).toMatchObject({
      error_code: 'session_closed',
    })
    expect(await stack.run('restore_session', { session_id, revive: true })).toMatchObject({
      is_active: true,
    })
    await stack.back()
    expect(await stack.elsewhere('get_session_info', { session_id })).toMatchObject({
      status: 'active',
    })
  })

  it('a message that is sent again is carried out once', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin(CLIENT)
    await stack.away()
    const message = {
      id: 'u-1',
      idempotency_key: 'once',
      command: 'update_session_state',
      parameters: { session_id, state_data: { n: 1 } },
    }
    expect(await stack.ask(message)).toMatchObject({ result: { revision: 2 } })
    expect(await stack.ask(message)).toMatchObject({
      result: { revision: 2 },
      meta: { replayed: true },
    })
    await stack.back()
    expect(await stack.ask(message)).toMatchObject({ meta: { replayed: true } })
    expect(await stack.elsewhere('get_session_info', { session_id })).toMatchObject({ revision: 2 })
  })
})
