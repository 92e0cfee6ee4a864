// A TUI that subscribes: a real SUB socket, and what it has heard.

import { type SocketOptions, Subscriber } from 'zeromq'
import { createChanges } from './changes.ts'

/** An event as it was published. */
export type Published = {
  readonly topic: string
  readonly type: string
  readonly sequence: number
  readonly source: string
  readonly data: Readonly<Record<string, unknown>>
}

export type TestSubscriber = Disposable & {
  readonly heard: readonly Published[]
  /** The sequences of the changes that were heard. */
  sequences(): number[]
  types(): string[]
  /** Resolves when so many messages that match were heard. */
  until(count: number, matches?: (event: Published) => boolean): Promise<readonly Published[]>
  subscribe(topic: string): void
  unsubscribe(topic: string): void
}

/** @example using tui = subscribe(bridge.events, 'clients/client_001/') */
export function subscribe(
  endpoint: string | undefined,
  topics: string | readonly string[],
  options: SocketOptions<Subscriber> = {}
): TestSubscriber {
  if (endpoint === undefined) throw new Error('the bridge publishes nothing')
  const socket = new Subscriber({ linger: 0, reconnectInterval: 50, ...options })
  const heard: Published[] = []
  const changes = createChanges()
  socket.connect(endpoint)
  socket.subscribe(...[topics].flat())
  void listen()

  async function listen() {
    for await (const [topic, text] of socket) {
      heard.push({ ...(JSON.parse(String(text)) as Published), topic: String(topic) })
      changes.happened()
    }
  }

  function until(
    count: number,
    matches: (event: Published) => boolean = () => true
  ): Promise<readonly Published[]> {
    return changes.until(() => heard.filter(matches).length >= count && heard)
  }

  return {
    heard,
    sequences: () => heard.filter(isChange).map(({ sequence }) => sequence),
    types: () => heard.map(({ type }) => type),
    until,
    subscribe: (topic) => socket.subscribe(topic),
    unsubscribe: (topic) => socket.unsubscribe(topic),
    [Symbol.dispose]: () => socket.close(),
  }
}

/** True for what counts in the sequence of a client. */
export function isChange({ type }: Published): boolean {
  return type.startsWith('session.')
}

export function isOpened({ type }: Published): boolean {
  return type === 'stream.opened'
}
