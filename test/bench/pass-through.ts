// What the pass-through adds: the same evaluate through the bridge, and straight to the image, in turns. Run it by itself:
// npm run bench:pass-through

import { startBridge } from '../../local-bridge/start-bridge.ts'
import { startImage } from '../support/image-stand-in.ts'
import { connectReq } from '../support/req-client.ts'
import { runTurn, type Turn, type Work, warmUp } from './load.ts'
import { median } from './statistics.ts'

const ROUNDS = 300
const REQUESTS_A_TURN = 20
const WARM_UP = 500
const CODE_BYTES = 2000

/** The issue's own bound. */
const GOAL_ADDED_P50_MS = 1

/** Nobody listens there: the session service has no part in this. */
const NO_SERVICE = 'http://127.0.0.1:9'

await using image = await startImage()
const bridge = await startBridge({
  ...{ listen: 'tcp://127.0.0.1:*', upstream: NO_SERVICE, log: () => {} },
  images: [{ name: 'main', address: image.address }],
})
const clients = { direct: connectReq(image.address), bridge: connectReq(bridge.endpoint) }
const works = { direct: evaluates(clients.direct), bridge: evaluates(clients.bridge) }
const turns: Readonly<Record<keyof typeof works, Turn[]>> = { direct: [], bridge: [] }
for (const work of Object.values(works)) await warmUp(work, 1, WARM_UP)
for (let round = 0; round < ROUNDS; round += 1) {
  for (const path of ['direct', 'bridge'] as const) {
    const bounds = { turnMs: 1000, requestsAtMost: REQUESTS_A_TURN, concurrency: 1 }
    turns[path].push(await runTurn(works[path], bounds))
  }
}
for (const client of Object.values(clients)) client.close()
await bridge.stop()

const added = (of: (turn: Turn) => number) =>
  median(turns.bridge.map((turn, round) => of(turn) - of(turns.direct[round] ?? turn)))
const p50 = added(({ p50Ms }) => p50Ms)
const verdict = p50 <= GOAL_ADDED_P50_MS ? 'reached' : 'missed'
process.stdout.write(
  [
    `direct p50     ${median(turns.direct.map(({ p50Ms }) => p50Ms)).toFixed(3)} ms`,
    `bridge p50     ${median(turns.bridge.map(({ p50Ms }) => p50Ms)).toFixed(3)} ms`,
    `added p50      ${p50.toFixed(3)} ms (goal ${GOAL_ADDED_P50_MS} ms: ${verdict})`,
    `added p95      ${added(({ p95Ms }) => p95Ms).toFixed(3)} ms`,
    '',
  ].join('\n')
)

/** Every message is another one, as the bridge joins those that are the same. */
function evaluates(client: ReturnType<typeof connectReq>): Work {
  const code = 'x'.repeat(CODE_BYTES)
  let nth = 0
  return async () => {
    nth += 1
    const text = `{"id":"m-${nth}","command":"evaluate","parameters":{"code":"${code}"}}`
    const answer = await client.send(text)
    if (!answer.includes(text)) throw new Error('the answer is not the right one')
  }
}
