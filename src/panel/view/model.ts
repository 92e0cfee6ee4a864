// What the page shows, kept as maps: lists replace, events change what is there and name what must be asked for.

import { type BridgeStatus, bridgeLine, bridgesByClient, type ClientBridge } from './bridge-line.ts'
import {
  type Heard,
  isOfImage,
  isOfSession,
  type RestartHeard,
  type SessionHeard,
} from './heard.ts'
import { type Image, type ListedSession, type Session, sessionOf } from './listed.ts'
import { createMeanwhile } from './meanwhile.ts'

/** What a list says that was told at `toldAt`; an undefined image means that the list is about all. */
export type Told = {
  readonly toldAt: number
  readonly image_id: string | undefined
  readonly sessions: readonly ListedSession[]
  readonly images: readonly Image[]
  /** True if the list has all pages: what it does not name is not there any more. */
  readonly isWhole: boolean
  /** True if that holds for closed sessions, too, which lists of one image leave out. */
  readonly hasClosed: boolean
}

/** A change of an image that was heard of; with `epoch` it is the beginning of that start. */
export type ImageMoment = {
  readonly at: number
  readonly image_status: string
  readonly epoch?: string
}

export type Model = {
  readonly sessions: ReadonlyMap<string, Session>
  readonly images: ReadonlyMap<string, Image>
  /** When sessions of an image were changed, in epoch milliseconds. */
  readonly activity: ReadonlyMap<string, readonly number[]>
  readonly moments: ReadonlyMap<string, readonly ImageMoment[]>
  /** The bridges of each client, as far as they are known. */
  readonly bridges: ReadonlyMap<string, readonly ClientBridge[]>
  /** How much was heard until now: noted when a list is asked for. */
  mark(): number
  /** Takes a list over, but for what was heard since the mark: that is newer. */
  take(told: Told, mark?: number): void
  /** Replaces what is known of bridges; gives the clients whose bridges are in another way than before. */
  takeBridges(told: readonly BridgeStatus[], now: number): readonly string[]
  /** Changes what is known; gives the images whose sessions have to be asked for. */
  hear(heard: Heard): readonly string[]
  /** Notes what happened before the page was opened. */
  recall(heard: Heard): void
  forget(): void
}

/** Moments of one image that are kept. */
const MOMENTS_KEPT = 200

/** Bridges notice one start within this time of each other. */
const SAME_START_MS = 10_000

/** Changes of one image that are kept for its picture of the day. */
const CHANGES_KEPT = 5000

export function createModel(): Model {
  const sessions = new Map<string, Session>()
  const images = new Map<string, Image>()
  const activity = new Map<string, number[]>()
  const moments = new Map<string, ImageMoment[]>()
  const bridges = new Map<string, readonly ClientBridge[]>()
  const meanwhile = createMeanwhile()

  function take(list: Told, mark = meanwhile.mark()): void {
    const { toldAt, image_id, sessions: listed, images: told, ...its } = list
    const named = new Set(listed.map(({ session_id }) => session_id))
    for (const session of its.isWhole ? [...sessions.values()] : []) {
      const isMeant = image_id === undefined || session.image_id === image_id
      const isListed = its.hasClosed || session.status !== 'closed'
      const isNewer = meanwhile.since(mark, session.session_id) !== undefined
      if (isMeant && isListed && !isNewer && !named.has(session.session_id)) {
        sessions.delete(session.session_id)
      }
    }
    for (const one of listed) {
      const heard = meanwhile.since(mark, one.session_id)
      if (heard?.status === 'deleted') continue
      const session = sessionOf(one, toldAt)
      sessions.set(one.session_id, heard === undefined ? session : changed(session, heard))
    }
    meanwhile.settle(mark)
    if (its.isWhole && image_id === undefined) images.clear()
    for (const image of told) images.set(image.image_id, image)
  }

  function takeBridges(told: readonly BridgeStatus[], now: number): readonly string[] {
    const kindOf = (client_id: string) => bridgeLine(bridges.get(client_id), now)?.kind
    const before = new Map([...bridges.keys()].map((client_id) => [client_id, kindOf(client_id)]))
    bridges.clear()
    for (const [client_id, its] of bridgesByClient(told)) bridges.set(client_id, its)
    return [...bridges.keys()].filter((client_id) => {
      const kind = before.get(client_id)
      return kind !== undefined && kind !== kindOf(client_id)
    })
  }

  function recall(heard: Heard): void {
    if (isOfImage(heard)) {
      const { at, image_id, image_status } = heard
      const known = moments.get(image_id) ?? []
      if (heard.type === 'image.restarted') {
        if (known.some((moment) => isSameStart(moment, heard))) return
        push(moments, image_id, { at, image_status, epoch: heard.epoch }, MOMENTS_KEPT)
        return
      }
      // An image that is only late, or slow, is heard of too, and is as connected as before.
      if (known.at(-1)?.image_status === image_status) return
      push(moments, image_id, { at, image_status }, MOMENTS_KEPT)
    } else if (isOfSession(heard) && heard.status !== 'deleted') {
      push(activity, heard.image_id, heard.at, CHANGES_KEPT)
    }
  }

  function hear(heard: Heard): readonly string[] {
    recall(heard)
    if (isOfImage(heard)) return [heard.image_id]
    if (!isOfSession(heard)) return []
    meanwhile.note(heard)
    const known = sessions.get(heard.session_id)
    if (heard.status === 'deleted') {
      sessions.delete(heard.session_id)
      return [heard.image_id]
    }
    if (known === undefined) return [heard.image_id]
    sessions.set(heard.session_id, changed(known, heard))
    return [...new Set([known.image_id, heard.image_id])]
  }

  return {
    sessions,
    images,
    activity,
    moments,
    bridges,
    mark: meanwhile.mark,
    take,
    takeBridges,
    hear,
    recall,
    forget: () => {
      for (const map of [sessions, images, activity, moments, bridges]) map.clear()
      meanwhile.forget()
    },
  }
}

/** An event tells how its session is now; what it does not tell stays. */
function changed(known: Session, heard: SessionHeard): Session {
  const { status, revision, state_bytes, expires_at, image_id } = heard
  return {
    ...known,
    status,
    revision,
    state_bytes,
    expires_at,
    image_id,
    is_active: status === 'active',
    is_expired: status === 'expired',
    is_closed: status === 'closed',
    orphaned: known.orphaned && status !== 'closed' && image_id === known.image_id,
  }
}

/** Each bridge that sees an image may tell of the same start, with a name of its own for it. */
function isSameStart({ at, epoch }: ImageMoment, heard: RestartHeard): boolean {
  if (epoch === undefined) return false
  return epoch === heard.epoch || Math.abs(heard.at - at) < SAME_START_MS
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value, most: number): void {
  const kept = map.get(key) ?? []
  kept.push(value)
  if (kept.length > most) kept.splice(0, kept.length - most)
  map.set(key, kept)
}
