// Where the ids of a session are from that was fetched: the service says whether they are good, the bridge which start of
// the image that was said of.

import type { Origin } from '../../src/session/origin.ts'
import { epochNow, NOTED, type Origins } from '../../src/session/registry-epoch.ts'
import type { Replica } from './replica.ts'
import type { Result } from './service-answer.ts'

/** Stands for every start that the service has called over; no image has a start of this name. */
const OVER = '(over)'

/** Good ids are of the start that the image is in now; stale ones are of one before it. */
export function toldOrigins({ imagesHere }: Pick<Replica, 'imagesHere'>, result: Result): Origins {
  const { image_id = '', stale_ids, stale_ids_truncated } = result
  if (image_id === '') return {}
  const now = epochNow({ images: imagesHere({ ids: [image_id], others: 0 }) }, image_id)
  const over = { image_id, epoch: OVER }
  const origins: Partial<Record<(typeof NOTED)[number], Origin>> = {}
  for (const name of NOTED) {
    if (result[`${name}_stale`] !== true) origins[name] = { ...now, later: [] }
    else if (stale_ids === undefined || stale_ids_truncated === true)
      origins[name] = { ...over, later: [] }
    else origins[name] = { ...now, later: [{ ...over, ids: stale_ids }] }
  }
  return origins
}
