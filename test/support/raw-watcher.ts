// A socket of /v1/events from outside: every message as it came, or what the door said instead of opening it.

import { request } from 'node:http'
import { WebSocket } from 'undici'
import { createChanges } from './changes.ts'

export type RawWatcher = Disposable & {
  /** Every message, as the text that came. */
  readonly heard: readonly string[]
  /** Resolves when so many messages were heard that hold the text. */
  until(count: number, text?: string): Promise<readonly string[]>
  /** Resolves when everything that was sent before has been heard: the object answers in order. */
  settled(): Promise<readonly string[]>
}

export type Query = Readonly<Record<string, string>>

/** @example using watcher = await watchRaw(stack.url, { client_id: 'desk' }, token) */
export async function watchRaw(url: string, query: Query, token: string): Promise<RawWatcher> {
  const heard: string[] = []
  const changes = createChanges()
  let pongs = 0
  const refused = Promise.withResolvers<never>()
  // Who waits hears of it; nobody may be waiting.
  refused.promise.catch(() => {})
  const socket = new WebSocket(`${url.replace('http', 'ws')}${pathOf(query)}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  socket.addEventListener('message', ({ data }) => {
    if (data === 'pong') pongs += 1
    else heard.push(String(data))
    changes.happened()
  })
  socket.addEventListener('error', ({ error }) => {
    refused.reject(error ?? new Error('the socket was not opened'))
  })
  const until = (count: number, text = '') => {
    const isEnough = () => heard.filter((message) => message.includes(text)).length >= count
    return Promise.race([changes.until(() => isEnough() && heard), refused.promise])
  }
  await until(1)
  return {
    heard,
    until,
    settled: async () => {
      const awaited = pongs + 1
      socket.send('ping')
      await Promise.race([changes.until(() => pongs >= awaited), refused.promise])
      return heard
    },
    [Symbol.dispose]: () => socket.close(),
  }
}

export type Refusal = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** What is said to somebody for whom no socket is opened; one that is opened is a fault. */
export function refusedSocket(
  url: string,
  query: Query,
  { token, address }: { readonly token: string | undefined; readonly address: string }
): Promise<Refusal> {
  const { promise, resolve, reject } = Promise.withResolvers<Refusal>()
  const asked = request(`${url}${pathOf(query)}`, {
    headers: {
      ...{ connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
      ...{ 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'cf-connecting-ip': address },
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
  })
  asked.on('error', reject)
  asked.on('upgrade', (_, socket) => {
    socket.destroy()
    reject(new Error('a socket was opened'))
  })
  asked.on('response', async (response) => {
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk)
    const headers = new Headers()
    for (const [name, value] of Object.entries(response.headers)) headers.set(name, String(value))
    const { statusCode: status = 0 } = response
    resolve({ status, headers, text: Buffer.concat(chunks).toString() })
  })
  asked.end()
  return promise
}

function pathOf(query: Query): string {
  return `/v1/events?${new URLSearchParams(query)}`
}
