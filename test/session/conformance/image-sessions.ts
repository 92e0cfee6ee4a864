// list_image_sessions and get_image_session_stats, and what other answers tell of images.

import { describe, expect } from 'vitest'
import { CLIENT, create } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { HOUR, SECOND } from '../../support/fixed-clock.ts'
import { createOnImages, directoryAt } from './image-scene.ts'

const UNASKED = ['The directory of the team could not be asked: the status of images is unknown.']

export function describeImageSessions(test: EngineTest): void {
  describe('list_image_sessions', () => {
    test('lists active and expired sessions of all images, the one used last first', (host) => {
      const { here, away, also, unknown, none } = createOnImages(host)
      const list = host.done('list_image_sessions', { client_id: CLIENT }, directoryAt(host))
      const { sessions, images, ...told } = list.result
      expect(told).toEqual({ image_id: '*', total_count: 5, orphaned_count: 2, next_cursor: '' })
      expect(sessions.map(({ session_id }) => session_id)).toEqual([
        none,
        unknown,
        also,
        away,
        here,
      ])
      expect(sessions.map(({ orphaned }) => orphaned)).toEqual([false, false, true, true, false])
      expect(sessions[4]).toMatchObject({ client_id: CLIENT, connection_status: 'Connected' })
      expect(images).toMatchObject([
        { image_id: 'here', status: 'Connected', current_session_id: here, session_count: 7 },
        { image_id: 'away', image_status: 'Orphaned', current_session_id: also, session_count: 2 },
        { image_id: 'x', status: 'Unknown', current_session_id: unknown, session_count: 1 },
      ])
      expect(list.warnings).toEqual([])
    })

    test('lists the sessions of one image, and tells of it even without any', (host) => {
      const { also, away } = createOnImages(host)
      const ids = (image_id: string) => {
        const asked = { client_id: CLIENT, image_id }
        const { result } = host.done('list_image_sessions', asked, directoryAt(host))
        expect(result.image_id).toBe(image_id)
        return [
          result.sessions.map(({ session_id }) => session_id),
          result.images.map(({ image_id: id }) => id),
        ]
      }
      expect(ids('away')).toEqual([[also, away], ['away']])
      expect(ids('nobody knows')).toEqual([[], ['nobody knows']])
      expect(ids('')[1]).toEqual([])
    })

    for (const [choice, left] of [
      [{ include_orphaned: false }, ['none', 'unknown', 'here']],
      [{ include_disconnected: false }, ['none', 'unknown', 'here']],
      [{ include_orphaned: false, include_disconnected: true }, ['none', 'unknown', 'here']],
    ] as const) {
      test(`leaves out what it is told to: ${JSON.stringify(choice)}`, (host) => {
        const made = createOnImages(host)
        const asked = { client_id: CLIENT, ...choice }
        const { result } = host.done('list_image_sessions', asked, directoryAt(host))
        expect(result.sessions.map(({ session_id }) => session_id)).toEqual(
          left.map((name) => made[name])
        )
        expect(result).toMatchObject({ total_count: 3, orphaned_count: 0 })
        expect(result.images.map(({ image_id }) => image_id)).toEqual(['here', 'x'])
      })
    }

    test('has the expired and not the closed ones, and names none of them as current', (host) => {
      const session_id = create(host, { image_id: 'away' })
      host.done('close_session', { session_id: create(host, { image_id: 'away' }) })
      host.clock.advance(HOUR)
      const asked = { client_id: CLIENT, image_id: 'away' }
      const { result } = host.done('list_image_sessions', asked, directoryAt(host))
      expect(result).toMatchObject({
        total_count: 1,
        orphaned_count: 1,
        sessions: [{ session_id, status: 'expired', orphaned: true }],
        images: [{ current_session_id: '' }],
      })
    })

    for (const [include, listed, orphaned] of [
      ['open', ['none', 'unknown', 'also', 'here'], 1],
      ['closed', ['away'], 0],
      ['all', ['away', 'none', 'unknown', 'also', 'here'], 1],
    ] as const) {
      test(`lists ${include} ones where it is told to, closed ones not as orphaned`, (host) => {
        const made = createOnImages(host)
        host.done('close_session', { session_id: made.away })
        const asked = { client_id: CLIENT, include }
        const { result } = host.done('list_image_sessions', asked, directoryAt(host))
        expect(result.sessions.map(({ session_id }) => session_id)).toEqual(
          listed.map((name) => made[name])
        )
        expect(result.sessions.map(({ is_closed }) => is_closed)).toEqual(
          listed.map((name) => name === 'away')
        )
        expect(result).toMatchObject({ total_count: listed.length, orphaned_count: orphaned })
      })
    }

    test('gives pages that follow one another', (host) => {
      const made = Object.values(createOnImages(host)).reverse()
      const pages: string[][] = []
      let cursor: string | undefined
      do {
        const page = { client_id: CLIENT, limit: 2, ...(cursor && { cursor }) }
        const { result } = host.done('list_image_sessions', page, directoryAt(host))
        expect(result.total_count).toBe(5)
        pages.push(result.sessions.map(({ session_id }) => session_id))
        cursor = result.next_cursor
      } while (cursor !== '')
      expect(pages).toEqual([made.slice(0, 2), made.slice(2, 4), made.slice(4)])
    })

    test('says so when the status of images cannot be known, and calls nothing orphaned', (host) => {
      createOnImages(host)
      const { result, warnings } = host.done('list_image_sessions', { client_id: CLIENT })
      expect(warnings).toEqual(UNASKED)
      expect(result).toMatchObject({ total_count: 5, orphaned_count: 0 })
      expect(result.images.map(({ status }) => status)).toEqual(['Unknown', 'Unknown', 'Unknown'])
    })

    test('has nothing of a client that nobody knows, and no warning', (host) => {
      const asked = { client_id: CLIENT, image_id: 'here' }
      const { result, warnings } = host.done('list_image_sessions', asked)
      expect(result).toMatchObject({ sessions: [], total_count: 0, images: [] })
      expect(warnings).toEqual([])
    })

    test('needs a client, unless it is asked of a team, which is not asked here', (host) => {
      expect(host.refused('list_image_sessions', { image_id: '*' }).error).toBe(
        'Missing client_id parameter'
      )
      for (const command of ['list_image_sessions', 'get_image_session_stats'] as const) {
        expect(host.refused(command, { image_id: '*', scope: 'team' }).error_code).toBe('forbidden')
      }
    })
  })

  describe('get_image_session_stats', () => {
    test('counts the sessions of an image, and their bytes', (host) => {
      const { also } = createOnImages(host)
      host.done('close_session', { session_id: also })
      const asked = { client_id: CLIENT, image_id: 'away' }
      expect(host.done('get_image_session_stats', asked, directoryAt(host)).result).toEqual({
        image_id: 'away',
        total_sessions: 2,
        active_sessions: 1,
        orphaned_sessions: 1,
        expired_sessions: 0,
        closed_sessions: 1,
        total_context_size: 14,
        last_activity: '2026-03-01T09:05:05.000Z',
      })
    })

    test('counts a lease that ended before anybody has cleaned up', (host) => {
      createOnImages(host)
      host.clock.advance(HOUR)
      const asked = { client_id: CLIENT, image_id: '*' }
      expect(host.done('get_image_session_stats', asked, directoryAt(host)).result).toMatchObject({
        total_sessions: 5,
        active_sessions: 0,
        expired_sessions: 5,
        orphaned_sessions: 2,
      })
    })

    test('of an image without sessions says when the image was seen', (host) => {
      create(host)
      const asked = { client_id: CLIENT, image_id: 'away' }
      expect(host.done('get_image_session_stats', asked, directoryAt(host)).result).toMatchObject({
        total_sessions: 0,
        last_activity: '2026-03-01T08:55:00.000Z',
      })
    })
  })

  describe('A session whose image is away', () => {
    test('is orphaned for info and lists, until it is closed or moves to another image', (host) => {
      const session_id = create(host, { image_id: 'away' })
      const orphaned = () => {
        const directory = directoryAt(host)
        const asked = { client_id: CLIENT, include: 'all' }
        const { sessions } = host.done('list_client_sessions', asked, directory).result
        return [
          host.done('get_session_info', { session_id }, directory).result.orphaned,
          sessions[0]?.orphaned,
        ]
      }
      expect(orphaned()).toEqual([true, true])
      host.done('update_session_state', { session_id, image_id: 'here' })
      expect(orphaned()).toEqual([false, false])
      host.done('update_session_state', { session_id, image_id: 'away' })
      expect(orphaned()).toEqual([true, true])
      host.done('close_session', { session_id })
      expect(orphaned()).toEqual([false, false])
    })

    test('can be worked with like any other', (host) => {
      const session_id = create(host, { image_id: 'away', state_data: { a: 1 } })
      host.clock.advance(SECOND)
      expect(host.done('restore_session', { session_id }).result.session_state).toEqual({ a: 1 })
    })
  })

  describe('An answer about sessions without an image', () => {
    test('asks nobody and warns of nothing', (host) => {
      const session_id = create(host)
      const asked = () => {
        throw new Error('the directory was asked')
      }
      for (const [command, parameters] of [
        ['get_session_info', { session_id }],
        ['list_client_sessions', { client_id: CLIENT }],
        ['get_image_session_stats', { client_id: CLIENT, image_id: '' }],
        ['cleanup_image_sessions', { client_id: CLIENT, image_id: '' }],
      ] as const) {
        expect(host.done(command, parameters, { images: asked }).warnings).toEqual([])
      }
    })
  })

  describe('Somebody who may not see the sessions', () => {
    test('makes nobody ask about images', (host) => {
      const { away } = createOnImages(host)
      const asked = () => {
        throw new Error('the directory was asked')
      }
      const stranger = { subject: 'stranger', images: asked }
      host.refused('get_session_info', { session_id: away }, stranger)
      for (const [command, parameters] of [
        ['list_client_sessions', { client_id: CLIENT }],
        ['list_image_sessions', { client_id: CLIENT, image_id: 'away' }],
        ['get_image_session_stats', { client_id: CLIENT, image_id: 'away' }],
        ['cleanup_image_sessions', { client_id: CLIENT, image_id: 'away' }],
      ] as const) {
        expect(host.done(command, parameters, stranger).warnings).toEqual([])
      }
    })

    test('sees them as an admin of the team', (host) => {
      createOnImages(host)
      const admin = { ...directoryAt(host), subject: 'enzo', role: 'admin' } as const
      const asked = { client_id: CLIENT, image_id: 'away' }
      expect(host.done('list_image_sessions', asked, admin).result.orphaned_count).toBe(2)
      expect(host.done('get_image_session_stats', asked, admin).result.total_sessions).toBe(2)
    })
  })
}
