// Asks a bridge what only it can answer, as a TUI would ask: with a REQ socket.

import { Request } from 'zeromq'
import * as z from 'zod'
import type { Outcome } from '../../src/outcome.ts'
import { refuse, succeed } from '../../src/outcome.ts'
import { parseJson } from '../../src/protocol/json-text.ts'
import { sleep, type Timer } from '../timer.ts'
import { BRIDGE_STATUS, type BridgeStatus, bridgeStatusSchema } from './bridge-status.ts'
import type { ClientKeys } from './client-key.ts'

export type BridgeAnswer = { readonly status: BridgeStatus; readonly tookMs: number }

/** Why there is no answer. */
export type NoAnswer =
  /** Nobody listens there. */
  | 'nobody'
  /** Somebody does, but the handshake failed: CURVE on one side only, or other keys. */
  | 'not_let_in'
  /** Somebody was connected to and said nothing. */
  | 'silent'
  /** Somebody answered who is no bridge, or an older one. */
  | 'strange'

export type AskOptions = {
  readonly endpoint: string
  readonly keys?: ClientKeys | undefined
  readonly timer: Timer
}

/** A bridge answers within 2.5 s, on a busy machine a little later; somebody else is given no more than by a TUI. */
const PATIENCE_MS = 5000

/** What a machine that was too busy to hear of it has to tell of the connection is told first. */
const HEARD_MS = 100

const success = z.object({ status: z.literal('success'), result: z.unknown() })
const refusal = z.object({ status: z.literal('error'), error: z.string() })

/** @example await askBridge({ endpoint: 'tcp://127.0.0.1:5555', timer: systemTimer }) */
export async function askBridge(options: AskOptions): Promise<Outcome<BridgeAnswer, NoAnswer>> {
  const answer = await askFor(
    { command: BRIDGE_STATUS, parameters: {} },
    bridgeStatusSchema,
    options
  )
  if (!answer.ok) return answer
  const { result, tookMs } = answer.value
  // A bridge can always tell how it is: whoever cannot is none.
  return result.ok ? succeed({ status: result.value, tookMs }) : { ok: false, failure: 'strange' }
}

export type Question = {
  readonly command: string
  readonly parameters: Readonly<Record<string, unknown>>
}

export type Answer<Result> = {
  /** The result, or the sentence with which it was refused. */
  readonly result: Outcome<Result, string>
  readonly tookMs: number
}

/** Asks the bridge something that it answers itself. */
export async function askFor<Schema extends z.ZodObject>(
  { command, parameters }: Question,
  schema: Schema,
  { endpoint, keys, timer }: AskOptions
): Promise<Outcome<Answer<z.output<Schema>>, NoAnswer>> {
  // In the context that all sockets share: one of its own is ended with the last one that is open, and may wait for it.
  const socket = new Request({
    linger: 0,
    ipv6: endpoint.includes('['),
    immediate: true,
    sendTimeout: PATIENCE_MS,
    receiveTimeout: PATIENCE_MS,
    ...keys,
  })
  const failed = firstFailure(socket)
  socket.connect(endpoint)
  const message = JSON.stringify({ id: command, command, parameters })
  const found = await Promise.race([asked(socket, message, timer), failed])
  socket.close()
  if (!found.ok) return found
  const result = resultOf(found.value.text, schema)
  if (result === undefined) return { ok: false, failure: 'strange' }
  return succeed({ result, tookMs: found.value.tookMs })
}

/** The same answer with the one number in it that counts. */
export function countIn<Result>(
  answer: Outcome<Answer<Result>, NoAnswer>,
  count: (result: Result) => number
): Outcome<Answer<number>, NoAnswer> {
  if (!answer.ok) return answer
  const { result, tookMs } = answer.value
  return succeed({ result: result.ok ? succeed(count(result.value)) : result, tookMs })
}

async function asked(
  socket: Request,
  message: string,
  timer: Timer
): Promise<Outcome<{ readonly text: string; readonly tookMs: number }, NoAnswer>> {
  try {
    await socket.send(message)
  } catch {
    await sleep(timer, HEARD_MS)
    return { ok: false, failure: 'not_let_in' }
  }
  // From here, as the time of the handshake is not the time of an answer.
  const began = timer.ticks()
  try {
    const [text] = await socket.receive()
    const tookMs = Math.round((timer.ticks() - began) * 100) / 100
    return succeed({ text: String(text), tookMs })
  } catch {
    return { ok: false, failure: 'silent' }
  }
}

/** Undefined for what is no answer of a bridge. */
function resultOf<Schema extends z.ZodObject>(
  text: string,
  schema: Schema
): Outcome<z.output<Schema>, string> | undefined {
  const reply = parseJson(text)
  const refused = refusal.safeParse(reply).data
  if (refused !== undefined) return refuse(refused.error)
  const given = schema.safeParse(success.safeParse(reply).data?.result).data
  return given && succeed(given)
}

/** libzmq tries for ever; here the first failure decides. */
function firstFailure({ events }: Request): Promise<Outcome<never, NoAnswer>> {
  return new Promise((resolve) => {
    const fail = (failure: NoAnswer) => resolve({ ok: false, failure })
    events.on('close', () => fail('nobody'))
    events.on('handshake:error:protocol', () => fail('not_let_in'))
    events.on('handshake:error:auth', () => fail('not_let_in'))
    events.on('handshake:error:other', () => fail('not_let_in'))
  })
}

/** What to do where there is no answer, in two parts of a sentence: what was seen, what to do next. */
export function adviceFor(failure: NoAnswer, endpoint: string): readonly [string, string] {
  switch (failure) {
    case 'nobody':
      return [
        `nobody listens at ${endpoint}`,
        'start the bridge with stui-bridge run, or say with --listen where it is',
      ]
    case 'not_let_in':
      return [
        `what listens at ${endpoint} does not let this program in`,
        'if the bridge speaks CURVE, name its folder with --curve-keys or the keys of a client with --client-key; otherwise leave them out',
      ]
    case 'silent':
      return [
        `what listens at ${endpoint} gives no answer`,
        'look at what runs there; if it is the bridge, start it again',
      ]
    case 'strange':
      return [
        `what answers at ${endpoint} is no bridge of this version`,
        'look at what runs there, or say with --listen where the bridge is',
      ]
    default:
      return failure satisfies never
  }
}
