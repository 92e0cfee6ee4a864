// A TUI that subscribes: a real SUB socket, and what it has heard.

import { type SocketOptions, Subscriber } from 'zeromq'

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
  const watchers = new Set<() => void>()
  socket.connect(endpoint)
  socket.subscribe(...[topics].flat())
  void listen()

  async function listen() {
    for await (const [topic, text] of socket) {
      heard.push({ ...(JSON.parse(String(text)) as Published), topic: String(topic) })
      for (const watcher of watchers) watcher()
    }
  }

  function until(count: number, matches: (event: Published) => boolean = () => true) {
    return new Promise<readonly Published[]>((resolve) => {
      const look = () => {
        if (heard.filter(matches).length < count) return
        watchers.delete(look)
        resolve(heard)
      }
      watchers.add(look)
      look()
    })
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
