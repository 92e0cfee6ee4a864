// The examples of the documentation, sent to the Worker one after the other: what is printed is what is answered.

import { describe, expect, it } from 'vitest'
import { COMPONENTS } from '../../src/protocol/components.ts'
import { findCommand } from '../../src/protocol/registry.ts'
import { run } from '../support/worker.ts'

type Members = Readonly<Record<string, unknown>>

const exampleOf = (name: string) => {
  const command = findCommand(name)
  if (command === undefined) throw new Error(`no command ${name}`)
  return command.example as { readonly parameters: Members; readonly result: Members }
}

/** Members that differ on every run, some of them because less time passes than in the story. */
const VARIABLE =
  /^(session_id|current_session_id|created_at|last_modified|expires_at|closed_at|restorable_until|time_until_expiry|at|as_of|uptime|restores|active_seconds)$/

describe('the examples of the documentation', () => {
  it('are what the Worker answers', async () => {
    const created = await sent('create_session')
    const { session_id } = created
    expect(steady(created)).toEqual(steady(exampleOf('create_session').result))

    const { session_state, ...state } = exampleOf('restore_session').result
    const components = COMPONENTS.filter((name) => name in state && !isEmpty(state[name]))
    await run('update_session_state', {
      session_id,
      state_data: session_state,
      ...Object.fromEntries(components.map((name) => [name, state[name]])),
    })
    for (const name of [
      'restore_session',
      'renew_session',
      'update_session_state',
      'get_session_info',
      'list_client_sessions',
      'list_session_revisions',
      'revert_session',
      'diff_session_revisions',
      'save_context',
      'load_context',
      'get_context_summary',
      'clear_context',
      'close_session',
      'validate_feature_access',
      'describe',
      'ping',
    ]) {
      expect(steady(await sent(name, session_id))).toEqual(steady(exampleOf(name).result))
    }
  })

  it('of statistics has the members that the Worker answers', async () => {
    const { result } = exampleOf('get_session_statistics')
    expect(Object.keys(await sent('get_session_statistics'))).toEqual(Object.keys(result))
  })
})

function sent(name: string, session_id?: unknown): Promise<Members> {
  const { parameters } = exampleOf(name)
  return run(name, 'session_id' in parameters ? { ...parameters, session_id } : parameters)
}

/** A value without what differs on every run. */
function steady(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(steady)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      VARIABLE.test(name) ? typeof member : steady(member),
    ])
  )
}

function isEmpty(value: unknown): boolean {
  return Object.keys(value as Members).length === 0
}
