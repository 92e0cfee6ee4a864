// get_image_session_stats: what the client has on an image.

import { isoTime } from '../../clock.ts'
import { oneImage } from '../../image/listing.ts'
import { isOrphaned } from '../../image/status.ts'
import { totalsOf } from '../../image/totals.ts'
import { succeed } from '../../outcome.ts'
import type { Handler } from '../context.ts'
import { knownImages, notOfTeam } from '../images.ts'

export const getImageSessionStats: Handler<'get_image_session_stats'> = (parameters, context) => {
  const { store, now } = context
  const ofTeam = notOfTeam(parameters)
  if (!ofTeam.ok) return ofTeam
  const { image_id } = parameters
  const uses = store.imageSessions.sums(oneImage(image_id), now)
  const images = knownImages(
    context,
    uses.map((use) => use.image_id)
  )
  const last = Math.max(0, ...uses.map(({ last_activity }) => last_activity))
  return succeed({
    image_id,
    ...totalsOf(uses, (id) => isOrphaned(images.get(id), now)),
    last_activity: isoTime(last === 0 ? (images.get(image_id)?.last_seen ?? now) : last),
  })
}
