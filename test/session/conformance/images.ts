// The image fields of a session.

import { describe, expect } from 'vitest'
import { CLIENT, create } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

const IMAGE = {
  image_id: 'pharo-12',
  image_address: 'localhost:5555',
  image_name: 'Pharo 12',
  image_version: '12.0',
  image_metadata: { vm: 'Cog' },
}

export function describeImages(test: EngineTest): void {
  describe('The image of a session', () => {
    test('is told by create, restore, update, info and list alike', (host) => {
      const created = host.done('create_session', { client_id: CLIENT, ...IMAGE }).result
      const { session_id } = created
      const listed = host.done('list_client_sessions', { client_id: CLIENT }).result.sessions
      expect(created).toMatchObject(IMAGE)
      expect(host.done('restore_session', { session_id }).result).toMatchObject(IMAGE)
      expect(host.done('get_session_info', { session_id }).result).toMatchObject(IMAGE)
      expect(
        host.done('update_session_state', { session_id, state_data: {} }).result
      ).toMatchObject(IMAGE)
      expect(listed).toMatchObject([IMAGE])
    })

    test('keeps its address as host:port, however it was spelled', (host) => {
      const session_id = create(host, { image_address: 'tcp://127.0.0.1:5555' })
      expect(host.done('get_session_info', { session_id }).result.image_address).toBe(
        '127.0.0.1:5555'
      )
      const same = { session_id, image_address: '127.0.0.1:5555' }
      expect(host.done('update_session_state', same).result.changed).toEqual([])
    })

    test('is refused with an address that is none', (host) => {
      const session_id = create(host)
      for (const image_address of ['localhost', 'http://localhost:1', 'h:70000']) {
        const refused = { error_code: 'invalid_parameter', details: { path: 'image_address' } }
        const creation = { client_id: CLIENT, image_address }
        expect(host.refused('create_session', creation)).toMatchObject(refused)
        const move = { session_id, image_address }
        expect(host.refused('update_session_state', move)).toMatchObject(refused)
      }
    })

    test('takes null for a field that is absent and answers with an empty one', (host) => {
      const nothing = { image_id: null, image_address: null, image_metadata: null }
      expect(host.done('create_session', { client_id: CLIENT, ...nothing }).result).toMatchObject({
        image_id: '',
        image_address: '',
        image_metadata: {},
      })
    })

    test('may change alone, as a revision that leaves the state as it is', (host) => {
      const session_id = create(host, { ...IMAGE, state_data: { a: 1 } })
      const { result } = host.done('update_session_state', {
        session_id,
        image_id: 'pharo-13',
        image_name: 'Pharo 12',
      })
      expect(result).toMatchObject({
        revision: 2,
        changed: ['image_id'],
        session_state: { a: 1 },
        image_id: 'pharo-13',
        image_name: 'Pharo 12',
      })
    })

    test('keeps numbers and booleans of its metadata as text', (host) => {
      const image_metadata = { bits: 64, headless: true, vm: 'Cog' }
      const { result } = host.done('create_session', { client_id: CLIENT, image_metadata })
      expect(result.image_metadata).toEqual({ bits: '64', headless: 'true', vm: 'Cog' })
    })

    test('refuses more metadata than an image may have', (host) => {
      const many = Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, 'v']))
      for (const image_metadata of [many, { k: 'v'.repeat(1025) }, { k: [1] }]) {
        expect(
          host.refused('create_session', { client_id: CLIENT, image_metadata }).error_code
        ).toBe('invalid_parameter')
      }
    })
  })
}
