// A client whose sessions work on images that are here, away, unknown, or none at all.

import { type KnownImage, unreported, type WantedImages } from '../../../src/image/record.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import type { SendOptions } from '../../support/engine-send.ts'
import { create } from '../../support/engine-sessions.ts'
import { MINUTE, SECOND } from '../../support/fixed-clock.ts'

/** What the directory of the team says: `here` is connected, `away` for five minutes no more, others nobody knows. */
export function directoryAt(host: EngineHost): SendOptions {
  const now = host.clock.now()
  const record = (image_id: string): KnownImage => {
    const image = { ...unreported(image_id, now), image_name: `Pharo ${image_id}` }
    if (image_id === 'here') return { ...image, reported_status: 'Connected', session_count: 7 }
    if (image_id !== 'away') return image
    const last_seen = now - 5 * MINUTE
    return { ...image, reported_status: 'Disconnected', last_seen, first_seen: last_seen }
  }
  return {
    images: ({ ids, others }: WantedImages) =>
      [...ids, ...['here', 'away'].filter((id) => others > 0 && !ids.includes(id))].map(record),
  }
}

/**
 * Five sessions, a second apart: on an image that is here, two that are away, one unknown, and without any. Nobody has
 * used them since the image that is away was last seen.
 */
export function createOnImages(host: EngineHost) {
  const on = (image_id: string) => {
    host.clock.advance(SECOND)
    return create(host, { image_id, state_data: { n: 1 } })
  }
  const made = {
    here: on('here'),
    away: on('away'),
    also: on('away'),
    unknown: on('x'),
    none: on(''),
  }
  host.clock.advance(5 * MINUTE)
  return made
}

/** Later than any clock of a test. */
const ALWAYS = Date.UTC(2100, 0, 1)

/** A directory that knows one start of every image, and sees each of them. */
export function startOf(epoch: string): SendOptions {
  return {
    images: ({ ids }) =>
      ids.map((id) => ({ ...unreported(id, ALWAYS), reported_status: 'Connected', epoch })),
  }
}
