// What the bridge adds: the same update through the bridge, straight over HTTP, and a bare echo over ZeroMQ, in turns.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { connectReq } from '../support/req-client.ts'
import type { Endpoints } from './bridge-host.ts'
import { checkAnswer, createHttpClient, type HttpClient } from './http-client.ts'
import { runTurn, type Turn, type Work, warmUp } from './load.ts'
import type { Plan } from './plan.ts'
import { median } from './statistics.ts'
import { createSubject } from './subjects.ts'
import type { Target } from './targets.ts'

export type BridgeFigures = {
  readonly requests: number
  readonly direct_p50_ms: number
  readonly bridge_p50_ms: number
  readonly echo_p50_ms: number
  /** Median of the differences of turns that followed each other. */
  readonly added_p50_ms: number
  /** Through the bridge divided by direct. */
  readonly ratio_p50: number
}

const STATE_BYTES = 2_000
const WARM_UP = 500

/** So short that a moment in which the disk is slow hits all three alike. */
const REQUESTS_A_TURN = 10
const HOST = join(import.meta.dirname, 'bridge-host.ts')

/** Connections of the bridge's own HTTP client. */
const CONNECTIONS = 8

/** Measures at concurrency 1: one developer who waits for the answer. */
export async function measureBridge(ours: Target, plan: Plan): Promise<BridgeFigures> {
  const child = fork(HOST, [ours.url])
  const direct = createHttpClient(ours.url, CONNECTIONS)
  try {
    const endpoints = await endpointsOf(child)
    const bridged = reqClient(endpoints.bridge)
    const echo = connectReq(endpoints.echo)
    const works = {
      direct: await updates(direct),
      bridge: await updates(bridged),
      echo: () => echo.send('x'.repeat(STATE_BYTES)),
    }
    const figures = await takeTurns(works, plan)
    await bridged.close()
    echo.close()
    return figures
  } finally {
    await direct.close()
    await ended(child)
  }
}

async function takeTurns(
  works: Readonly<Record<'direct' | 'bridge' | 'echo', Work>>,
  plan: Plan
): Promise<BridgeFigures> {
  const bounds = { turnMs: plan.runMs, requestsAtMost: REQUESTS_A_TURN, concurrency: 1 }
  const turns = { direct: [] as Turn[], bridge: [] as Turn[], echo: [] as Turn[] }
  for (const work of Object.values(works)) await warmUp(work, 1, WARM_UP)
  for (let round = 0; round < plan.bridgeRounds; round += 1) {
    for (const path of ['direct', 'bridge', 'echo'] as const) {
      turns[path].push(await runTurn(works[path], bounds))
    }
  }
  const p50s = (path: keyof typeof turns) => turns[path].map((turn) => turn.p50Ms)
  const direct = p50s('direct')
  const paired = (of: (bridged: number, straight: number) => number) =>
    median(p50s('bridge').map((bridged, round) => of(bridged, direct[round] ?? Number.NaN)))
  return {
    requests: turns.bridge.reduce((sum, turn) => sum + turn.requests, 0),
    direct_p50_ms: median(direct),
    bridge_p50_ms: median(p50s('bridge')),
    echo_p50_ms: median(p50s('echo')),
    added_p50_ms: paired((bridged, straight) => bridged - straight),
    ratio_p50: paired((bridged, straight) => bridged / straight),
  }
}

async function updates(client: HttpClient): Promise<Work> {
  const subject = await createSubject(client, STATE_BYTES)
  return () => subject.update()
}

/** A REQ socket that checks its answers as the HTTP client does. */
function reqClient(endpoint: string): HttpClient {
  const socket = connectReq(endpoint)
  return {
    async send(message, atLeast = 0) {
      const answer = await socket.send(message)
      checkAnswer(answer, atLeast)
      return answer
    },
    close: async () => socket.close(),
  }
}

async function endpointsOf(child: ChildProcess): Promise<Endpoints> {
  const failed = once(child, 'exit').then(() => {
    throw new Error('the bridge did not start')
  })
  const [endpoints] = await Promise.race([once(child, 'message'), failed])
  failed.catch(() => {})
  return endpoints as Endpoints
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  if (child.connected) child.disconnect()
  await exit
}
