// One turn: some clients ask as fast as they are answered, each waiting for its answer, until time or count is up.

import { percentile } from './statistics.ts'

/** One request of client `client`, checked; rejects if the answer is wrong. */
export type Work = (client: number) => Promise<unknown>

export type Turn = {
  readonly requests: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
}

export type Bounds = {
  readonly concurrency: number
  readonly turnMs: number
  readonly requestsAtMost: number
}

/** Runs one turn. Requests that have begun when the time is up are waited for and counted. */
export async function runTurn(work: Work, bounds: Bounds): Promise<Turn> {
  const latencies: number[] = []
  const began = performance.now()
  const until = began + bounds.turnMs
  let left = bounds.requestsAtMost

  async function ask(client: number) {
    while (left > 0 && performance.now() < until) {
      left -= 1
      const sentAt = performance.now()
      await work(client)
      latencies.push(performance.now() - sentAt)
    }
  }

  await Promise.all(Array.from({ length: bounds.concurrency }, (_, client) => ask(client)))
  const seconds = (performance.now() - began) / 1000
  return {
    requests: latencies.length,
    perSecond: latencies.length / seconds,
    p50Ms: percentile(latencies, 0.5),
    p95Ms: percentile(latencies, 0.95),
  }
}

/** Lets each client work `times` times. */
export async function warmUp(work: Work, concurrency: number, times: number): Promise<void> {
  const clients = Array.from({ length: concurrency }, async (_, client) => {
    for (let done = 0; done < times; done += 1) await work(client)
  })
  await Promise.all(clients)
}
