// Somebody who watches a team from outside, over a real WebSocket, and connects again when told to.

import { WebSocket } from 'undici'
import { createChanges } from './changes.ts'

export type TeamEvent = {
  readonly type: string
  readonly sequence: number
  readonly source: string
  readonly data: Readonly<Record<string, unknown>>
}

export type TeamWatcher = Disposable & {
  /** What was heard over all connections, but for the first message of each. */
  readonly heard: readonly TeamEvent[]
  until(count: number): Promise<readonly TeamEvent[]>
  /** Resolves when the connection is gone. */
  lost(): Promise<void>
  /** Connects from behind the last event that was heard; resolves when the stream is open. */
  connect(): Promise<{ readonly missed: unknown }>
}

export function watchTeam(url: string, token: string): TeamWatcher {
  const heard: TeamEvent[] = []
  const changes = createChanges()
  let socket: WebSocket | undefined
  let after: number | undefined
  let isOpen = false
  return {
    heard,
    until: (count) => changes.until(() => heard.length >= count && heard),
    lost: async () => {
      await changes.until(() => !isOpen)
    },
    connect: async () => {
      const query = after === undefined ? '' : `&after=${after}`
      const opened = new WebSocket(`${url.replace('http', 'ws')}/v1/events?scope=team${query}`, {
        headers: { authorization: `Bearer ${token}` },
      })
      socket = opened
      let missed: unknown
      opened.addEventListener('message', ({ data }) => {
        const event = JSON.parse(String(data)) as TeamEvent
        if (event.type === 'stream.opened') {
          isOpen = true
          missed = event.data.missed
          after ??= event.sequence
        } else {
          heard.push(event)
          after = event.sequence
        }
        changes.happened()
      })
      opened.addEventListener('error', () => {})
      opened.addEventListener('close', () => {
        isOpen = false
        changes.happened()
      })
      await changes.until(() => isOpen)
      return { missed }
    },
    [Symbol.dispose]: () => socket?.close(),
  }
}
