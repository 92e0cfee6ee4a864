// Somebody who watches over a WebSocket, for tests inside workerd: what was heard, and how it ended.

import type { Event, Opened } from '../../src/protocol/event.ts'
import type { ImageEvent } from '../../src/protocol/team-event.ts'
import { type Door, WORKER } from './worker.ts'

export type Heard = Event | ImageEvent | Opened

export type Watcher = {
  readonly socket: WebSocket
  readonly heard: readonly Heard[]
  /** Resolves when so many messages were heard. */
  until(count: number): Promise<readonly Heard[]>
  closing(): Promise<{ readonly code: number; readonly reason: string }>
}

/** Sends the request for a socket. */
export function askForSocket(
  query: Readonly<Record<string, string>>,
  { door = WORKER, token }: Through = {}
): Promise<Response> {
  const request = new Request(`http://localhost/v1/events?${new URLSearchParams(query)}`, {
    headers: {
      upgrade: 'websocket',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
  })
  return Promise.resolve(door.fetch(request))
}

/** Another door than the Worker's own, and what it asks for. */
export type Through = { readonly door?: Door; readonly token?: string }

/** @example const watcher = await watchWith({ scope: 'team', after: '7' }) */
export async function watchWith(
  query: Readonly<Record<string, string>>,
  through: Through = {}
): Promise<Watcher> {
  const { webSocket, status } = await askForSocket(query, through)
  if (webSocket === null) throw new Error(`no socket, but ${status}`)
  const heard: Heard[] = []
  const waiting: (() => void)[] = []
  let closed: { code: number; reason: string } | undefined
  const wakeAll = () => {
    for (const wake of waiting.splice(0)) wake()
  }
  webSocket.addEventListener('message', ({ data }) => {
    if (data !== 'pong') heard.push(JSON.parse(String(data)) as Heard)
    wakeAll()
  })
  webSocket.addEventListener('close', ({ code, reason }) => {
    closed = { code, reason }
    wakeAll()
  })
  webSocket.accept()
  const next = () => new Promise<void>((resolve) => waiting.push(resolve))
  return {
    socket: webSocket,
    heard,
    until: async (count) => {
      while (heard.length < count) await next()
      return heard
    },
    closing: async () => {
      while (closed === undefined) await next()
      return closed
    },
  }
}

export const types = (heard: readonly Heard[]) => heard.map(({ type }) => type)

/** The sequences of what came behind the first message. */
export const sequences = (heard: readonly Heard[]) => heard.slice(1).map(({ sequence }) => sequence)
