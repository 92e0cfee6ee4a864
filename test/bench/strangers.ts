// How long a stranger waits for "not found": about a session that is there, and about ids that nobody was ever given.
// What differs would tell a stranger what exists. A measurement, not a test: npm run bench:strangers

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sessionIds } from '../../src/session/session-id.ts'
import { settingsOf } from '../support/identity-stack.ts'
import { startSelfHost } from '../support/self-host-process.ts'
import { startTestApi } from '../support/stui-api.ts'
import { median, percentile } from './statistics.ts'

/** Sessions of each kind that are asked for. */
const SESSIONS = 16

const RUN_MS = 30_000

/** Rounds before anything is counted: isolates, connections and objects are awake then. */
const WARM_UP = 20

const TEAM = 'atelier'

const COMMANDS = {
  get_session_info: {},
  restore_session: {},
  update_session_state: { state_data: { text: 'x'.repeat(2000) } },
} as const

type Command = keyof typeof COMMANDS

/** An authentic id; what is behind it differs. */
const KINDS = ['foreign', 'never of this client', 'of no client'] as const
type Kind = (typeof KINDS)[number]

const folder = mkdtempSync(join(tmpdir(), 'stui-strangers-'))
const secret = randomBytes(32)
const api = await startTestApi()
const host = await startSelfHost({
  data: folder,
  settings: { ...settingsOf(api, 'jwt'), STUI_SESSION_SECRETS: secret.toString('base64url') },
})

try {
  const ids = await makeIds(await api.issueToken('frida'))
  const waits = await measure(ids, await api.issueToken('priya'))
  for (const command of Object.keys(COMMANDS) as Command[])
    process.stdout.write(line(command, waits))
} finally {
  await host.stop()
  await api.stop()
  rmSync(folder, { recursive: true })
}

/** Sessions of the owner, and authentic ids beside them. */
async function makeIds(owner: string): Promise<Record<Kind, readonly string[]>> {
  const { mint } = sessionIds({ secrets: [secret], random: randomBytes })
  const clients = Array.from({ length: SESSIONS }, (_, nth) => `owned-${nth}`)
  const foreign: string[] = []
  for (const client_id of clients) {
    const created = await send(owner, { command: 'create_session', client_id })
    foreign.push(String((created.result as { readonly session_id: string }).session_id))
  }
  const minted = (client_id: string) => mint({ team: TEAM, client_id }, 1, Date.now())
  return {
    foreign,
    'never of this client': clients.map(minted),
    'of no client': clients.map((_, nth) => minted(`nobody-${nth}`)),
  }
}

type Waits = ReadonlyMap<string, number[]>

/** All kinds take turns request by request, so that whatever else the machine does hits all alike. */
async function measure(ids: Record<Kind, readonly string[]>, stranger: string): Promise<Waits> {
  const waits = new Map<string, number[]>()
  const until = performance.now() + RUN_MS
  for (let round = 0; performance.now() < until; round += 1) {
    for (const [command, parameters] of Object.entries(COMMANDS)) {
      // Who comes first differs from round to round.
      for (const nth of KINDS.keys()) {
        const kind = KINDS[(nth + round) % KINDS.length] ?? 'foreign'
        const session_id = ids[kind][round % SESSIONS]
        const began = performance.now()
        const answer = await send(stranger, { command, session_id, ...parameters })
        const took = performance.now() - began
        if (answer.error_code !== 'session_not_found') throw new Error('a stranger was let in')
        const key = `${command} ${kind}`
        if (round >= WARM_UP) waits.getOrInsertComputed(key, () => []).push(took)
      }
    }
  }
  return waits
}

async function send(token: string, message: object): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${host.url}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(message),
  })
  return (await response.json()) as Readonly<Record<string, unknown>>
}

/** Medians and the quick tenth, which other work on the machine hardly touches, each with its ratio to the foreign one. */
function line(command: Command, waits: Waits): string {
  const of = (kind: Kind) => waits.get(`${command} ${kind}`) ?? []
  const told = KINDS.map((kind) => {
    const [p50, p10] = [0.5, 0.1].map((share) => {
      const [own, foreign] = [percentile(of(kind), share), percentile(of('foreign'), share)]
      return `${own.toFixed(2)} ms ${(own / foreign).toFixed(3)}×`
    })
    // Every other one against the rest: equal things, so what differs is noise.
    const halves = [0, 1].map((half) => median(of(kind).filter((_, nth) => nth % 2 === half)))
    const noise = Math.abs(1 - (halves[0] ?? 1) / (halves[1] ?? 1))
    return `  ${kind.padEnd(20)}  p50 ${p50}  p10 ${p10}  noise ${noise.toFixed(3)}\n`
  })
  return `${command}, ${of('foreign').length} of each\n${told.join('')}`
}
