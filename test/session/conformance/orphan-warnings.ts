// What whoever looks at a session hears of its image: that it is gone, since when, and what there is to do.

import { describe, expect } from 'vitest'
import { isoTime } from '../../../src/clock.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { create } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { DAY, MINUTE } from '../../support/fixed-clock.ts'
import { directoryAt } from './image-scene.ts'

const LOOKING = ['restore_session', 'load_context', 'get_session_info'] as const

/** The sentence about an image that was last seen five minutes ago, of a session that was used now. */
function sentence({ clock }: EngineHost): string {
  const [seen, kept] = [clock.now() - 5 * MINUTE, clock.now() + 30 * DAY].map(isoTime)
  return `The image away has not been seen since ${seen}: go on in another one with switch_image_context, or wait until it is back. Nothing of this session is deleted before ${kept}.`
}

export function describeOrphanWarnings(test: EngineTest): void {
  describe('Whoever looks at a session', () => {
    for (const command of LOOKING) {
      test(`hears that its image is gone (${command})`, (host) => {
        const session_id = create(host, { image_id: 'away', object_registry: { a: 1 } })
        const { warnings } = host.done(command, { session_id }, directoryAt(host))
        expect(warnings).toEqual([sentence(host)])
      })
    }

    test('hears nothing of an image that is there, unknown, or gone for somebody else alone', (host) => {
      for (const image_id of ['here', 'x', '']) {
        const session_id = create(host, { image_id, object_registry: { a: 1 } })
        for (const command of LOOKING) {
          expect(host.done(command, { session_id }, directoryAt(host)).warnings).toEqual([])
        }
      }
      const session_id = create(host, { image_id: 'away', object_registry: { a: 1 } })
      const { images } = directoryAt(host)
      const hearsay = {
        images: (wanted: Parameters<NonNullable<typeof images>>[0]) =>
          images?.(wanted)?.map((image) => ({ ...image, is_hearsay: true })) ?? [],
      }
      expect(host.done('restore_session', { session_id }, hearsay).warnings).toEqual([])
    })

    test('costs no question to the directory where none is asked anyway', (host) => {
      const session_id = create(host, { image_id: 'away', state_data: { n: 1 } })
      const nobody = {
        images: () => {
          throw new Error('the directory was asked')
        },
      }
      expect(host.done('restore_session', { session_id }, nobody).warnings).toEqual([])
    })

    test('hears nothing once the session is closed: it is not orphaned', (host) => {
      const session_id = create(host, { image_id: 'away', object_registry: { a: 1 } })
      host.done('close_session', { session_id })
      const looked = host.done('get_session_info', { session_id }, directoryAt(host))
      expect(looked.warnings).toEqual([])
      const revive = { session_id, revive: true }
      expect(host.done('restore_session', revive, directoryAt(host)).warnings).toEqual([
        sentence(host),
      ])
    })
  })
}
