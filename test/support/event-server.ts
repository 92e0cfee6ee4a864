// A real server in the place of the service's sockets, which says and closes what a test tells it to (RFC 6455, as much as
// it takes).

import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { createChanges } from './changes.ts'
import { freePort } from './free-port.ts'

/** One socket that somebody opened. */
export type Opened = {
  /** The sequence that was asked for; null if none was. */
  readonly after: string | null
  readonly authorization: string | undefined
  readonly client_id: string | null
  open(after: number, missed?: boolean): void
  event(sequence: number): void
  text(text: string): void
  close(code: number): void
  destroy(): void
}

export type EventServer = AsyncDisposable & {
  readonly url: string
  readonly sockets: readonly Opened[]
  /** Resolves with the socket that was opened as the `count`th. */
  nth(count: number): Promise<Opened>
  /** From now on requests for a socket are answered with this status; 101 opens them. */
  answer(status: number, headers?: Readonly<Record<string, string>>): void
}

const UUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const TEXT = 0x81
const CLOSE = 0x88
const MASK_AND_PING = 6

/** Starts on this port of 127.0.0.1, or on a free one. */
export async function startEventServer(port?: number): Promise<EventServer> {
  const sockets: Opened[] = []
  const changes = createChanges()
  let answer = { status: 101, headers: {} as Readonly<Record<string, string>> }
  const server = createServer()
  server.on('upgrade', (request, stream) => {
    stream.on('error', () => {})
    const { status, headers } = answer
    if (status === 101) accept(request, stream)
    const lines = Object.entries({ ...headers, 'content-length': '0' }).map((pair) =>
      pair.join(': ')
    )
    if (status !== 101) stream.end(`HTTP/1.1 ${status} No\r\n${lines.join('\r\n')}\r\n\r\n`)
    sockets.push(opened(request, stream))
    changes.happened()
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(port ?? (await freePort()), '127.0.0.1', resolve)
  await promise
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    nth: (count) => changes.until(() => sockets[count - 1]),
    answer: (status, headers = {}) => {
      answer = { status, headers }
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      await closed.promise
    },
  }
}

function accept({ headers }: IncomingMessage, stream: Duplex): void {
  const key = createHash('sha1').update(`${headers['sec-websocket-key']}${UUID}`).digest('base64')
  // A page asks for one, and takes no socket without.
  const [protocol] = headers['sec-websocket-protocol']?.split(',') ?? []
  const chosen = protocol === undefined ? '' : `sec-websocket-protocol: ${protocol}\r\n`
  stream.write(
    `HTTP/1.1 101 Yes\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${key}\r\n${chosen}\r\n`
  )
  // The only thing that a bridge or a page says is "ping".
  stream.on('data', (bytes: Buffer) => {
    if (bytes[0] === TEXT && bytes.length >= MASK_AND_PING) stream.write(frame(TEXT, 'pong'))
  })
}

function opened({ url = '', headers }: IncomingMessage, stream: Duplex): Opened {
  const query = new URL(url, 'http://service').searchParams
  const text = (said: string) => stream.write(frame(TEXT, said))
  return {
    after: query.get('after'),
    client_id: query.get('client_id'),
    authorization: headers.authorization,
    text,
    open: (after, missed = false) =>
      text(JSON.stringify({ type: 'stream.opened', sequence: after, data: { after, missed } })),
    event: (sequence) => text(JSON.stringify({ type: 'session.updated', sequence, data: {} })),
    close: (code) => {
      const body = Buffer.alloc(2)
      body.writeUInt16BE(code)
      stream.end(frame(CLOSE, body))
    },
    destroy: () => stream.destroy(),
  }
}

/** An unmasked frame of at most 125 bytes. */
function frame(kind: number, body: string | Buffer): Buffer {
  const bytes = Buffer.from(body)
  return Buffer.concat([Buffer.from([kind, bytes.length]), bytes])
}
