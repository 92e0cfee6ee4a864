// list_client_sessions: pages through a client's sessions, the one used last first.

import { uidOf } from '../../image/listing.ts'
import { succeed } from '../../outcome.ts'
import { readCursor } from '../../protocol/cursor.ts'
import { DEFAULT_PAGE } from '../../protocol/limits.ts'
import type { PageQuery } from '../../storage/sessions.ts'
import type { Context, Handler } from '../context.ts'
import { type Images, knownImages } from '../images.ts'
import { BY_NUMBER, cutPage, listedSession } from '../listed-session.ts'

export const listClientSessions: Handler<'list_client_sessions'> = (parameters, context) => {
  const after = readCursor(parameters.cursor, BY_NUMBER)
  if (!after.ok) return after
  const limit = parameters.limit ?? DEFAULT_PAGE
  const query: PageQuery = {
    now: context.now,
    include: parameters.include ?? 'active',
    image_id: parameters.image_id,
    after: after.value,
    limit: limit + 1,
  }
  const { page, next_cursor } = cutPage(context.store.sessions.page(query), limit)
  const images = knownImages(
    context,
    page.map(({ image_id }) => image_id)
  )
  return succeed({
    client_id: parameters.client_id,
    session_count: context.store.sessions.count(query),
    sessions: page.map((session) => listedSession(session, images, context)),
    images: byImage(context, query, images),
    next_cursor,
  })
}

/** One current session for each image, so that a client that keeps one of each need not choose (requirement M-223). */
function byImage({ store }: Context, { image_id, now, include }: PageQuery, images: Images) {
  return store.imageSessions
    .sums(image_id, now)
    .sort((a, b) => b.last_activity - a.last_activity)
    .map((use) => {
      const { image_id, current_session_id, active, expired, closed } = use
      const session_count = include === 'all' ? active + expired + closed : active
      const image_uid = uidOf(images.get(image_id), use)
      return { image_id, image_uid, session_count, current_session_id }
    })
    .filter(({ session_count }) => session_count > 0)
}
