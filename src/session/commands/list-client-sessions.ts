// list_client_sessions: pages through a client's sessions, the one used last first.

import { succeed } from '../../outcome.ts'
import { fail } from '../../protocol/failures.ts'
import { DEFAULT_PAGE } from '../../protocol/limits.ts'
import type { PageQuery, SessionRow } from '../../storage/sessions.ts'
import { type Context, type Handler, sessionFields } from '../context.ts'
import { imageFields } from '../image.ts'
import { statusAt, timeUntilExpiry } from '../rules.ts'

export const listClientSessions: Handler<'list_client_sessions'> = (parameters, context) => {
  const after = parameters.cursor === undefined ? undefined : readCursor(parameters.cursor)
  if (parameters.cursor !== undefined && after === undefined) {
    return fail({
      reason: 'invalid_parameter',
      path: 'cursor',
      detail: 'send next_cursor of the page before, unchanged',
    })
  }
  const limit = parameters.limit ?? DEFAULT_PAGE
  const query: PageQuery = {
    now: context.now,
    include: parameters.include ?? 'active',
    image_id: parameters.image_id,
    after,
    limit: limit + 1,
  }
  const rows = context.store.sessions.page(query)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return succeed({
    client_id: parameters.client_id,
    session_count: context.store.sessions.count(query),
    sessions: page.map((session) => item(session, context)),
    next_cursor: rows.length > limit && last !== undefined ? cursorAt(last) : '',
  })
}

function item(session: SessionRow, context: Context) {
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
  }
}

function cursorAt({ last_activity, number }: SessionRow): string {
  return `${last_activity}.${number}`
}

function readCursor(cursor: string): PageQuery['after'] {
  const [, activity, number] = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor) ?? []
  if (activity === undefined || number === undefined) return undefined
  return { last_activity: Number(activity), number: Number(number) }
}
