// list_client_sessions: pages through a client's sessions, the one used last first.

import { succeed } from '../../outcome.ts'
import { readCursor } from '../../protocol/cursor.ts'
import { DEFAULT_PAGE } from '../../protocol/limits.ts'
import type { PageQuery } from '../../storage/sessions.ts'
import type { Handler } from '../context.ts'
import { knownImages } from '../images.ts'
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
    next_cursor,
  })
}
