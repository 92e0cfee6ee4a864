// Calls that are let in and wait for their turn: what is asked about images before they are answered.

import { describe, expect } from 'vitest'
import type { WantedImages } from '../../../src/image/record.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import type { SendOptions, WireParameters } from '../../support/engine-send.ts'
import { CLIENT, create } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { startOf } from './image-scene.ts'

/** A directory that counts how often it is asked. */
function countedDirectory() {
  const asked: WantedImages[] = []
  const options = (more: SendOptions = {}): SendOptions => ({
    ...more,
    images: (wanted) => {
      asked.push(wanted)
      return startOf('first').images?.(wanted) ?? []
    },
  })
  return { asked, options }
}

const onImage = (host: EngineHost) => create(host, { image_id: 'pharo', object_registry: {} })

export function describeTurns(test: EngineTest): void {
  describe('The directory of the team', () => {
    const change = (session_id: string): WireParameters => ({
      session_id,
      object_registry: { o: 1 },
    })

    test('is asked once for a change and never for its repetitions', (host) => {
      const session_id = onImage(host)
      const { asked, options } = countedDirectory()
      for (let n = 0; n < 3; n += 1) {
        const sent = host.done('update_session_state', change(session_id), options({ key: 'k' }))
        expect(sent.replayed).toBe(n > 0)
      }
      expect(asked).toHaveLength(1)
      expect(asked).toMatchObject([{ ids: ['pharo'], others: 0 }])
    })

    test(
      'is not asked for what is refused because it comes too often',
      (host) => {
        const session_id = onImage(host)
        const { asked, options } = countedDirectory()
        host.done('update_session_state', change(session_id), options())
        for (let n = 0; n < 5; n += 1) {
          const refused = host.refused('update_session_state', change(session_id), options())
          expect(refused.error_code).toBe('rate_limited')
        }
        expect(asked).toHaveLength(1)
      },
      { limits: { commands: { perMinute: 1, burst: 2 } } }
    )

    test('is not said to be silent where it was not asked, because all sessions are closed', (host) => {
      const session_id = create(host, { image_id: 'pharo' })
      host.done('close_session', { session_id })
      const asked = { client_id: CLIENT, include: 'all' }
      const { result, warnings } = host.done('list_client_sessions', asked)
      expect(result.sessions).toHaveLength(1)
      expect(warnings).toEqual([])
    })

    test('is said to be silent where it was asked and did not answer', (host) => {
      create(host, { image_id: 'pharo' })
      const { warnings } = host.done('list_client_sessions', { client_id: CLIENT })
      expect(warnings).toEqual([
        'The directory of the team could not be asked: the status of images is unknown.',
      ])
    })
  })

  describe('A call', () => {
    test('keeps its order only if its caller sees the object and has a token left', (host) => {
      create(host)
      const call = (subject: string) => ({
        command: 'list_client_sessions',
        parameters: { client_id: CLIENT },
        caller: { team: 'local', subject, client_ids: [] },
      })
      expect(host.engine.admit(call('local')).isOrdered).toBe(true)
      expect(host.engine.admit(call('stranger')).isOrdered).toBe(false)
      for (let n = 0; n < 200; n += 1) host.engine.admit(call('local'))
      expect(host.engine.admit(call('local')).isOrdered).toBe(false)
    })
  })
}
