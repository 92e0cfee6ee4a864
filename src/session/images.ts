// What a client's sessions and its team's images have to do with each other. Whether an image is there is the directory's
// knowledge: it arrives with the call, and a session is orphaned only while it says so.

import { isoTime } from '../clock.ts'
import { ALL_IMAGES } from '../image/listing.ts'
import type { KnownImage, WantedImages } from '../image/record.ts'
import { isOrphaned } from '../image/status.ts'
import { type Outcome, succeed } from '../outcome.ts'
import type { Call } from '../protocol/call.ts'
import type { Declaration, JsonObject } from '../protocol/command.ts'
import type { Component } from '../protocol/components.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { MAX_IMAGES_TOLD } from '../protocol/limits.ts'
import { findCommand } from '../protocol/registry.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import { movedClasses } from './class-names.ts'
import { activeOn, type Context, usedLast } from './context.ts'
import { NOTED } from './registry-epoch.ts'
import { restorableUntil, statusAt } from './rules.ts'

/** The images that are known, by id. */
export type Images = ReadonlyMap<string, KnownImage>

/** Which images the answer to a call needs to know of; undefined for none. */
export function wantedImages(
  store: Store,
  call: Pick<Call, 'command' | 'parameters' | 'caller'>,
  now: number
): WantedImages | undefined {
  const { parameters, caller } = call
  const declaration = findCommand(call.command)
  if (declaration === undefined) return undefined
  const { image_id = ALL_IMAGES } = parameters
  const isAboutAll = declaration.images === 'all' && image_id === ALL_IMAGES
  const others = isAboutAll ? MAX_IMAGES_TOLD : 0
  const ids = idsOf(store, declaration, parameters, now).filter((id) => id !== '')
  if (ids.length === 0 && others === 0) return undefined
  const classes = takenAlong(store, declaration, parameters, now)
  const subject = store.clients.find()?.owner ?? caller.subject
  return { ids, others, subject, ...(classes !== undefined && { classes }) }
}

/** The classes of a session that goes on in another image; undefined for commands that move none. */
function takenAlong(store: Store, { parameters }: Declaration, given: JsonObject, now: number) {
  const { session_id, from_image_id } = given
  const isMove = Object.hasOwn(parameters.shape, 'to_image_id')
  if (!isMove || typeof from_image_id !== 'string') return undefined
  const session =
    session_id === undefined ? activeOn(store, now, from_image_id) : sessionOf(store, session_id)
  return movedClasses(store, given, session)
}

function idsOf(
  store: Store,
  { images, makes_session }: Declaration,
  parameters: JsonObject,
  now: number
): string[] {
  const { session_id, image_id, to_image_id } = parameters
  switch (images) {
    case undefined:
      return []
    case 'start':
      if (makes_session) return bringsIds(parameters) ? texts(image_id) : []
      return to_image_id === undefined ? changedImage(store, parameters) : texts(to_image_id)
    case 'registry':
      return toldImage(store, parameters, now)
    case 'status':
    case 'all':
      if (typeof session_id === 'string') return texts(sessionOf(store, session_id)?.image_id)
      return typeof image_id === 'string' && image_id !== ALL_IMAGES
        ? [image_id]
        : store.imageSessions.imageIds()
    default:
      return images satisfies never
  }
}

/** The image whose start is noted with ids that arrive, or with those of a session that first names an image. */
function changedImage(store: Store, parameters: JsonObject): string[] {
  const isBrought = bringsIds(parameters)
  if (!isBrought && parameters.image_id === undefined) return []
  const session = sessionOf(store, parameters.session_id)
  if (session === undefined || !(isBrought || session.image_id === '')) return []
  return texts(parameters.image_id ?? session.image_id)
}

/** The image of a session that may hold ids of an earlier start of it. */
function toldImage(store: Store, parameters: JsonObject, now: number): string[] {
  if (!store.registryEpochs.isUsed()) return []
  const session = sessionOf(store, parameters.session_id) ?? latest(store, parameters, now)
  if (session === undefined || session.image_id === '') return []
  return store.registryEpochs.isKnown(session.number) ? [session.image_id] : []
}

function bringsIds({ state_data, components, ...named }: JsonObject): boolean {
  return NOTED.some(
    (name) => named[name] !== undefined || [state_data, components].some(names(name))
  )
}

function names(component: Component) {
  return (text: unknown): boolean => typeof text === 'string' && text.includes(component)
}

function sessionOf(store: Store, session_id: unknown): SessionRow | undefined {
  return typeof session_id === 'string' ? store.sessions.find(session_id) : undefined
}

function latest(store: Store, { session_id, image_id }: JsonObject, now: number) {
  if (session_id !== undefined) return undefined
  return usedLast(store, now, typeof image_id === 'string' ? image_id : undefined)
}

function texts(value: unknown): string[] {
  return typeof value === 'string' ? [value] : []
}

/** What is known of the images that an answer names; says so if nobody could be asked. */
export function knownImages(context: Context, named: readonly string[]): Images {
  const { images, isDirectorySilent, warn } = context
  if (isDirectorySilent && named.some((id) => id !== '')) {
    warn('The directory of the team could not be asked: the status of images is unknown.')
  }
  return new Map(images?.map((image) => [image.image_id, image]))
}

/** True for an active or expired session whose image has been away for longer than the grace time. */
export function isOrphanedSession(session: SessionRow, images: Images, now: number): boolean {
  return statusAt(session, now) !== 'closed' && isOrphaned(images.get(session.image_id), now)
}

/** Says of a session that works on an image which is gone what its developer can do; says nothing where nobody was asked. */
export function warnIfOrphaned(context: Context, session: SessionRow): void {
  const image = context.images?.find(({ image_id }) => image_id === session.image_id)
  if (image === undefined) return
  if (!isOrphanedSession(session, new Map([[image.image_id, image]]), context.now)) return
  const { image_id, last_seen } = image
  context.warn(
    `The image ${image_id} has not been seen since ${isoTime(last_seen)}: go on in another one with switch_image_context, or wait until it is back. Nothing of this session is deleted before ${restorableUntil(session, context.limits)}.`
  )
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
