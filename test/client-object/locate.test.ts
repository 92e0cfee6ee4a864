// Which object a command is for.

import { describe, expect, it } from 'vitest'
import { locate } from '../../src/client-object/locate.ts'
import { DEFAULT_LIMITS } from '../../src/session/limits.ts'
import { routeOf, sessionIds } from '../../src/session/session-id.ts'
import { seededBytes } from '../support/engine-random.ts'
import { START } from '../support/fixed-clock.ts'

const SECRETS = [new Uint8Array(32).fill(7)]
const OWNER = { team: 'local', client_id: 'client_001' }
const ROUTE = { ok: true, value: routeOf(OWNER) }
const NOT_FOUND = { ok: false, failure: { reason: 'session_not_found' } }

const session_id = sessionIds({ secrets: SECRETS, random: seededBytes(1) }).mint(OWNER, 1, START)
const settings = {
  auth: 'off',
  secrets: SECRETS,
  limits: { ...DEFAULT_LIMITS, clients: { allow: [], deny: ['bad'] } },
} as const

const find = (command: string, parameters: object, team = 'local') =>
  locate(command, { ...parameters }, team, settings)

describe('The object of a command', () => {
  it('is found by the client, by the session, or by both', () => {
    const { client_id } = OWNER
    expect(find('list_client_sessions', { client_id })).toEqual(ROUTE)
    expect(find('restore_session', { session_id })).toEqual(ROUTE)
    expect(find('restore_session', { session_id, client_id })).toEqual(ROUTE)
  })

  it('is not found when client and session do not agree', () => {
    expect(find('restore_session', { session_id, client_id: 'client_002' })).toEqual(NOT_FOUND)
    expect(find('restore_session', { session_id, client_id: OWNER.client_id }, 'other')).toEqual(
      NOT_FOUND
    )
  })

  it('is not found by a forged id, nor by nothing', () => {
    expect(find('restore_session', { session_id: `${session_id.slice(0, -1)}!` })).toEqual(
      NOT_FOUND
    )
    expect(find('restore_session', {})).toEqual(NOT_FOUND)
  })

  it('of a creation is that of its client, whatever session id it brings', () => {
    const created = { client_id: OWNER.client_id, session_id: 'session_forged' }
    expect(find('create_session', created)).toEqual(ROUTE)
  })

  it('is another one for an equal client id in another team', () => {
    const other = find('list_client_sessions', { client_id: OWNER.client_id }, 'other')
    expect(other.ok).toBe(true)
    expect(other).not.toEqual(ROUTE)
  })

  it('is not looked for when the client is denied', () => {
    expect(find('list_client_sessions', { client_id: 'bad' })).toEqual({
      ok: false,
      failure: { reason: 'client_not_allowed', client_id: 'bad' },
    })
  })
})
