// What twenty images cost an admin of a team: lists over all clients, against a team that has one image.
// Prints ratios of medians, taken in turns. Run it with `npm run bench:images`.

import { randomBytes } from 'node:crypto'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { createHttpClient, type HttpClient } from './http-client.ts'
import { median } from './statistics.ts'
import { startWorkerd } from './workerd-host.ts'

const IMAGES = 20
const CLIENTS = 50
const SESSIONS_EACH = 2
const ROUNDS = 300

/** The list of the larger team may take so many times as long. */
const GOAL = 3

const NO_LIMIT = '1000000000'

const script = await buildWorker()
await using many = await startTeam(IMAGES)
await using one = await startTeam(1)

const ASKED = {
  'a page of every image': { scope: 'team' },
  'a page of one image': { scope: 'team', image_id: 'image 0' },
  "a client's own page": { client_id: 'client_0' },
}

for (const [title, parameters] of Object.entries(ASKED)) {
  const message = JSON.stringify({ command: 'list_image_sessions', parameters })
  const times = { many: [] as number[], one: [] as number[] }
  for (let round = 0; round < ROUNDS; round += 1) {
    times.many.push(await timed(many.http, message))
    times.one.push(await timed(one.http, message))
  }
  const ratio = median(times.many) / median(times.one)
  const verdict = ratio <= GOAL ? 'within' : 'beyond'
  process.stdout.write(`${title}: ${ratio.toFixed(2)}×, ${verdict} ${GOAL}×\n`)
}

async function timed(http: HttpClient, message: string): Promise<number> {
  const began = performance.now()
  await http.send(message)
  return performance.now() - began
}

/** A team of so many images on a Worker of its own: every client has its sessions on each of them. */
async function startTeam(images: number) {
  const host = await startWorkerd({
    script,
    classes: { CLIENTS: 'ClientSessions', TEAMS: 'TeamDirectory' },
    bindings: {
      STUI_AUTH: 'off',
      STUI_SESSION_SECRETS: randomBytes(32).toString('base64url'),
      STUI_MAX_SESSIONS_PER_CLIENT: '1000',
      STUI_COMMANDS_PER_MINUTE: NO_LIMIT,
      STUI_COMMAND_BURST: NO_LIMIT,
      STUI_CREATIONS_PER_MINUTE: NO_LIMIT,
      STUI_CREATION_BURST: NO_LIMIT,
    },
  })
  const http = createHttpClient(host.url, 8)
  const send = (command: string, parameters: object) =>
    http.send(JSON.stringify({ command, parameters }))
  for (let image = 0; image < images; image += 1) {
    const image_id = `image ${image}`
    await send('report_image_status', { image_id, status: 'Connected' })
    for (let client = 0; client < CLIENTS * SESSIONS_EACH; client += 1) {
      await send('create_session', { client_id: `client_${client % CLIENTS}`, image_id })
    }
  }
  await heard(http, images * CLIENTS * SESSIONS_EACH)
  return {
    http,
    [Symbol.asyncDispose]: async () => {
      await http.close()
      await host.stop()
    },
  }
}

/** Resolves when the directory has heard of all sessions; each answer gives the reports on their way some time. */
async function heard(http: HttpClient, sessions: number): Promise<void> {
  for (let looks = 0; looks < 10_000; looks += 1) {
    const answer = await http.send('{"command":"get_session_statistics"}')
    if (answer.toString().includes(`"total_sessions":${sessions},`)) return
  }
  throw new Error('the directory has not heard of all sessions')
}
