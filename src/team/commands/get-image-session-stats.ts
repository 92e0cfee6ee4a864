// get_image_session_stats with scope team: sums of what all clients of the team have reported.

import { isoTime } from '../../clock.ts'
import { oneImage } from '../../image/listing.ts'
import { totalsOf } from '../../image/totals.ts'
import { succeed } from '../../outcome.ts'
import { mayAskForTeam } from '../admins-only.ts'
import { toldCleaned } from '../cleaned.ts'
import type { TeamHandler } from '../context.ts'

export const getImageSessionStats: TeamHandler<'get_image_session_stats'> = (
  { image_id },
  { store, images, caller, now }
) => {
  const may = mayAskForTeam(caller)
  if (!may.ok) return may
  const asked = oneImage(image_id)
  const uses = store.sessions.byImage(asked === undefined ? undefined : [asked])
  const orphaned = new Set(images.orphaned(now))
  const last = Math.max(0, ...uses.map(({ last_activity }) => last_activity))
  return succeed({
    image_id,
    ...totalsOf(uses, (id) => orphaned.has(id)),
    last_activity: isoTime(last === 0 ? images.one(image_id, now).last_seen : last),
    cleaned: toldCleaned(store.cleaned.of(image_id)),
  })
}
