// Sessions by image, in an order in which nothing moves because it was used: images by name, sessions as they were created.

import { type Image, NO_IMAGE_ID, type Session, standingOf } from './listed.ts'
import type { Model } from './model.ts'

export type Group = {
  readonly image_id: string
  /** Undefined for sessions without an image. */
  readonly image: Image | undefined
  readonly sessions: readonly Session[]
}

export type Choice = {
  /** What names, ids and clients must contain; empty takes all. */
  readonly text: string
  readonly closed: boolean
  readonly now: number
}

/** Every image, with those of its sessions that were chosen; unassigned ones last. */
export function groupsOf({ sessions, images }: Model, choice: Choice): Group[] {
  const byImage = new Map<string, Session[]>()
  for (const image_id of images.keys()) byImage.set(image_id, [])
  for (const session of sessions.values()) {
    const group = byImage.get(session.image_id) ?? []
    byImage.set(session.image_id, group)
    if (isChosen(session, images.get(session.image_id), choice)) group.push(session)
  }
  return [...byImage]
    .map(([image_id, listed]) => ({ image_id, image: images.get(image_id), sessions: listed }))
    .filter((group) => group.sessions.length > 0 || isShownEmpty(group.image, choice))
    .map((group) => ({ ...group, sessions: group.sessions.sort(byCreation) }))
    .sort(byName)
}

function isChosen(session: Session, image: Image | undefined, choice: Choice): boolean {
  if (!choice.closed && standingOf(session, image, choice.now) === 'closed') return false
  const { name, client_id, session_id, image_id } = session
  return contains([name, client_id, session_id, image_id, image?.image_name ?? ''], choice.text)
}

function isShownEmpty(image: Image | undefined, { text }: Choice): boolean {
  if (image === undefined || image.image_id === NO_IMAGE_ID) return false
  return contains([image.image_id, image.image_name], text)
}

function contains(texts: readonly string[], wanted: string): boolean {
  const sought = wanted.trim().toLocaleLowerCase()
  return sought === '' || texts.some((text) => text.toLocaleLowerCase().includes(sought))
}

function byCreation(a: Session, b: Session): number {
  return a.created_at === b.created_at
    ? compare(a.session_id, b.session_id)
    : compare(a.created_at, b.created_at)
}

function byName(a: Group, b: Group): number {
  if (a.image_id === NO_IMAGE_ID || b.image_id === NO_IMAGE_ID) {
    return Number(a.image_id === NO_IMAGE_ID) - Number(b.image_id === NO_IMAGE_ID)
  }
  return (
    compare(titleOf(a).toLocaleLowerCase(), titleOf(b).toLocaleLowerCase()) ||
    compare(a.image_id, b.image_id)
  )
}

/** The name of an image for people, or its id. */
export function titleOf({ image_id, image, sessions }: Group): string {
  if (image_id === NO_IMAGE_ID) return 'No image'
  return image?.image_name || sessions[0]?.image_name || image_id
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
