// A session as every list tells it, and where the next page begins.

import { type CursorForm, cursorAt } from '../protocol/cursor.ts'
import type { PageQuery, SessionRow } from '../storage/sessions.ts'
import { type Context, sessionFields } from './context.ts'
import { imageFields } from './image.ts'
import { type Images, isOrphanedSession } from './images.ts'
import { statusAt, timeUntilExpiry } from './rules.ts'

export function listedSession(session: SessionRow, images: Images, context: Context) {
  const { client_id: _, ...fields } = sessionFields(session, context)
  const status = statusAt(session, context.now)
  return {
    ...fields,
    time_until_expiry: timeUntilExpiry(session, context.now),
    is_expired: status === 'expired',
    is_closed: status === 'closed',
    status,
    name: session.name,
    revision: session.revision,
    state_bytes: session.state_bytes,
    ...imageFields(session),
    orphaned: isOrphanedSession(session, images, context.now),
  }
}

/** The page of `limit` sessions, and the cursor of the next one; one row more than the limit was asked for. */
export function cutPage(rows: readonly SessionRow[], limit: number) {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const isMore = rows.length > limit && last !== undefined
  return { page, next_cursor: isMore ? cursorAt(last.last_activity, last.number) : '' }
}

/** How lists of one client's sessions spell their cursors. */
export const BY_NUMBER: CursorForm<NonNullable<PageQuery['after']>> = {
  key: /^\d{1,15}$/,
  position: (last_activity, number) => ({ last_activity, number: Number(number) }),
}
