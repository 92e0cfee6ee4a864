// The examples of the commands about images, sent to the Worker one after the other: what is printed is what is answered.

import { describe, expect, it } from 'vitest'
import { findCommand } from '../../src/protocol/registry.ts'
import { run } from '../support/worker.ts'

type Members = Readonly<Record<string, unknown>>

const NAMES = [
  'report_image_status',
  'list_image_sessions',
  'get_image_session_stats',
  'get_image_connection_status',
  'cleanup_image_sessions',
]

/** Members whose values differ on every run, and the sizes and numbers of the one session that the examples tell of. */
const VARIABLE =
  /^(session_id|current_session_id|created_at|last_modified|last_seen|last_activity|restorable_until|time_until_expiry|revision|state_bytes|total_context_size|session_count)$/

describe('the examples about images', () => {
  it('are what the Worker answers', async () => {
    for (const name of NAMES) {
      const { parameters, result } = exampleOf(name)
      expect(steady(await run(name, parameters))).toEqual(steady(result))
      if (name === 'report_image_status') await openSession()
    }
  })
})

describe('the example of a switch', () => {
  it('is what the Worker answers', async () => {
    const { parameters, result } = exampleOf('switch_image_context')
    await run('report_image_status', exampleOf('report_image_status').parameters)
    const { workspace_context, object_registry } = exampleOf('restore_session').result
    const opened = await run('create_session', {
      client_id: 'client_001',
      image_id: parameters.from_image_id,
      workspace_context,
      object_registry,
    })
    const { session_id } = opened
    const switched = await run('switch_image_context', { ...parameters, session_id })
    expect({ ...switched, session_id: result.session_id }).toEqual(result)
  })
})

describe('the examples about bridges', () => {
  it('are what the Worker answers', async () => {
    for (const name of ['report_bridge_status', 'get_bridge_status']) {
      const { parameters, result } = exampleOf(name)
      expect(heardNow(await run(name, parameters))).toEqual(heardNow(result))
    }
  })
})

/** A value without when a bridge was heard. */
function heardNow(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replace(/"last_heard":"[^"]*"/g, '"last_heard":""'))
}

function exampleOf(name: string): { readonly parameters: Members; readonly result: Members } {
  const command = findCommand(name)
  if (command === undefined) throw new Error(`no command ${name}`)
  return command.example
}

function openSession() {
  const image = { image_id: 'pharo-12', image_address: 'tcp://localhost:5555' }
  const names = { image_name: 'Pharo 12', image_version: '12.0' }
  return run('create_session', { client_id: 'client_001', ...image, ...names })
}

/** A value without what differs on every run; session ids as keys, too. */
function steady(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(steady)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.startsWith('session_1_') ? 'session' : name,
      VARIABLE.test(name) ? typeof member : steady(member),
    ])
  )
}
