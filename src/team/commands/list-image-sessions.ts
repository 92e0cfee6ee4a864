// list_image_sessions with scope team: from the summaries that clients have reported; no client's object is asked.

import { isoTime } from '../../clock.ts'
import { ALL_IMAGES, countsOf, oneImage, sortedOut, toldImages } from '../../image/listing.ts'
import type { KnownImage } from '../../image/record.ts'
import { isOrphaned, statusOf } from '../../image/status.ts'
import { seenBy } from '../../image/told.ts'
import { succeed } from '../../outcome.ts'
import { type CursorForm, cursorAt, readCursor } from '../../protocol/cursor.ts'
import { DEFAULT_PAGE, MAX_IMAGES_TOLD } from '../../protocol/limits.ts'
import { mayAskForTeam } from '../admins-only.ts'
import type { TeamContext, TeamHandler } from '../context.ts'
import type { Position, SummaryRow } from '../storage/session-table.ts'

export const listImageSessions: TeamHandler<'list_image_sessions'> = (parameters, context) => {
  const { store, images, caller, now } = context
  const may = mayAskForTeam(caller)
  if (!may.ok) return may
  const after = readCursor(parameters.cursor, BY_ID)
  if (!after.ok) return after
  const { image_id = ALL_IMAGES, limit = DEFAULT_PAGE, include = 'open' } = parameters
  const asked = oneImage(image_id)
  const uses = store.sessions.byImage(asked === undefined ? undefined : [asked])
  const all = asked === undefined ? images.reported(uses, now) : named(images.one(asked, now))
  const { orphaned, left_out } = sortedOut(all, parameters, now)
  const rows = store.sessions.page({ include, image_id: asked, left_out }, after.value, limit + 1)
  const page = rows.slice(0, limit)
  const byId = new Map(all.map((image) => [image.image_id, image]))
  return succeed({
    image_id,
    sessions: page.map((row) => item(row, byId.get(row.image_id), { caller, now })),
    ...countsOf(uses, { orphaned, left_out, include }),
    images: toldImages(chosen(all, page), uses, { left_out, now }),
    next_cursor: rows.length > limit ? nextAfter(page.at(-1)) : '',
  })
}

function item(
  row: SummaryRow,
  image: KnownImage | undefined,
  { caller, now }: Pick<TeamContext, 'caller' | 'now'>
) {
  const isActive = row.status === 'active'
  const isClosed = row.status === 'closed'
  const openStatus = isActive ? ('active' as const) : ('expired' as const)
  return {
    session_id: row.session_id,
    client_id: row.client_id,
    created_at: isoTime(row.created_at),
    last_modified: isoTime(row.last_modified),
    timeout: row.timeout,
    is_active: isActive,
    time_until_expiry: isActive ? Math.max(0, Math.floor((row.expires_at - now) / 1000)) : 0,
    is_expired: row.status === 'expired',
    is_closed: isClosed,
    status: isClosed ? ('closed' as const) : openStatus,
    name: row.name,
    revision: row.revision,
    state_bytes: row.bytes,
    image_id: row.image_id,
    image_address: row.image_address,
    image_name: row.image_name,
    image_version: row.image_version,
    image_metadata: { ...image?.image_metadata },
    orphaned: !isClosed && isOrphaned(image, now),
    connection_status: statusOf(image, now).connection_status,
    seen_by: seenBy(image, row.owner),
    ...(row.owner !== '' && { is_own: row.owner === caller.subject }),
  }
}

/** The images of the page, and as many others as one answer may tell. */
function chosen(images: readonly KnownImage[], page: readonly SummaryRow[]): KnownImage[] {
  const onPage = new Set(page.map(({ image_id }) => image_id))
  const others = images.filter(({ image_id }) => !onPage.has(image_id))
  return [
    ...images.filter(({ image_id }) => onPage.has(image_id)),
    ...others.slice(0, MAX_IMAGES_TOLD),
  ]
}

/** Sessions without an image have none to tell. */
function named(image: KnownImage): KnownImage[] {
  return image.image_id === '' ? [] : [image]
}

/** How the list of a team spells its cursors. */
const BY_ID: CursorForm<Position> = {
  key: /^session_\w+$/,
  position: (last_activity, session_id) => ({ last_activity, session_id }),
}

function nextAfter(row: SummaryRow | undefined): string {
  return row === undefined ? '' : cursorAt(row.last_activity, row.session_id)
}
