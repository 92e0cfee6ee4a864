// How often who may ask: the owner's tokens are the owner's, and everybody else's tell nothing.

import { describe, expect } from 'vitest'
import type { EngineHost } from '../../support/engine-host.ts'
import type { SendOptions } from '../../support/engine-send.ts'
import { CLIENT, create } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { MINUTE } from '../../support/fixed-clock.ts'

const ASK = { client_id: CLIENT }
const STRANGER = { subject: 'stranger' }
const ADMIN = { subject: 'boss', role: 'admin' } as const

/** How often somebody is answered before it is too often. */
function answersTo(host: EngineHost, caller: SendOptions): number {
  let answers = 0
  while (host.send('list_client_sessions', ASK, caller).ok) answers += 1
  return answers
}

export function describeAllowances(test: EngineTest): void {
  describe('The rate of commands', () => {
    test('allows the owner a hundred at once, then ten each second, and says when to try again', (host) => {
      create(host)
      for (let n = 0; n < 99; n += 1) host.done('list_client_sessions', ASK)
      expect(host.refused('list_client_sessions', ASK)).toMatchObject({
        error_code: 'rate_limited',
        details: { retry_after_ms: 100 },
      })
      host.clock.advance(99)
      expect(host.refused('list_client_sessions', ASK).details).toEqual({ retry_after_ms: 1 })
      host.clock.advance(1)
      host.done('list_client_sessions', ASK)
      expect(host.refused('list_client_sessions', ASK).details).toEqual({ retry_after_ms: 100 })
    })

    for (const [who, caller] of Object.entries({
      'a member of the team': STRANGER,
      'an admin of the team': ADMIN,
      'the same name in another team': { team: 'other' },
    })) {
      test(`leaves the owner every token, however often ${who} asks`, (host) => {
        create(host)
        for (let n = 0; n < 200; n += 1) host.send('list_client_sessions', ASK, caller)
        expect(answersTo(host, {})).toBe(99)
      })
    }

    test('is the same for a stranger whether somebody owns the object or nobody does', (host) => {
      const ofNobody = answersTo(host, STRANGER)
      host.clock.advance(MINUTE)
      create(host)
      expect(answersTo(host, STRANGER)).toBe(ofNobody)
      expect(answersTo(host, {})).toBe(99)
    })

    test('is counted for each stranger', (host) => {
      create(host)
      answersTo(host, STRANGER)
      expect(answersTo(host, { subject: 'another' })).toBe(20)
    })

    test('does not hinder a first creation where others have asked before', (host) => {
      answersTo(host, STRANGER)
      create(host)
      expect(answersTo(host, {})).toBe(99)
    })

    test('takes nothing of a later owner for commands that made nobody one', (host) => {
      for (let n = 0; n < 10; n += 1) {
        host.done('cleanup_image_sessions', { client_id: CLIENT, image_id: 'x' }, STRANGER)
      }
      create(host)
      expect(answersTo(host, {})).toBe(99)
    })
  })
}
