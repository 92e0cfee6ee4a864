// Measures one case: both hosts take turns, so that whatever else the machine does hits both alike.

import { cpuMicroseconds } from './cpu-time.ts'
import { runTurn, type Turn, type Work, warmUp } from './load.ts'
import { createMessage } from './messages.ts'
import type { Case, Operation, Plan } from './plan.ts'
import { median } from './statistics.ts'
import { createSubject, newClientId, type Subject, verifySubject } from './subjects.ts'
import type { Target } from './targets.ts'

/** What one host did in a case: medians of its turns. */
export type Figures = {
  readonly requests: number
  readonly per_second: number
  readonly p50_ms: number
  readonly p95_ms: number
  /** Processor time of the workerd process for one request; absent where the system does not tell. */
  readonly cpu_us?: number
}

/** Ours divided by the floor: medians of the ratios of turns that followed each other. */
export type Ratios = {
  readonly throughput: number
  readonly p50: number
  readonly p95: number
  readonly cpu?: number
}

export type Comparison = Case & {
  readonly ours: Figures
  readonly floor: Figures
  readonly ratios: Ratios
}

export type Hosts = { readonly ours: Target; readonly floor: Target }

/** Sessions that are made at once before a case. */
const CREATED_AT_ONCE = 16

type Measured = Turn & { readonly cpuUs: number | undefined }

/** Sessions that are there already, by host and size; a case takes as many as it needs. */
export type Sessions = (target: Target, bytes: number, count: number) => Promise<Subject[]>

export function createSessions(): Sessions {
  const kept = new Map<Target, Map<number, Subject[]>>()
  return async (target, bytes, count) => {
    const bySize = kept.getOrInsertComputed(target, () => new Map())
    if (!bySize.has(bytes)) await verifySubject(target.http, bytes)
    const subjects = bySize.getOrInsertComputed(bytes, () => [])
    while (subjects.length < count) {
      const batch = Math.min(CREATED_AT_ONCE, count - subjects.length)
      const created = Array.from({ length: batch }, () => createSubject(target.http, bytes))
      subjects.push(...(await Promise.all(created)))
    }
    return subjects.slice(0, count)
  }
}

/** Measures one case on both hosts. */
export async function compare(
  hosts: Hosts,
  sessions: Sessions,
  case_: Case,
  plan: Plan
): Promise<Comparison> {
  const works = {
    ours: await workOf(case_, hosts.ours, sessions),
    floor: await workOf(case_, hosts.floor, sessions),
  }
  const { concurrency } = case_
  for (const work of Object.values(works)) {
    await warmUp(work, concurrency, plan.warmUp[case_.operation])
  }
  const ours: Measured[] = []
  const floor: Measured[] = []
  for (let repeat = 0; repeat < plan.repeats; repeat += 1) {
    ours.push(await measured(works.ours, hosts.ours, { ...plan, concurrency }))
    floor.push(await measured(works.floor, hosts.floor, { ...plan, concurrency }))
  }
  return { ...case_, ours: figures(ours), floor: figures(floor), ratios: ratios(ours, floor) }
}

async function workOf(
  { operation, bytes, concurrency }: Case,
  target: Target,
  sessions: Sessions
): Promise<Work> {
  if (operation === 'create') return () => target.http.send(createMessage(newClientId()))
  const subjects = await sessions(target, bytes, concurrency)
  return (client) => asked(subjects[client], operation)
}

function asked(subject: Subject | undefined, operation: Exclude<Operation, 'create'>) {
  if (subject === undefined) throw new Error('there are fewer sessions than clients')
  return operation === 'update' ? subject.update() : subject.restore()
}

async function measured(
  work: Work,
  { pid }: Target,
  bounds: Parameters<typeof runTurn>[1]
): Promise<Measured> {
  const before = cpuMicroseconds(pid)
  const turn = await runTurn(work, bounds)
  const after = cpuMicroseconds(pid)
  return {
    ...turn,
    cpuUs: before === undefined || after === undefined ? undefined : after - before,
  }
}

function figures(turns: readonly Measured[]): Figures {
  const cpu = cpuPerRequest(turns)
  return {
    requests: turns.reduce((sum, turn) => sum + turn.requests, 0),
    per_second: median(turns.map((turn) => turn.perSecond)),
    p50_ms: median(turns.map((turn) => turn.p50Ms)),
    p95_ms: median(turns.map((turn) => turn.p95Ms)),
    ...(cpu !== undefined && { cpu_us: cpu }),
  }
}

function ratios(ours: readonly Measured[], floor: readonly Measured[]): Ratios {
  const ratio = (of: (turn: Measured) => number) =>
    median(ours.map((turn, repeat) => of(turn) / of(floor[repeat] ?? turn)))
  const [cpuOurs, cpuFloor] = [cpuPerRequest(ours), cpuPerRequest(floor)]
  return {
    throughput: ratio((turn) => turn.perSecond),
    p50: ratio((turn) => turn.p50Ms),
    p95: ratio((turn) => turn.p95Ms),
    ...(cpuOurs !== undefined && cpuFloor !== undefined && { cpu: cpuOurs / cpuFloor }),
  }
}

/** Over all turns together: the kernel counts in steps that are long beside one turn. */
function cpuPerRequest(turns: readonly Measured[]): number | undefined {
  const requests = turns.reduce((sum, turn) => sum + turn.requests, 0)
  let used = 0
  for (const { cpuUs } of turns) {
    if (cpuUs === undefined) return undefined
    used += cpuUs
  }
  return requests === 0 ? undefined : used / requests
}
