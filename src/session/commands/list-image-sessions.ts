// list_image_sessions: the client's active and expired sessions by image, and the images of its team.

import { ALL_IMAGES, countsOf, oneImage, sortedOut, toldImages } from '../../image/listing.ts'
import { statusOf } from '../../image/status.ts'
import { seenBy } from '../../image/told.ts'
import { succeed } from '../../outcome.ts'
import { readCursor } from '../../protocol/cursor.ts'
import { DEFAULT_PAGE } from '../../protocol/limits.ts'
import type { Handler } from '../context.ts'
import { knownImages, notOfTeam } from '../images.ts'
import { BY_NUMBER, cutPage, listedSession } from '../listed-session.ts'
import { isAnothers } from '../whose.ts'

export const listImageSessions: Handler<'list_image_sessions'> = (parameters, context) => {
  const { store, now, client_id } = context
  const ofTeam = notOfTeam(parameters)
  if (!ofTeam.ok) return ofTeam
  const after = readCursor(parameters.cursor, BY_NUMBER)
  if (!after.ok) return after
  const { image_id = ALL_IMAGES, limit = DEFAULT_PAGE, include = 'open' } = parameters
  const asked = oneImage(image_id)
  const uses = store.imageSessions.sums(asked, now)
  const images = knownImages(context, asked === undefined ? [ALL_IMAGES] : [asked])
  const { orphaned, left_out } = sortedOut([...images.values()], parameters, now)
  const rows = store.imageSessions.page(
    { include, image_id: asked, left_out },
    after.value,
    limit + 1
  )
  const { page, next_cursor } = cutPage(rows, limit)
  return succeed({
    image_id,
    sessions: page.map((session) => ({
      ...listedSession(session, images, context),
      client_id,
      connection_status: statusOf(images.get(session.image_id), now).connection_status,
      seen_by: seenBy(images.get(session.image_id), context.owner?.owner),
      is_own: !isAnothers(context),
    })),
    ...countsOf(uses, { orphaned, left_out, include }),
    images: toldImages([...images.values()], uses, { left_out, now }),
    next_cursor,
  })
}
