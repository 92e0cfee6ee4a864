// What the declarations accept and refuse beyond their types.

import { describe, expect, it } from 'vitest'
import { parseParameters } from '../../src/protocol/command.ts'
import { findCommand } from '../../src/protocol/registry.ts'

function failureOf(name: string, parameters: Record<string, unknown>) {
  const command = findCommand(name)
  if (command === undefined) throw new Error(`no command ${name}`)
  const parsed = parseParameters(command, parameters)
  return parsed.ok ? undefined : parsed.failure
}

const missing = (name: string) => ({ reason: 'missing_parameter', name })

describe('a required parameter', () => {
  it.each([
    ['create_session', {}, 'client_id'],
    ['restore_session', {}, 'session_id'],
    ['restore_session', { client_id: 'c' }, 'session_id'],
    ['restore_session', { client_id: 'c', latest: false }, 'session_id'],
    ['restore_session', { latest: true }, 'client_id'],
    ['update_session_state', {}, 'session_id'],
    ['update_session_state', { state_data: '{}' }, 'session_id'],
    ['update_session_state', { session_id: 's' }, 'state_data'],
    ['renew_session', {}, 'session_id'],
    ['close_session', {}, 'session_id'],
    ['get_session_info', {}, 'session_id'],
    ['list_client_sessions', {}, 'client_id'],
    ['list_session_revisions', {}, 'session_id'],
    ['revert_session', {}, 'session_id'],
    ['revert_session', { session_id: 's' }, 'revision'],
    ['diff_session_revisions', { session_id: 's' }, 'from_revision'],
    ['save_context', { components: '{}' }, 'session_id'],
    ['save_context', { session_id: 's' }, 'components'],
    ['load_context', {}, 'session_id'],
    ['get_context_summary', {}, 'session_id'],
    ['clear_context', {}, 'session_id'],
    ['switch_image_context', { from_image_id: 'a', to_image_id: 'b' }, 'session_id'],
    ['switch_image_context', { session_id: 's', to_image_id: 'b' }, 'from_image_id'],
    ['switch_image_context', { session_id: 's', from_image_id: 'a' }, 'to_image_id'],
    ['export_session', {}, 'session_id'],
    ['import_session', { content: '{}' }, 'client_id'],
    ['import_session', { client_id: 'c' }, 'content'],
    ['validate_feature_access', { feature: 'f' }, 'client_id'],
    ['validate_feature_access', { client_id: 'c' }, 'feature'],
  ])('of %s is named when it is missing: %j', (name, parameters, parameter) => {
    expect(failureOf(name, parameters)).toEqual(missing(parameter))
  })
})

describe('a client id', () => {
  it.each(['a', 'A-1', 'team:me@host', 'x'.repeat(128), '0._:@-'])('may be %s', (client_id) => {
    expect(failureOf('create_session', { client_id })).toBeUndefined()
  })

  it.each(['', '-a', ' a', 'a b', 'é', 'a/b', 'x'.repeat(129), 7, true, {}, 'a\n'])(
    'may not be %j',
    (client_id) => {
      expect(failureOf('create_session', { client_id })).toEqual({ reason: 'invalid_client_id' })
    }
  )
})

describe('create_session', () => {
  const client = { client_id: 'c' }

  it.each([
    ['timeout', 59],
    ['timeout', 86_401],
    ['timeout', 60.5],
    ['timeout', '60'],
    ['name', ''],
    ['name', 'x'.repeat(121)],
    ['image_id', 'x'.repeat(256)],
    ['image_metadata', { a: [1] }],
    ['image_metadata', { ['k'.repeat(65)]: 'v' }],
    ['image_metadata', { k: 'v'.repeat(1025) }],
    ['image_metadata', Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, 'v']))],
    ['client_info', []],
    ['client_info', { platform: 7 }],
    ['client_info', { notes: 'x'.repeat(8192) }],
    ['state_data', '7'],
    ['state_data', '"text"'],
    ['evaluation_history', 'true'],
  ])('refuses %s out of its limits: case %#', (name, value) => {
    expect(failureOf('create_session', { ...client, [name]: value })).toMatchObject({
      reason: 'invalid_parameter',
      path: expect.stringContaining(name),
    })
  })

  it.each([
    ['timeout', 60],
    ['timeout', 86_400],
    ['name', 'x'.repeat(120)],
    ['client_info', { anything: { at: ['all'] } }],
    ['state_data', '{}'],
    ['state_data', ' [1]'],
  ])('takes %s at its limits: case %#', (name, value) => {
    expect(failureOf('create_session', { ...client, [name]: value })).toBeUndefined()
  })

  it('keeps members of client_info that it does not know', () => {
    const command = findCommand('create_session')
    const parsed =
      command && parseParameters(command, { ...client, client_info: { theme: 'dark' } })
    expect(parsed?.ok && parsed.value).toMatchObject({ client_info: { theme: 'dark' } })
  })
})

describe('list_client_sessions', () => {
  it.each([0, 201, 1.5, '10'])('refuses pages of %j', (limit) => {
    expect(failureOf('list_client_sessions', { client_id: 'c', limit })).toMatchObject({
      reason: 'invalid_parameter',
      path: 'limit',
    })
  })
})
