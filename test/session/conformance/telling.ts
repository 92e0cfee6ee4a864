// get_session_info and list_client_sessions.

import { createHash } from 'node:crypto'
import { describe, expect } from 'vitest'
import type { EngineHost } from '../../support/engine-host.ts'
import { CLIENT, create, createSeveral, rawState } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { HOUR, SECOND } from '../../support/fixed-clock.ts'

export function describeTelling(test: EngineTest): void {
  describe('get_session_info', () => {
    test('tells everything about a session but its state', (host) => {
      const session_id = create(host, { name: 'parser' })
      const text = '{"n": 9007199254740993}'
      host.done('update_session_state', rawState(session_id, text))
      host.clock.advance(10 * SECOND)
      expect(host.done('get_session_info', { session_id }).result).toEqual({
        session_id,
        client_id: CLIENT,
        created_at: '2026-03-01T09:00:00.000Z',
        last_modified: '2026-03-01T09:00:00.000Z',
        timeout: 3600,
        is_active: true,
        time_until_expiry: 3590,
        is_expired: false,
        name: 'parser',
        status: 'active',
        expires_at: '2026-03-01T10:00:00.000Z',
        restorable_until: '2026-03-31T09:00:00.000Z',
        revision: 2,
        state_bytes: text.length,
        stored_bytes: text.length,
        components: {
          session_state: {
            bytes: text.length,
            sha256: createHash('sha256').update(text).digest('hex'),
            revision: 2,
          },
        },
        client_info: {},
        image_id: '',
        image_address: '',
        image_name: '',
        image_version: '',
        image_metadata: {},
        orphaned: false,
        usage: {
          updates: 1,
          restores: 0,
          bytes_written: text.length,
          last_command: 'update_session_state',
          active_seconds: 0,
        },
      })
    })

    test('answers for an expired session, and says that it is expired', (host) => {
      const session_id = create(host)
      host.clock.advance(2 * HOUR)
      expect(host.done('get_session_info', { session_id }).result).toMatchObject({
        status: 'expired',
        is_expired: true,
        is_active: false,
        time_until_expiry: 0,
      })
    })

    test('counts bytes in UTF-8', (host) => {
      const session_id = create(host, { state_data: { s: 'ä€😀' } })
      expect(host.done('get_session_info', { session_id }).result.state_bytes).toBe(17)
    })

    for (const [elapsed, left] of [
      [0, 60],
      [1, 59],
      [59_999, 0],
      [60_000, 0],
      [3_600_000, 0],
    ] as const) {
      test(`says that ${left} whole seconds are left of 60 after ${elapsed} ms`, (host) => {
        const session_id = create(host, { timeout: 60 })
        host.clock.advance(elapsed)
        expect(host.done('get_session_info', { session_id }).result.time_until_expiry).toBe(left)
      })
    }
  })

  describe('list_client_sessions', () => {
    test('has no sessions of a client that nobody knows', (host) => {
      expect(host.done('list_client_sessions', { client_id: CLIENT }).result).toEqual({
        client_id: CLIENT,
        session_count: 0,
        sessions: [],
        images: [],
        next_cursor: '',
      })
    })

    test('lists active sessions, the one used last first', (host) => {
      const [first, second, closed] = createSeveral(host, 3)
      host.done('close_session', { session_id: closed })
      host.clock.advance(SECOND)
      host.done('restore_session', { session_id: first })
      expect(listed(host)).toEqual([first, second])
    })

    test('adds closed and expired sessions when asked for all', (host) => {
      const [expired, closed] = createSeveral(host, 2)
      host.done('close_session', { session_id: closed })
      host.clock.advance(HOUR)
      const active = create(host)
      const { sessions, session_count } = host.done('list_client_sessions', {
        client_id: CLIENT,
        include: 'all',
      }).result
      expect(session_count).toBe(3)
      expect(
        sessions.map(({ session_id, status, is_active, is_expired, is_closed }) => [
          session_id,
          status,
          [is_active, is_expired, is_closed],
        ])
      ).toEqual([
        [active, 'active', [true, false, false]],
        [closed, 'closed', [false, false, true]],
        [expired, 'expired', [false, true, false]],
      ])
    })

    test('lists the sessions of one image', (host) => {
      const session_id = create(host, { image_id: 'pharo-12' })
      create(host, { image_id: 'pharo-13' })
      create(host)
      expect(listed(host, { image_id: 'pharo-12' })).toEqual([session_id])
    })

    test('names the current session of each image, and of those without one', (host) => {
      const names = ['pharo-12', '', 'pharo-12', 'pharo-13']
      const [older, none, newer, closed] = names.map((image_id) => {
        host.clock.advance(SECOND)
        return create(host, image_id === '' ? {} : { image_id })
      })
      host.done('close_session', { session_id: closed })
      const images = (asked = {}) =>
        host.done('list_client_sessions', { client_id: CLIENT, limit: 1, ...asked }).result.images
      const open = [
        { image_id: 'pharo-12', image_uid: '', session_count: 2, current_session_id: newer },
        { image_id: '', image_uid: '', session_count: 1, current_session_id: none },
      ]
      expect(images()).toEqual(open)
      expect(images({ include: 'all' })).toEqual([
        { image_id: 'pharo-13', image_uid: '', session_count: 1, current_session_id: '' },
        ...open,
      ])
      expect(images({ image_id: '' })).toEqual(open.slice(1))
      host.clock.advance(HOUR / 2)
      host.done('restore_session', { session_id: older })
      expect(images({ image_id: 'pharo-12' })).toMatchObject([{ current_session_id: older }])
    })

    test('gives pages that follow one another, even of sessions used at the same moment', (host) => {
      const ids = Array.from({ length: 5 }, () => create(host)).reverse()
      const pages: string[][] = []
      let cursor = ''
      do {
        const page = { client_id: CLIENT, limit: 2, ...(cursor !== '' && { cursor }) }
        const { sessions, session_count, next_cursor } = host.done(
          'list_client_sessions',
          page
        ).result
        expect(session_count).toBe(5)
        pages.push(sessions.map(({ session_id }) => session_id))
        cursor = next_cursor
      } while (cursor !== '')
      expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)])
    })

    test('refuses a cursor that no page gave', (host) => {
      for (const cursor of ['x', '', '1', '1.2.3', "1' OR 1=1"]) {
        expect(host.refused('list_client_sessions', { client_id: CLIENT, cursor })).toMatchObject({
          error_code: 'invalid_parameter',
          details: { path: 'cursor' },
        })
      }
    })

    for (const limit of [0, 201]) {
      test(`refuses a page of ${limit}`, (host) => {
        expect(
          host.refused('list_client_sessions', { client_id: CLIENT, limit }).details
        ).toMatchObject({ path: 'limit' })
      })
    }
  })
}

function listed(host: EngineHost, parameters = {}): string[] {
  const { sessions } = host.done('list_client_sessions', {
    client_id: CLIENT,
    ...parameters,
  }).result
  return sessions.map(({ session_id }) => session_id)
}
