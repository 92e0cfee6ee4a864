// What time does to sessions.

import { describe, expect } from 'vitest'
import { cleanup, imagesToClean, nextCleanup } from '../../../src/session/cleanup.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { dump, tables } from '../../support/engine-rows.ts'
import { CLIENT, create, createSeveral } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { DAY, HOUR, MINUTE, SECOND, START } from '../../support/fixed-clock.ts'
import { createOnImages, directoryAt } from './image-scene.ts'

export function describeCleaning(test: EngineTest): void {
  describe('The cleanup', () => {
    test('expires sessions whose lease has ended, as news for the directory', (host) => {
      const session_id = create(host)
      acknowledgeAll(host)
      host.clock.advance(HOUR)
      expect(clean(host)).toEqual({ expired: 1, deleted: 0 })
      expect(host.store.sessions.unreported(9)).toMatchObject([{ session_id, status: 'expired' }])
    })

    test('run twice does nothing more', (host) => {
      create(host)
      host.clock.advance(HOUR)
      clean(host)
      const once = dump(host.sql)
      expect(clean(host)).toEqual({ expired: 0, deleted: 0 })
      expect(dump(host.sql)).toBe(once)
    })

    test('deletes state at once, and the bare row when the directory has heard of it', (host) => {
      const session_id = create(host, { name: 'secret', state_data: { a: 1 }, image_id: 'i' })
      host.clock.advance(30 * DAY)
      expect(clean(host)).toEqual({ expired: 1, deleted: 1 })
      expect(host.sql.exec('SELECT * FROM component')).toEqual([])
      expect(host.sql.exec('SELECT * FROM revision')).toEqual([])
      expect(host.store.sessions.unreported(9)).toMatchObject([
        {
          session_id,
          status: 'deleted',
          name: '',
          image_id: '',
          state_bytes: 0,
          client_info: '{}',
        },
      ])
      acknowledgeAll(host)
      clean(host)
      expect(host.sql.exec('SELECT * FROM session')).toEqual([])
      expect(host.sql.exec('SELECT client_id FROM client')).toEqual([{ client_id: CLIENT }])
    })

    test('counts thirty days from the last activity, not from the creation', (host) => {
      const [old = '', used = ''] = createSeveral(host, 2)
      host.done('close_session', { session_id: old })
      host.clock.advance(DAY)
      host.done('restore_session', { session_id: used, revive: true })
      host.clock.advance(29 * DAY)
      expect(clean(host)).toEqual({ expired: 1, deleted: 1 })
      expect(host.send('get_session_info', { session_id: used }).ok).toBe(true)
      expect(host.send('get_session_info', { session_id: old }).ok).toBe(false)
    })

    test('deletes at most a hundred sessions in one run and is due again at once', (host) => {
      for (let n = 0; n < 101; n += 1) {
        host.done('close_session', { session_id: create(host) })
        host.clock.advance(6 * SECOND)
      }
      host.clock.advance(31 * DAY)
      expect(clean(host)).toEqual({ expired: 0, deleted: 100 })
      expect(nextCleanup(host.store, host.limits)).toBeLessThanOrEqual(host.clock.now())
      expect(clean(host)).toEqual({ expired: 0, deleted: 1 })
      const auditEnds = host.clock.now() + 30 * DAY + HOUR
      expect(nextCleanup(host.store, host.limits)).toBe(auditEnds)
      host.clock.advance(30 * DAY + HOUR)
      clean(host)
      expect(nextCleanup(host.store, host.limits)).toBeUndefined()
    })

    test('of a database that nobody used stores nothing', (host) => {
      expect(clean(host)).toEqual({ expired: 0, deleted: 0 })
      expect(nextCleanup(host.store, host.limits)).toBeUndefined()
      expect(tables(host.sql)).toEqual([])
    })
  })

  describe('The row of a cleanup in the audit log', () => {
    const detailOf = (host: EngineHost) => {
      const { entries } = host.done('get_audit_log', { client_id: CLIENT }).result
      return entries.find(({ action }) => action === 'cleanup')?.detail
    }

    test('names the expired sessions whose image was orphaned apart, if that is known', (host) => {
      createOnImages(host)
      host.clock.advance(HOUR)
      const now = host.clock.now()
      const wanted = imagesToClean(host.store, now)
      expect(wanted).toEqual({ ids: ['here', 'away', 'x'], others: 0, subject: 'local' })
      const images = wanted && directoryAt(host).images?.(wanted)
      expect(cleanup(host.store, host.limits, now, images)).toEqual({
        expired: 5,
        deleted: 0,
        orphaned: 2,
      })
      expect(detailOf(host)).toEqual({ expired: 5, deleted: 0, orphaned: 2 })
      expect(imagesToClean(host.store, now)).toBeUndefined()
    })

    test('says nothing of orphaned ones where nobody could be asked', (host) => {
      create(host, { image_id: 'away' })
      host.clock.advance(HOUR)
      clean(host)
      expect(detailOf(host)).toEqual({ expired: 1, deleted: 0 })
    })
  })

  describe('The next cleanup', () => {
    test('is due when the first lease ends', (host) => {
      create(host, { timeout: 7200 })
      create(host, { timeout: 600 })
      expect(nextCleanup(host.store, host.limits)).toBe(START + 10 * MINUTE)
    })

    test('is due for stored answers and ended sessions after thirty days', (host) => {
      const session_id = create(host)
      host.clock.advance(MINUTE)
      host.done('close_session', { session_id })
      expect(nextCleanup(host.store, host.limits)).toBe(START + MINUTE + 30 * DAY)
      host.clock.advance(DAY)
      clean(host)
      expect(nextCleanup(host.store, host.limits)).toBe(START + MINUTE + 30 * DAY)
      host.clock.advance(29 * DAY)
      clean(host)
      expect(host.store.answers.oldest()).toBeUndefined()
    })
  })
}

function clean(host: EngineHost) {
  return cleanup(host.store, host.limits, host.clock.now())
}

/** What the object does when the directory has answered. */
function acknowledgeAll({ store }: EngineHost): void {
  for (const row of store.sessions.unreported(100)) store.sessions.acknowledge(row)
}
