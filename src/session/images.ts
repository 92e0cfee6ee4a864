// What a client's sessions and its team's images have to do with each other. Whether an image is there is the directory's
// knowledge: it arrives with the call, and a session is orphaned only while it says so.

import { ALL_IMAGES } from '../image/listing.ts'
import type { KnownImage, WantedImages } from '../image/record.ts'
import { isOrphaned } from '../image/status.ts'
import { type Outcome, succeed } from '../outcome.ts'
import type { Call } from '../protocol/call.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { MAX_IMAGES_TOLD } from '../protocol/limits.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import type { Context } from './context.ts'
import { statusAt } from './rules.ts'

/** The images that are known, by id. */
export type Images = ReadonlyMap<string, KnownImage>

/** Which images the answer to a call needs to know of; undefined for none. */
export function wantedImages(
  store: Store,
  { command, parameters }: Pick<Call, 'command' | 'parameters'>
): WantedImages | undefined {
  const { session_id, image_id = ALL_IMAGES } = parameters
  const others = command === 'list_image_sessions' && image_id === ALL_IMAGES ? MAX_IMAGES_TOLD : 0
  const ids = idsOf(store, session_id, image_id).filter((id) => id !== '')
  return ids.length === 0 && others === 0 ? undefined : { ids, others }
}

function idsOf(store: Store, session_id: unknown, image_id: unknown): string[] {
  if (typeof session_id === 'string') {
    const session = store.sessions.find(session_id)
    return session === undefined ? [] : [session.image_id]
  }
  return typeof image_id === 'string' && image_id !== ALL_IMAGES
    ? [image_id]
    : store.imageSessions.imageIds()
}

/** What is known of the images that an answer names; says so if nobody could be asked. */
export function knownImages(context: Context, named: readonly string[]): Images {
  const { images, owner, warn } = context
  if (images === undefined && owner !== undefined && named.some((id) => id !== '')) {
    warn('The directory of the team could not be asked: the status of images is unknown.')
  }
  return new Map(images?.map((image) => [image.image_id, image]))
}

/** True for an active or expired session whose image has been away for longer than the grace time. */
export function isOrphanedSession(session: SessionRow, images: Images, now: number): boolean {
  return statusAt(session, now) !== 'closed' && isOrphaned(images.get(session.image_id), now)
}

/** Refuses a question about the whole team: only its directory knows. */
export function notOfTeam({
  scope,
}: {
  readonly scope?: 'client' | 'team' | undefined
}): Outcome<undefined, Failure> {
  if (scope !== 'team') return succeed(undefined)
  return fail({ reason: 'forbidden', detail: 'the sessions of a whole team are not told here' })
}
