// What an admin of the team may do with a session of somebody else: end it, let it go on, move it; never look into it.

import { describe, expect } from 'vitest'
import type { EngineHost } from '../../support/engine-host.ts'
import { dump } from '../../support/engine-rows.ts'
import { auditLog, CLIENT, create, stateText } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { HOUR, MINUTE, SECOND } from '../../support/fixed-clock.ts'

const ADMIN = { subject: 'boss', role: 'admin' } as const

const info = (host: EngineHost, session_id: string) =>
  host.done('get_session_info', { session_id }).result

/** A session of the owner, whose state nobody else may hear. */
function made(host: EngineHost): string {
  return create(host, { image_id: 'first', state_data: { secret: 'of the owner' } })
}

export function describeAdmins(test: EngineTest): void {
  describe("An admin, with a member's session", () => {
    test('closes it and revives it; the log of its owner says who did', (host) => {
      const session_id = made(host)
      host.done('close_session', { session_id }, ADMIN)
      expect(info(host, session_id).status).toBe('closed')
      host.done('renew_session', { session_id, revive: true }, ADMIN)
      expect(info(host, session_id).status).toBe('active')
      const done = auditLog(host).map(({ actor, action }) => [actor, action])
      expect(done.slice(-2)).toEqual([
        ['boss', 'session_closed'],
        ['boss', 'session_revived'],
      ])
    })

    test('lets it go on, which is in the log and is an event', (host) => {
      const session_id = made(host)
      host.clock.advance(10 * MINUTE)
      const { result } = host.done('renew_session', { session_id }, ADMIN)
      expect(result.expires_at).toBe(info(host, session_id).expires_at)
      expect(result.expires_at).toBe('2026-03-01T10:10:00.000Z')
      expect(auditLog(host).at(-1)).toMatchObject({ actor: 'boss', action: 'session_renewed' })
      const { events } = host.done('get_events', { client_id: CLIENT }).result
      expect(events.at(-1)).toMatchObject({ type: 'session.renewed', subject: session_id })
    })

    test('moves it to another image with all its context, and not without', (host) => {
      const session_id = made(host)
      const asked = { session_id, from_image_id: 'first', to_image_id: 'second' }
      const before = dump(host.sql)
      const without = { ...asked, preserve_context: false }
      expect(host.refused('switch_image_context', without, ADMIN).error_code).toBe('forbidden')
      expect(dump(host.sql)).toBe(before)
      host.done('switch_image_context', asked, ADMIN)
      expect(info(host, session_id).image_id).toBe('second')
      expect(stateText(host, session_id)).toBe('{"secret":"of the owner"}')
      const back = { ...without, from_image_id: 'second', to_image_id: 'first' }
      expect(host.done('switch_image_context', back).result.context_preserved).toBe(false)
    })

    test('is told nothing of its state by any of that', (host) => {
      const session_id = made(host)
      const moved = { session_id, from_image_id: 'first', to_image_id: 'second' }
      const answers = [
        host.done('renew_session', { session_id }, ADMIN),
        host.done('switch_image_context', moved, ADMIN),
        host.done('close_session', { session_id }, ADMIN),
        host.done('renew_session', { session_id, revive: true }, ADMIN),
      ]
      for (const { text } of answers) expect(text).not.toContain('secret')
      expect(host.refused('restore_session', { session_id }, ADMIN).error_code).toBe(
        'session_not_found'
      )
    })

    test('is offered a way back that an admin may go', (host) => {
      const session_id = made(host)
      host.clock.advance(HOUR)
      const moved = { session_id, from_image_id: 'first', to_image_id: 'second' }
      const refused = host.refused('switch_image_context', moved, ADMIN)
      expect(refused.error_code).toBe('session_expired')
      expect(refused.recovery).toEqual([
        {
          label: 'Make the session active again',
          command: 'renew_session',
          parameters: { session_id, revive: true },
        },
      ])
      host.done('renew_session', refused.recovery?.[0]?.parameters ?? {}, ADMIN)
      expect(host.done('switch_image_context', moved, ADMIN).result.image_id).toBe('second')
    })

    test('keeps to how many sessions its client may have active', (host) => {
      const [first = ''] = Array.from({ length: 5 }, () => made(host))
      host.done('close_session', { session_id: first }, ADMIN)
      host.clock.advance(MINUTE)
      made(host)
      const asked = { session_id: first, revive: true }
      expect(host.refused('renew_session', asked, ADMIN).error_code).toBe('session_limit_exceeded')
    })

    for (const [admins, may] of [
      ['a larger', { tier: 'large' }],
      ['a smaller', { tier: 'small' }],
      ['no', {}],
    ] as const) {
      test(
        `goes by the subscription of its owner, and not by ${admins} one`,
        (host) => {
          const owner = { tier: 'middle' }
          const [first = ''] = Array.from(
            { length: 3 },
            () => host.done('create_session', { client_id: CLIENT }, owner).result.session_id
          )
          const admin = { ...ADMIN, ...may }
          const asked = { session_id: first, revive: true }
          host.done('close_session', { session_id: first }, admin)
          host.done('renew_session', asked, admin)
          host.done('close_session', { session_id: first }, admin)
          host.done('create_session', { client_id: CLIENT }, owner)
          expect(host.refused('renew_session', asked, admin).details).toMatchObject({ limit: 3 })
        },
        {
          limits: { activeSessions: 1 },
          limitsOfTier: (tier) => ({ activeSessions: { large: 9, middle: 3 }[tier] ?? 1 }),
        }
      )
    }

    test('leaves a trace by looking at it, too', (host) => {
      const session_id = made(host)
      const asked = { session_id, from_image_id: 'first', to_image_id: 'second', dry_run: true }
      host.done('renew_session', { session_id }, ADMIN)
      host.done('switch_image_context', asked, ADMIN)
      host.done('renew_session', { session_id })
      host.afterAnswer()
      const traces = auditLog(host).filter(({ action }) => action === 'read_by_admin')
      expect(traces.map(({ actor, session_id: of, detail }) => [actor, of, detail])).toEqual([
        ['boss', session_id, { command: 'renew_session' }],
        ['boss', session_id, { command: 'switch_image_context' }],
      ])
      host.clock.advance(10 * SECOND)
      expect(info(host, session_id).revision).toBe(1)
    })

    test('of another team, or with credentials for other clients, finds nothing', (host) => {
      const session_id = made(host)
      const before = dump(host.sql)
      for (const caller of [
        { ...ADMIN, team: 'other' },
        { ...ADMIN, client_ids: ['client_9*'] },
        { subject: 'boss' },
      ]) {
        for (const command of ['close_session', 'renew_session'] as const) {
          expect(host.refused(command, { session_id }, caller).error_code).toBe('session_not_found')
        }
      }
      expect(dump(host.sql)).toBe(before)
    })

    test('sees in a list of the client whose it is', (host) => {
      made(host)
      const owns = (options = {}) =>
        host
          .done('list_image_sessions', { client_id: CLIENT }, options)
          .result.sessions.map(({ is_own }) => is_own)
      expect([owns(), owns(ADMIN)]).toEqual([[true], [false]])
    })
  })
}
