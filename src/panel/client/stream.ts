// One source of events over a WebSocket: opened again with what was heard last, found dead within seconds, and given up
// only if the service says so.

import { type Heard, mayOpenAgain, readHeard } from '../view/heard.ts'
import type { Machine } from './machine.ts'

export type StreamParts = {
  readonly machine: Machine
  /** Whose events: `client_id=…` or `scope=team`. */
  readonly query: string
  readonly token: () => string | undefined
  /** `isPast` is true for what had happened before the page was opened. */
  readonly onHeard: (heard: Heard, isPast: boolean) => void
  readonly onState: (state: 'open' | 'away') => void
  /** Asked before a socket that never opened is tried again: a refusal cannot be read from a socket. */
  readonly mayTry: () => Promise<boolean>
}

export type Stream = { stop(): void; wake(): void }

const FIRST_WAIT_MS = 300
const LONGEST_WAIT_MS = 10_000

/** A link that is dead on one side is found by asking: so often, and an answer may take so long. */
const PING_EVERY_MS = 5000
const PONG_WITHIN_MS = 4000

export function openStream(parts: StreamParts): Stream {
  const { machine, query, onHeard, onState } = parts
  let socket: WebSocket | undefined
  let after = 0
  /** Up to here everything had happened before the page was opened; unknown until the first opening. */
  let past: number | undefined
  let waitMs = FIRST_WAIT_MS
  let stopped = false
  let cancel = () => {}

  connect()

  function connect(): void {
    const url = new URL(`/v1/events?${query}&after=${after}`, location.href)
    url.protocol = url.protocol.replace('http', 'ws')
    const ours = new WebSocket(url, protocols(parts.token()))
    let hasOpened = false
    socket = ours
    ours.addEventListener('open', () => {
      hasOpened = true
      waitMs = FIRST_WAIT_MS
      onState('open')
      ping(ours)
    })
    ours.addEventListener('message', ({ data }) => {
      if (ours === socket) take(String(data))
    })
    ours.addEventListener('close', ({ code }) => {
      if (ours === socket && !stopped) void closed(code, hasOpened)
    })
  }

  function take(text: string): void {
    const heard = text === 'pong' ? undefined : readHeard(text)
    if (heard === undefined) return
    if (heard.type === 'stream.opened') {
      // A service that counts anew tells no past again.
      past = Math.min(past ?? heard.sequence, heard.sequence)
      if (heard.missed || heard.sequence < after) after = heard.sequence
      onHeard(heard, false)
      return
    }
    if (heard.sequence <= after) return
    after = heard.sequence
    onHeard(heard, heard.sequence <= (past ?? 0))
  }

  async function closed(code: number, hasOpened: boolean): Promise<void> {
    const gone = socket
    cancel()
    // The service renews sockets now and then: that is no news as long as the next one opens.
    if (code !== 4000 && code !== 4001) onState('away')
    if (!mayOpenAgain(code)) return
    if (!hasOpened && !(await parts.mayTry())) return
    // Whoever was woken meanwhile has another socket already.
    if (stopped || socket !== gone) return
    const jitter = waitMs * (0.5 + machine.random())
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
    cancel = machine.after(code === 4000 ? 0 : jitter, connect)
  }

  function ping(ours: WebSocket): void {
    cancel = machine.after(PING_EVERY_MS, () => {
      if (ours.readyState !== WebSocket.OPEN) return
      ours.send('ping')
      const late = machine.after(PONG_WITHIN_MS, () => {
        if (ours !== socket) return
        ours.close()
        // A dead link takes its time to close: what comes next does not wait for it.
        socket = undefined
        void closed(1006, true)
      })
      ours.addEventListener('message', late, { once: true })
      ping(ours)
    })
  }

  return {
    stop: () => {
      stopped = true
      cancel()
      socket?.close()
      // What still waits for an answer of it waits for nothing.
      socket = undefined
    },
    wake: () => {
      if (stopped || socket?.readyState === WebSocket.OPEN) return
      if (socket?.readyState === WebSocket.CONNECTING) return
      cancel()
      waitMs = FIRST_WAIT_MS
      connect()
    },
  }
}

/** A browser sends no header with a socket: the token is a subprotocol beside the one that is chosen. */
function protocols(token: string | undefined): string[] {
  if (token === undefined) return ['stui.v1']
  const encoded = btoa(token).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  return ['stui.v1', `bearer.${encoded}`]
}
