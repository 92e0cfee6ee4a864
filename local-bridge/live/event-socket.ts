// One WebSocket to the service. Tells what it hears and how it ended, once; knows nothing of sequences. Asks every second
// whether the other end is there, so that a half-open link is found within 3 s.

import type { Socket } from 'node:net'
import { Agent, buildConnector, type Dispatcher, WebSocket } from 'undici'
import type { Timer } from '../timer.ts'

/** How a socket ended. */
export type SocketEnd =
  /** The service closed it and said why. */
  | { readonly kind: 'closed'; readonly code: number }
  /** The service answered the request for a socket with something else. */
  | { readonly kind: 'refused'; readonly status: number; readonly retryAfterMs: number }
  /** No connection, or it broke, or it is silent. */
  | { readonly kind: 'lost'; readonly detail: string }

export type EventSocket = {
  /** Ends it at once; nothing more is told. */
  close(): void
}

export type EventSocketParts = {
  readonly url: string
  /** Absent where nobody is named. */
  readonly token: string | undefined
  readonly timer: Timer
  readonly onText: (text: string) => void
  readonly onEnd: (end: SocketEnd) => void
}

const CONNECT_TIMEOUT_MS = 1000

/** A socket that is not open after this time does not open any more. */
const OPEN_TIMEOUT_MS = 3000

export const PING_EVERY_MS = 1000

/** Two answers are missing: the link is dead on one side. */
export const SILENT_MS = 2000

/** An event is some hundred bytes. */
const MAX_TEXT_BYTES = 65_536

/** A close that carries no code of the service: the network's doing. */
const NO_CODE = new Set([1005, 1006])

const MS_PER_S = 1000

const NO_SOCKET = 400

export function openEventSocket(parts: EventSocketParts): EventSocket {
  const { url, token, timer, onText, onEnd } = parts
  const link = createLink()
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const socket = new WebSocket(url, { dispatcher: link.dispatcher, headers })
  let isOver = false
  let heardAt = timer.ticks()
  let cancel = timer.after(OPEN_TIMEOUT_MS, () => end({ kind: 'lost', detail: 'no answer' }))

  function end(how: SocketEnd | undefined) {
    if (isOver) return
    isOver = true
    cancel()
    link.destroy()
    if (how !== undefined) onEnd(how)
  }

  function look() {
    if (timer.ticks() - heardAt >= SILENT_MS) return end({ kind: 'lost', detail: 'silence' })
    socket.send('ping')
    cancel = timer.after(PING_EVERY_MS, look)
  }

  socket.addEventListener('open', () => {
    if (isOver) return
    cancel()
    heardAt = timer.ticks()
    look()
  })
  socket.addEventListener('message', ({ data }: { readonly data: unknown }) => {
    if (isOver || typeof data !== 'string') return
    heardAt = timer.ticks()
    if (data !== 'pong') onText(data)
  })
  socket.addEventListener('close', ({ code }) => end(howItEnded(code, link.refusal())))
  // What follows an error is a close.
  socket.addEventListener('error', () => {})
  return { close: () => end(undefined) }
}

function howItEnded(code: number, refusal: Refusal | undefined): SocketEnd {
  if (refusal !== undefined) return { kind: 'refused', ...refusal }
  if (!NO_CODE.has(code)) return { kind: 'closed', code }
  return { kind: 'lost', detail: 'the connection broke' }
}

type Refusal = { readonly status: number; readonly retryAfterMs: number }

/** A connection of its own: it can be destroyed, and what its answer was can be told, neither of which a WebSocket does. */
function createLink() {
  const sockets: Socket[] = []
  let refusal: Refusal | undefined
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS })
  const agent = new Agent({
    webSocket: { maxPayloadSize: MAX_TEXT_BYTES },
    connect: (options, callback) =>
      connect(options, (...args) => {
        if (args[0] === null) sockets.push(args[1])
        callback(...args)
      }),
  })
  const dispatcher = agent.compose((dispatch) => (options, handler) => {
    const looking = reading(handler, (told) => {
      refusal = told
    })
    return dispatch(options, looking)
  })
  return {
    dispatcher,
    refusal: () => refusal,
    destroy: () => {
      for (const socket of sockets) socket.destroy()
      void agent.destroy()
    },
  }
}

/** Passes everything on, and notes the status of an answer that opens no socket. */
function reading(
  handler: Dispatcher.DispatchHandler,
  onRefusal: (refusal: Refusal) => void
): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (...args) => handler.onRequestStart?.(...args),
    onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
    onResponseStart: (...args) => {
      const [controller, status, headers, text] = args
      const seconds = Number(headers['retry-after'] ?? 0)
      onRefusal({ status, retryAfterMs: Number.isFinite(seconds) ? seconds * MS_PER_S : 0 })
      // No socket in any case; but to a 401 undici would send the same request once more.
      handler.onResponseStart?.(controller, NO_SOCKET, headers, text)
    },
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  }
}
