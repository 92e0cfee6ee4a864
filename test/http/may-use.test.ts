// The gates of the door: commands by subscription, clients by credentials.

import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { LOCAL_PRINCIPAL, type Principal, TIERS } from '../../src/access/principal.ts'
import { mayNameClient, mayUseCommand } from '../../src/http/may-use.ts'
import { toWire } from '../../src/protocol/catalogue.ts'
import { command, ownFailures } from '../../src/protocol/command.ts'
import { COMMANDS } from '../../src/protocol/commands/index.ts'
import { validateFeatureAccess } from '../../src/protocol/commands/validate-feature-access.ts'
import { describeCommand } from '../../src/protocol/describe-command.ts'

/** A made-up command that is premium by one word. */
const attach = command({
  name: 'attach_debugger',
  scope: 'client',
  mutates: false,
  feature: 'remote_debugger',
  summary: 'Attaches the debugger.',
  parameters: z.object({}),
  result: z.object({}),
  failures: ['session_not_found'],
  example: { parameters: {}, result: {} },
})

const member = (more: Partial<Principal> = {}): Principal => ({
  ...LOCAL_PRINCIPAL,
  team: 'atelier',
  role: 'member',
  ...more,
})

describe('a gated command', () => {
  it.each([
    [{ tier: 'pro' }],
    [{ tier: 'enterprise' }],
    [{ tier: 'free', features: ['remote_debugger'] }],
  ] as const)('is open to %j', (more) => {
    expect(mayUseCommand(attach, member(more))).toEqual({ ok: true })
  })

  it('is refused with the tier that has it', () => {
    const refused = mayUseCommand(attach, member())
    expect(refused).toEqual({
      ok: false,
      failure: {
        reason: 'forbidden',
        detail: 'the subscription does not include remote_debugger',
        required_tier: 'pro',
      },
    })
    expect(refused.ok ? undefined : toWire(refused.failure).http_status).toBe(403)
  })

  it('is refused to admins without the subscription, and where authentication is off', () => {
    expect(mayUseCommand(attach, member({ role: 'admin' })).ok).toBe(false)
    expect(mayUseCommand(attach, LOCAL_PRINCIPAL).ok).toBe(false)
  })

  it('is open to no tier if no tier has the feature', () => {
    const odd = { feature: 'time_travel' }
    expect(mayUseCommand(odd, member({ tier: 'enterprise' }))).toMatchObject({
      failure: { reason: 'forbidden' },
    })
  })

  it('says so in its description', () => {
    expect(ownFailures(attach)).toEqual(['session_not_found', 'forbidden'])
    expect(describeCommand(attach)).toMatchObject({ feature: 'remote_debugger' })
  })
})

describe('every command that is served', () => {
  it('is open to everybody', () => {
    for (const served of COMMANDS)
      expect(mayUseCommand(served, member())).toMatchObject({ ok: true })
  })
})

describe('a client that the credentials do not cover', () => {
  const kiosk = member({ client_ids: ['kiosk-*'] })

  it.each([
    ['create_session', { reason: 'client_not_allowed', client_id: 'desk' }],
    ['restore_session', { reason: 'session_not_found' }],
    ['close_session', { reason: 'session_not_found' }],
    ['a command of the future', { reason: 'session_not_found' }],
  ])('is answered like one that does not exist: %s', (name, failure) => {
    expect(mayNameClient(name, 'desk', kiosk)).toEqual({ ok: false, failure })
  })

  it('is left to its object for a list, and need not be named', () => {
    for (const name of [
      'list_client_sessions',
      'list_image_sessions',
      'get_image_session_stats',
      'cleanup_image_sessions',
    ]) {
      expect(mayNameClient(name, 'desk', kiosk).ok).toBe(true)
    }
    expect(mayNameClient('close_session', undefined, kiosk).ok).toBe(true)
    expect(mayNameClient('create_session', 'kiosk-7', kiosk).ok).toBe(true)
  })
})

describe('the tiers of the wire', () => {
  it('are those that a token may name', () => {
    const { subscription_tier } = validateFeatureAccess.result.shape
    expect(subscription_tier.options).toEqual([...TIERS])
  })
})
