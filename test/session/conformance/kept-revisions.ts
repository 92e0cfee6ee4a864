// What stays of a long history: the last revisions, those that have a name, and one for each quarter of an hour.

import { describe, expect } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/session/limits.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { bytesOfTexts, flipBit } from '../../support/engine-rows.ts'
import { create, stateText, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { HOUR, MINUTE } from '../../support/fixed-clock.ts'

/** As a service has it: old revisions go together. */
const limits = { forgetEvery: DEFAULT_LIMITS.forgetEvery, commands: { perMinute: 1, burst: 1e9 } }

const [FROM, TO] = ['Pharo 11', 'Pharo 12']

export function describeKeptRevisions(test: EngineTest): void {
  describe('A revision that its client named', () => {
    test(
      'is still there after hours of work, and is what it was',
      (host) => {
        const session_id = create(host)
        host.done('update_session_state', {
          session_id,
          state_data: { n: 'then' },
          workspace_context: { w: 'then' },
          label: 'before lunch',
        })
        work(host, session_id, 600)
        expect(stateText(host, session_id)).toBe('{"n":600}')
        expect(named(host, session_id)).toEqual([[2, 'before lunch']])
        expect(at(host, session_id, 2)).toMatchObject({
          session_state: { n: 'then' },
          workspace_context: { w: 'then' },
        })
        const compared = { session_id, from_revision: 2 }
        expect(host.done('diff_session_revisions', compared).result.changed).toEqual([
          'session_state',
        ])
        host.done('revert_session', { session_id, revision: 2 })
        expect(stateText(host, session_id)).toBe('{"n":"then"}')
        expectBytesToAgree(host, session_id)
      },
      { limits }
    )

    test(
      'makes way for newer names, the twentieth before it',
      (host) => {
        const session_id = create(host)
        for (let n = 1; n <= 25; n += 1) {
          host.done('update_session_state', { session_id, state_data: { n }, label: `name ${n}` })
        }
        work(host, session_id, 600)
        expect(named(host, session_id).map(([, label]) => label)).toEqual(
          Array.from({ length: 20 }, (_, index) => `name ${25 - index}`)
        )
        expectBytesToAgree(host, session_id)
      },
      { limits }
    )

    test(
      'is not pushed out by the names that reverts and moves get by themselves',
      (host) => {
        const session_id = create(host, { image_id: FROM })
        const change = { session_id, state_data: { n: 'then' }, label: 'before lunch' }
        host.done('update_session_state', change)
        for (let n = 1; n <= 30; n += 1) {
          const revision = update(host, session_id, { n })
          host.done('revert_session', { session_id, revision: revision - 1 })
        }
        work(host, session_id, 30)
        expect(named(host, session_id)).toEqual([[2, 'before lunch']])
      },
      { limits: { ...limits, spacedKept: 0 } }
    )

    test(
      'outlives those without a name when bytes are short; the newest revision outlives all',
      (host) => {
        const session_id = create(host)
        const fill = 'x'.repeat(80)
        const lunch = { session_id, state_data: { n: 'a', fill }, label: 'lunch' }
        host.done('update_session_state', lunch)
        host.done('update_session_state', { ...lunch, state_data: { n: 'b', fill }, label: 'tea' })
        for (let n = 10; n < 20; n += 1) update(host, session_id, { n, fill })
        expect(numbers(host, session_id)).toEqual([13, 12, 3, 2])
        expectBytesToAgree(host, session_id)
        update(host, session_id, { n: 'larger', fill: fill.repeat(3) })
        expect(numbers(host, session_id)).toEqual([14, 3])
        expect(at(host, session_id, 3).session_state).toEqual({ n: 'b', fill })
        update(host, session_id, { n: 'largest', fill: fill.repeat(6) })
        expect(numbers(host, session_id)).toEqual([15])
        expectBytesToAgree(host, session_id)
      },
      { limits: { ...limits, historyBytes: 4 * 99 } }
    )
  })

  describe('The snapshot before a move to another image', () => {
    test(
      'is still there after hours of work, and can be gone back to',
      (host) => {
        const session_id = create(host, { image_id: FROM, state_data: { n: 'here' } })
        const { snapshot_revision } = move(host, session_id, FROM, TO)
        work(host, session_id, 600)
        expect(named(host, session_id)).toEqual([[snapshot_revision, `before ${TO}`]])
        host.done('revert_session', { session_id, revision: snapshot_revision })
        expect(stateText(host, session_id)).toBe('{"n":"here"}')
      },
      { limits }
    )

    test(
      'is kept as well where the revision came from a move or a revert itself',
      (host) => {
        const session_id = create(host, { image_id: FROM, state_data: { n: 1 } })
        const moves = [move(host, session_id, FROM, TO), move(host, session_id, TO, FROM)]
        update(host, session_id, { n: 2 })
        host.done('revert_session', { session_id, revision: 1 })
        moves.push(move(host, session_id, FROM, TO))
        work(host, session_id, 60)
        expect(named(host, session_id).reverse()).toEqual([
          [moves[0]?.snapshot_revision, `before ${TO}`],
          [moves[1]?.snapshot_revision, `before ${FROM}`],
          [moves[2]?.snapshot_revision, `before ${TO}`],
        ])
      },
      { limits }
    )
  })

  describe('Of older revisions without a name', () => {
    test(
      'the last one of each quarter of an hour stays: what there was before lunch',
      (host) => {
        const session_id = create(host, { timeout: 86_400 })
        work(host, session_id, 179)
        host.clock.advance(HOUR)
        work(host, session_id, 47)
        const { revisions } = host.done('list_session_revisions', { session_id }).result
        const before = revisions.find((row) => row.at <= '2026-03-01T12:00:00.000Z')
        expect(before?.at).toBe('2026-03-01T11:59:00.000Z')
        expect(at(host, session_id, before?.revision).session_state).toEqual({ n: 179 })
        const times = revisions.map((row) => row.at.slice(11, 16)).filter((time) => time < '12:00')
        expect(times.reverse()).toEqual(
          ['09', '10', '11'].flatMap((hour) => ['14', '29', '44', '59'].map((m) => `${hour}:${m}`))
        )
        expectBytesToAgree(host, session_id)
      },
      { limits }
    )

    test(
      'twenty stay at most, the newest ones',
      (host) => {
        const session_id = create(host)
        for (let n = 1; n <= 80; n += 1) {
          host.clock.advance(15 * MINUTE)
          update(host, session_id, { n })
        }
        expect(numbers(host, session_id)).toEqual(Array.from({ length: 40 }, (_, n) => 81 - n))
        expectBytesToAgree(host, session_id)
      },
      { limits: { ...limits, forgetEvery: 1 } }
    )

    test(
      'a damaged one keeps the text that it can be replaced by',
      (host) => {
        const session_id = create(host, { timeout: 86_400 })
        for (let n = 1; n <= 6; n += 1) update(host, session_id, { n })
        flipBit(host.sql, { session_id, revision: 7 })
        host.clock.advance(HOUR)
        for (let n = 7; n <= 12; n += 1) update(host, session_id, { n })
        expect(numbers(host, session_id)).toEqual([13, 12, 11, 10, 7])
        expect(at(host, session_id, 7)).toMatchObject({
          session_state: { n: 5 },
          recovered_from: { session_state: 6 },
        })
        expectBytesToAgree(host, session_id)
      },
      { limits: { ...limits, revisionsKept: 3, forgetEvery: 1 } }
    )

    test(
      'a text goes that was cleared before the next one that stays',
      (host) => {
        const session_id = create(host)
        host.done('update_session_state', { session_id, state_data: {}, label: 'lunch' })
        host.done('update_session_state', { session_id, workspace_context: { w: 'x' } })
        host.done('clear_context', { session_id, components: ['workspace_context'] })
        for (let n = 1; n <= 5; n += 1) update(host, session_id, { n })
        expect(numbers(host, session_id)).toEqual([9, 8, 7, 6, 2])
        expect(host.done('get_session_info', { session_id }).result.stored_bytes).toBe(2 + 4 * 7)
        expectBytesToAgree(host, session_id)
      },
      { limits: { ...limits, revisionsKept: 3, forgetEvery: 1 } }
    )
  })

  describe('A revision that is not kept, among others that are', () => {
    test(
      'is refused with the ones that are',
      (host) => {
        const session_id = create(host)
        host.done('update_session_state', { session_id, state_data: { n: 0 }, label: 'lunch' })
        work(host, session_id, 30)
        for (const command of ['restore_session', 'revert_session', 'export_session'] as const) {
          expect(host.refused(command, { session_id, revision: 5 }).details).toMatchObject({
            path: 'revision',
            detail: 'revision 5 is not kept; 2, 16 and 29 to 32 are',
          })
        }
      },
      { limits: { ...limits, forgetEvery: 1, revisionsKept: 3 } }
    )
  })
}

/** A save each minute. */
function work(host: EngineHost, session_id: string, minutes: number): void {
  for (let n = 1; n <= minutes; n += 1) {
    host.clock.advance(MINUTE)
    update(host, session_id, { n })
  }
}

function move(host: EngineHost, session_id: string, from_image_id: string, to_image_id: string) {
  const asked = { session_id, from_image_id, to_image_id }
  return host.done('switch_image_context', asked).result
}

function at(host: EngineHost, session_id: string, revision?: number) {
  return host.done('restore_session', { session_id, revision }).result
}

function listed(host: EngineHost, session_id: string) {
  return host.done('list_session_revisions', { session_id }).result.revisions
}

function numbers(host: EngineHost, session_id: string): number[] {
  return listed(host, session_id).map(({ revision }) => revision)
}

/** The revisions that have a label, the newest first. */
function named(host: EngineHost, session_id: string): [number, string][] {
  const rows = listed(host, session_id).filter(({ label }) => label !== '')
  return rows.map(({ revision, label }) => [revision, label])
}

function expectBytesToAgree(host: EngineHost, session_id: string): void {
  const { stored_bytes } = host.done('get_session_info', { session_id }).result
  expect(stored_bytes).toBe(bytesOfTexts(host.sql, session_id))
}
