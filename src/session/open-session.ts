// Writes the rows of a new session: by create_session, and for a change that lost a conflict.

import type { ClientRow } from '../storage/clients.ts'
import type { NewSession, SessionRow } from '../storage/sessions.ts'
import { asClaimed } from './client-info.ts'
import type { Context } from './context.ts'
import { type ImageParameters, imageChanges, NO_IMAGE } from './image.ts'
import { EMPTY_MANIFEST } from './manifest.ts'
import type { Origin } from './origin.ts'
import { freshOrigin } from './registry-epoch.ts'
import { renewedLease } from './rules.ts'
import { UNUSED } from './usage.ts'
import { type Changes, writeRevision } from './write-revision.ts'

type Opening = ImageParameters & {
  readonly owner: ClientRow
  readonly changes: Changes
  readonly cause: string
  /** Names the first revision. */
  readonly label?: string | undefined
  readonly status: 'active' | 'closed'
  readonly session_id?: string | undefined
  readonly name?: string | undefined
  readonly timeout?: number | undefined
  readonly client_info?: Readonly<Record<string, unknown>> | undefined
  /** Where the ids of its registry are from; from now if absent. */
  readonly origin?: Origin | undefined
}

/** Opens a session with revision 1; limits have been checked before. */
export function openSession(context: Context, opening: Opening): SessionRow {
  const { store, ids, now } = context
  const { owner } = opening
  const row = newRow(
    opening.session_id ?? ids.mint(owner, owner.sessions_created, now),
    opening,
    context
  )
  const number = store.sessions.insert(row)
  const origin = opening.origin ?? freshOrigin(context, row.image_id)
  const { changed: _, ...written } = writeRevision(
    context,
    { number, revision: 0, stored_bytes: 0 },
    EMPTY_MANIFEST,
    opening.changes,
    { cause: opening.cause, label: opening.label ?? '', origin }
  )
  const change = { ...written, last_command: opening.cause }
  store.sessions.change(number, change)
  const unreported = { reported: 0, reported_bytes: 0, reported_activity: 0 }
  return { ...row, ...UNUSED, ...change, ...unreported, number }
}

function newRow(session_id: string, opening: Opening, { limits, now }: Context): NewSession {
  const timeout = opening.timeout ?? limits.defaultTimeoutS
  return {
    session_id,
    name: opening.name ?? '',
    status: opening.status,
    timeout,
    created_at: now,
    last_modified: now,
    ...renewedLease({ timeout }, now),
    closed_at: opening.status === 'closed' ? now : null,
    close_reason: opening.status === 'closed' ? opening.cause : null,
    revision: 0,
    state_bytes: 0,
    stored_bytes: 0,
    sequence: 1,
    ...NO_IMAGE,
    ...imageChanges(NO_IMAGE, opening),
    client_info: JSON.stringify(asClaimed(opening.client_info ?? {})),
  }
}
