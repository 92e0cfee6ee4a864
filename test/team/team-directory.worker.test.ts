// The object of a team, inside workerd.

import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { TeamDirectory } from '../../src/index.ts'
import { summaryOf } from '../support/summary.ts'

const call = {
  command: 'get_session_statistics',
  parameters: {},
  caller: { team: 'kept', subject: 'local', client_ids: [] },
}

const summary = summaryOf('1')

describe('TeamDirectory', () => {
  it('has no methods but these', () => {
    expect(Object.getOwnPropertyNames(TeamDirectory.prototype)).toEqual([
      'constructor',
      'execute',
      'report',
      'imagesOf',
      'clientsOf',
      'fetch',
      'webSocketMessage',
      'webSocketClose',
      'alarm',
    ])
  })

  it('keeps what it heard when it leaves memory', async () => {
    const directory = env.TEAMS.getByName('kept')
    await directory.report({ client_id: 'ann', owner: 'ann', sessions: [summary] })
    await evictDurableObject(directory)
    const { outcome } = await directory.execute(call)
    expect(outcome.ok && JSON.parse(outcome.value)).toMatchObject({
      total_sessions: 1,
      total_bytes: 10,
    })
  })

  it('knows nothing of another team', async () => {
    await env.TEAMS.getByName('one').report({ client_id: 'ann', owner: 'ann', sessions: [summary] })
    const { outcome } = await env.TEAMS.getByName('two').execute({
      ...call,
      caller: { ...call.caller, team: 'two' },
    })
    expect(outcome.ok && JSON.parse(outcome.value)).toMatchObject({ total_sessions: 0 })
  })
})
