// One TUI at work: does what its plan says, and writes down what it was told.

import { sleep, systemTimer } from '../../local-bridge/timer.ts'
import type { Reply } from '../support/reply.ts'
import type { Entry, Ledger, Repeats, SessionRecord } from './ledger.ts'
import { connectPatiently } from './patient-client.ts'
import type { Naming, Step, TuiPlan } from './plan.ts'
import { ELSEWHERE, markersOf, type State } from './state.ts'

export type TuiScene = {
  readonly plan: TuiPlan
  readonly number: number
  readonly endpoint: string
  readonly ledger: Ledger
  /** Ids that no other message has, the same for the same seed. */
  readonly newUuid: () => string
  /** How often the bridge has ended until now. */
  readonly bridgeEnds: () => number
  readonly isBridgeThere: () => boolean
  /** The session to work in; the TUI that makes it calls `opened`. */
  readonly session: Promise<SessionRecord>
  readonly opened: (session: SessionRecord) => void
}

type Asked = { readonly reply: Reply | undefined; readonly repeats: Repeats }

export async function runTui(scene: TuiScene): Promise<void> {
  const { plan, number, endpoint, ledger } = scene
  const client = connectPatiently(endpoint, scene.isBridgeThere)
  const writer = `t${number}`
  let sent = 0

  async function ask(command: string, parameters: object): Promise<Asked> {
    sent += 1
    const named = {
      key: { id: sent, idempotency_key: `${writer}-${sent}` },
      unique: { id: scene.newUuid() },
      plain: { id: `${writer}-${sent}` },
    }[plan.naming]
    const ends = scene.bridgeEnds()
    const { note } = ledger
    note(`${writer}.${sent} ${command} (${plan.naming})`)
    const asked = await client.ask({ ...named, command, parameters })
    ledger.counts.asked += 1
    if (asked === undefined) {
      ledger.problems.push(`${writer} got stuck with ${command}`)
      return { reply: undefined, repeats: 'never' }
    }
    const { reply, attempts } = asked
    note(`${writer}.${sent} ${command} ×${attempts}: ${toldBy(reply)}`)
    if (attempts > 1) ledger.counts.retried += 1
    if (reply.id !== named.id) ledger.problems.push(`${writer} was answered with another id`)
    tally(reply, command)
    const metAnother = attempts > 1 && scene.bridgeEnds() > ends
    return { reply, repeats: repeatsOf(plan.naming, metAnother) }
  }

  function tally({ status, meta, error_code, error_type }: Reply, command: string): void {
    const { counts, problems } = ledger
    if (status === 'error') {
      counts.refused += 1
      if (error_code === undefined || error_type === undefined) {
        problems.push(`${writer}: ${command} was refused without a code`)
      }
    } else if (meta?.persistence === 'durable') counts.durable += 1
    else if (meta?.persistence === 'journaled') counts.journaled += 1
  }

  async function create(name: string): Promise<SessionRecord> {
    const { client_id } = plan
    const { reply, repeats } = await ask('create_session', { client_id, name })
    const id = reply?.result?.session_id
    const session: SessionRecord = {
      ...{ name, client_id, creator: writer, repeats, entries: [], looks: [], closed: 'never' },
      id: typeof id === 'string' ? id : undefined,
    }
    ledger.sessions.push(session)
    return session
  }

  async function write(session: SessionRecord, kind: Entry['kind']): Promise<void> {
    const marker = `${writer}.${sent + 1}`
    const session_id = session.id
    const { reply, repeats } = await {
      append: () => ask('save_context', { session_id, components: historyOf(marker) }),
      merge: () =>
        ask('update_session_state', { session_id, mode: 'merge', state_data: { [marker]: 1 } }),
      replace: () => ask('update_session_state', { session_id, workspace_context: { by: marker } }),
    }[kind]()
    const fate = reply?.status === 'success' ? 'sure' : 'unsure'
    session.entries.push({ kind, writer, marker, fate, repeats })
  }

  async function read(session: SessionRecord): Promise<void> {
    const before = session.entries
      .filter(
        ({ fate, kind, writer: by }) => fate === 'sure' && kind !== 'replace' && by !== ELSEWHERE
      )
      .map(({ marker }) => marker)
    const { reply } = await ask('restore_session', { session_id: session.id })
    if (reply?.result === undefined) return
    session.looks.push({ reader: writer, before, shown: markersOf(reply.result as State) })
  }

  async function list(): Promise<void> {
    const { client_id } = plan
    const mine = ledger.sessions.filter((one) => one.client_id === client_id && one.id)
    const parameters = { client_id, include: 'all', limit: 200 }
    const { reply } = await ask('list_client_sessions', parameters)
    if (reply?.result === undefined) return
    const told = JSON.stringify(reply.result)
    for (const { id, name } of mine) {
      if (!told.includes(String(id))) {
        ledger.problems.push(`${writer}: the list lacks ${name}, which was acknowledged before`)
      }
    }
  }

  async function take(session: SessionRecord, step: Step): Promise<void> {
    await sleep(systemTimer, step.pauseMs)
    switch (step.kind) {
      case 'create':
        await create(`${writer}-made-${sent + 1}`)
        break
      case 'read':
        await read(session)
        break
      case 'list':
        await list()
        break
      default:
        await write(session, step.kind)
    }
  }

  /** In fair weather; a machine that is busy may still be too slow for the first one. */
  async function open(): Promise<SessionRecord> {
    for (let attempt = 1; ; attempt += 1) {
      const session = await create(`${writer}-own-${attempt}`)
      if (session.id !== undefined) return session
    }
  }

  if (plan.worksWith === number) scene.opened(await open())
  const session = await scene.session
  for (const step of plan.steps) await take(session, step)
  if (plan.closes) {
    const { reply } = await ask('close_session', { session_id: session.id })
    session.closed = reply?.status === 'success' ? 'sure' : 'unsure'
  }
  client.close()
}

/** README.md tells why, under "What is not promised". */
function repeatsOf(naming: Naming, metAnotherBridge: boolean): Repeats {
  return naming === 'plain' && metAnotherBridge ? 'may' : 'never'
}

export function historyOf(marker: string) {
  return { evaluation_history: [{ m: marker }] }
}

function toldBy({ error_code, meta, result }: Reply): string {
  if (error_code !== undefined) return error_code
  const { persistence = 'read', replayed, stale_s } = meta ?? {}
  const how = [persistence, replayed === true ? 'replayed' : '', `stale ${stale_s}`].join(' ')
  return `${how} revision ${result?.revision} of ${result?.session_id}`
}
