// The events of one client, for ever: a socket to the service that is opened again whenever it ends, from the sequence that
// was heard last. Each change is told once and in order. Ends only when the service says that it is of no use.

import type { Clock } from '../../src/clock.ts'
import { mayReconnect } from '../../src/protocol/event.ts'
import type { Log } from '../events.ts'
import type { Identity } from '../identity.ts'
import type { Chance, Timer } from '../timer.ts'
import { type EventSocket, openEventSocket, type SocketEnd } from './event-socket.ts'
import { createSequence } from './sequence.ts'
import { openedText, readTold, stoppedText, type Told } from './told.ts'

export type UpstreamEvents = {
  /** Says where the stream is to somebody who came late: as soon as it is open. */
  greet(): void
  /** True once it has given up. */
  hasStopped(): boolean
  stop(): void
}

export type UpstreamDependencies = {
  /** The session service. */
  readonly url: string
  /** Who watches; absent where nobody is named. */
  readonly identity: Pick<Identity, 'admit' | 'reconsider'> | undefined
  readonly clock: Clock
  readonly timer: Timer
  readonly chance: Chance
  readonly log: Log
}

export type UpstreamParts = UpstreamDependencies & {
  readonly client_id: string
  /** The events of the team instead, which tell a member of images alone; `client_id` is only what they are called here. */
  readonly scope?: 'team'
  /** Hears every change, and where the stream begins. */
  readonly onTold: (type: string, text: string) => void
}

/** Time from one attempt to the next: the first, doubled up to the last, less up to a quarter by chance. */
export const FIRST_WAIT_MS = 100
export const LAST_WAIT_MS = 2000
const JITTER = 0.25

/** Answers that no further attempt would change: the request or the rights are wrong, or there are no events there. */
const FINAL: ReadonlySet<number> = new Set([400, 403, 404, 405, 410, 426])

const UNAUTHENTICATED = 401

type Opening = Extract<Told, { readonly kind: 'opened' }>
type Change = Extract<Told, { readonly kind: 'change' }>

export function createUpstreamEvents(parts: UpstreamParts): UpstreamEvents {
  const { url, identity, clock, timer, chance, log, client_id, scope, onTold } = parts
  const address = `${url.replace(/\/+$/, '').replace(/^http/, 'ws')}/v1/events`
  const sequence = createSequence(scope !== undefined)
  let socket: EventSocket | undefined
  let isOpen = false
  /** True if somebody came while it was not open. */
  let isAwaited = false
  let wait = FIRST_WAIT_MS
  let lostAt: number | undefined
  let stopped = false
  let cancelNext = () => {}

  async function connect(): Promise<void> {
    const admitted = await identity?.admit()
    if (stopped) return
    if (admitted?.ok === false) return again('the token is not good')
    const token = admitted?.value
    const query = new URLSearchParams(scope === undefined ? { client_id } : { scope })
    const after = sequence.position()
    if (after !== undefined) query.set('after', String(after))
    socket = openEventSocket({
      ...{ url: `${address}?${query}`, token, timer },
      onText: hear,
      onEnd: (end) => void ended(end, token),
    })
  }

  async function ended(end: SocketEnd, token: string | undefined): Promise<void> {
    isOpen = false
    socket = undefined
    switch (end.kind) {
      case 'closed':
        if (!mayReconnect(end.code)) return giveUp(`the service closed it with ${end.code}`)
        return again()
      case 'refused':
        if (FINAL.has(end.status)) return giveUp(`the service answered ${end.status}`)
        if (end.status === UNAUTHENTICATED && token !== undefined) await identity?.reconsider(token)
        return again(`the service answered ${end.status}`, end.retryAfterMs)
      case 'lost':
        return again(end.detail)
      default:
        return end satisfies never
    }
  }

  /** Without a detail it is an end that is no loss. */
  function again(detail?: string, atLeast = 0): void {
    if (stopped) return
    if (detail !== undefined && lostAt === undefined) {
      lostAt = timer.ticks()
      log({ event: 'stream_lost', detail })
    }
    const pause = Math.max(atLeast, wait * (1 - JITTER * chance()))
    wait = Math.min(wait * 2, LAST_WAIT_MS)
    cancelNext = timer.after(pause, () => void connect())
  }

  function giveUp(detail: string): void {
    stopped = true
    log({ event: 'stream_stopped', detail })
    onTold('stream.stopped', stoppedText(client_id, detail, clock.now()))
  }

  function hear(text: string): void {
    const told = readTold(text)
    if (told?.kind === 'opened') opened(told)
    else if (told === undefined || !isOpen) broken('something else than events')
    else changed(told, text)
  }

  function changed({ type, sequence: number }: Change, text: string): void {
    const kind = sequence.take(number)
    if (kind === 'gap') broken('a gap')
    if (kind === 'jump') greet({ after: number - 1, missed: true })
    if (kind === 'next' || kind === 'jump') onTold(type, text)
  }

  function opened({ after, missed }: Opening): void {
    isOpen = true
    wait = FIRST_WAIT_MS
    if (lostAt !== undefined) {
      log({ event: 'stream_resumed', away_ms: Math.round(timer.ticks() - lostAt) })
    }
    lostAt = undefined
    if (sequence.opened(after) || missed || isAwaited) greet({ after, missed })
    isAwaited = false
  }

  /** What cannot be gone on with: from the last sequence once more. */
  function broken(detail: string): void {
    socket?.close()
    isOpen = false
    again(detail)
  }

  function greet(opening: Omit<Opening, 'kind'>): void {
    onTold('stream.opened', openedText(client_id, opening, clock.now()))
  }

  void connect()
  return {
    greet: () => {
      const after = sequence.position()
      if (isOpen && after !== undefined) greet({ after, missed: false })
      else isAwaited = true
    },
    hasStopped: () => stopped,
    stop: () => {
      stopped = true
      cancelNext()
      socket?.close()
    },
  }
}
