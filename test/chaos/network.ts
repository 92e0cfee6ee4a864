// The network between a bridge and the Worker: loses, delays, repeats and reorders requests, breaks, and freezes.
// It knows HTTP, so that what happens, happens to whole requests: executed and unheard, or executed twice.

import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { Agent, request as send } from 'undici'
import { sleep, systemTimer } from '../../local-bridge/timer.ts'
import { freePort } from '../support/free-port.ts'
import type { Dice } from './dice.ts'
import type { Mishap, Weather } from './plan.ts'

export type NetworkState = 'fair' | 'bad_weather' | 'cut' | 'frozen' | 'swallowed'

export type Network = AsyncDisposable & {
  /** What the bridge takes for the session service. */
  readonly url: string
  become(state: NetworkState): void
  /** Leads to another address from now on. */
  leadTo(url: string): void
  /** Resolves when nothing is on its way any more. */
  quiet(): Promise<void>
}

export type NetworkOptions = {
  readonly target: string
  readonly weather: Weather
  readonly dice: Dice
  readonly note: (what: string) => void
}

type Carried = {
  readonly path: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

type Answer = { readonly status: number; readonly body: Buffer }

/** What is held back waits for the next request, but not longer. */
const HELD_MS = 300

const LONGEST_DELAY_MS = 250
const LATEST_ECHO_MS = 500

const CONNECTIONS = 16

export async function startNetwork({
  target,
  weather,
  dice,
  note,
}: NetworkOptions): Promise<Network> {
  const agent = new Agent({ connections: CONNECTIONS })
  const underway = new Set<Promise<unknown>>()
  const port = await freePort()
  let url = target
  let state: NetworkState = 'fair'
  let thawing = Promise.withResolvers<void>()
  let passing = Promise.withResolvers<void>()

  const server = createServer((request, response) => {
    const carrying = carry(request, response).catch(() => response.destroy())
    underway.add(carrying)
    void carrying.finally(() => underway.delete(carrying))
  })
  server.on('connection', (socket) => {
    if (state === 'cut') socket.destroy()
  })

  async function carry(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { url: path = '', method = '', headers } = request
    const body = Buffer.concat(chunks)
    const carried = { path, method, headers, body }
    passing.resolve()
    passing = Promise.withResolvers()
    const shown = `${headers['x-delivery-id'] ?? path} ${body.toString().slice(0, 60)}`
    note(`network ${state}: ${shown}`)
    if (!(await isLetThrough())) return void response.destroy()
    const mishap = state === 'bad_weather' ? mishapOf(weather, dice) : undefined
    if (mishap !== undefined) note(`network ${mishap}: ${shown}`)
    const answer = await delivered(carried, mishap)
    if (answer === undefined || !(await isLetThrough())) return void response.destroy()
    if (mishap === 'answer_lost') return void response.destroy()
    if (mishap === 'answer_swallowed') {
      await untilClosed(response)
      return
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
  }

  /** Waits while the network is frozen; false for what is lost. */
  async function isLetThrough(): Promise<boolean> {
    if (state === 'swallowed') {
      await thawing.promise
      return false
    }
    while (state === 'frozen') await thawing.promise
    return state !== 'cut'
  }

  async function delivered(
    carried: Carried,
    mishap: Mishap | undefined
  ): Promise<Answer | undefined> {
    if (mishap === 'request_lost') return undefined
    if (mishap === 'delayed') await sleep(systemTimer, dice.between(1, LONGEST_DELAY_MS))
    if (mishap === 'held_back') await Promise.race([passing.promise, sleep(systemTimer, HELD_MS)])
    if (mishap === 'twice') {
      const [first] = await Promise.all([forward(carried), forward(carried)])
      return first
    }
    const answer = await forward(carried)
    if (mishap === 'echoed') echo(carried)
    return answer
  }

  /** The request arrives once more, when others have arrived after it. */
  function echo(carried: Carried): void {
    const echoing = sleep(systemTimer, dice.between(1, LATEST_ECHO_MS))
      .then(() => forward(carried))
      .catch(() => {})
    underway.add(echoing)
    void echoing.finally(() => underway.delete(echoing))
  }

  async function forward({ path, method, headers, body }: Carried): Promise<Answer> {
    const { 'content-length': _, connection: __, host: ___, ...rest } = headers
    const { statusCode, body: answer } = await send(`${url}${path}`, {
      dispatcher: agent,
      method: method === 'GET' ? 'GET' : 'POST',
      headers: rest,
      ...(method !== 'GET' && { body }),
    })
    return { status: statusCode, body: Buffer.from(await answer.arrayBuffer()) }
  }

  const { promise: listening, resolve } = Promise.withResolvers<void>()
  server.listen(port, '127.0.0.1', resolve)
  await listening
  return {
    url: `http://127.0.0.1:${port}`,
    become: (next) => {
      note(`network is ${next}`)
      state = next
      thawing.resolve()
      thawing = Promise.withResolvers()
      if (state === 'cut') server.closeAllConnections()
    },
    leadTo: (next) => {
      url = next
    },
    quiet: async () => {
      while (underway.size > 0) await Promise.all(underway)
    },
    [Symbol.asyncDispose]: async () => {
      state = 'cut'
      thawing.resolve()
      server.close()
      server.closeAllConnections()
      await agent.destroy()
    },
  }
}

function mishapOf(weather: Weather, dice: Dice): Mishap | undefined {
  let left = dice.roll()
  for (const [mishap, share] of Object.entries(weather)) {
    left -= share
    if (left < 0) return mishap as Mishap
  }
  return undefined
}

function untilClosed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) resolve()
    else response.once('close', resolve)
  })
}
