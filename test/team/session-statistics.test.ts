// get_session_statistics tells the limit that binds who asks.

import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../src/session/limits.ts'
import { createDirectory } from '../../src/team/directory.ts'
import { openDirectoryStore } from '../../src/team/directory-store.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { openNodeSql } from '../support/node-sql.ts'

/** What somebody of this tier is told where the operator allows so many sessions. */
function toldOf(activeSessions: number, tier?: string): unknown {
  const clock = fixedClock()
  const store = openDirectoryStore(openNodeSql(), clock.now())
  const limits = { ...DEFAULT_LIMITS, activeSessions }
  const { outcome } = createDirectory({ store, clock, limits }).execute({
    command: 'get_session_statistics',
    parameters: {},
    caller: {
      team: 'local',
      subject: 'ann',
      client_ids: [],
      ...(tier !== undefined && { tier }),
    },
  })
  if (!outcome.ok) throw new Error(outcome.failure.reason)
  return (JSON.parse(outcome.value) as Record<string, unknown>).max_sessions_per_client
}

describe('max_sessions_per_client', () => {
  it('is the operator’s where no subscription decides', () => {
    expect(toldOf(7)).toBe(7)
  })

  it.each([
    ['free', 7, 7],
    ['pro', 7, 20],
    ['enterprise', 7, 50],
    ['enterprise', 60, 60],
    ['free', 1, 5],
  ])(
    'is the subscription’s where it allows more: %s, with %i of the operator',
    (tier, own, told) => {
      expect(toldOf(own, tier)).toBe(told)
    }
  )
})
