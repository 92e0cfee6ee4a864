// What a run found, as a table for people and as JSON for programs.

import { cpus } from 'node:os'
import type { BridgeFigures } from './bridge.ts'
import type { Comparison } from './compare.ts'
import { bridgeVerdict, type Verdict, verdictsOf } from './goals.ts'
import { nameOf, type Plan } from './plan.ts'

export type Report = {
  readonly at: string
  readonly machine: {
    readonly node: string
    readonly platform: string
    readonly processors: number
    /** Of the last minute before the run: what others do here. */
    readonly load: number
  }
  readonly plan: {
    readonly name: Plan['name']
    readonly repeats: number
    readonly turn_ms: number
  }
  readonly comparisons: readonly Comparison[]
  readonly bridge: BridgeFigures
  readonly verdicts: readonly Verdict[]
}

const HEADINGS = ['', 'at once', 'throughput', 'p50', 'p95', 'CPU', 'CPU µs ours : floor', 'goal']

/** `load` is that of the machine before anything was measured. */
export function reportOf(
  plan: Plan,
  load: number,
  comparisons: readonly Comparison[],
  bridge: BridgeFigures
): Report {
  return {
    at: new Date().toISOString(),
    machine: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      processors: cpus().length,
      load,
    },
    plan: { name: plan.name, repeats: plan.repeats, turn_ms: plan.turnMs },
    comparisons,
    bridge,
    verdicts: [...comparisons.flatMap(verdictsOf), bridgeVerdict(bridge)],
  }
}

/** The ratios ours ÷ floor, one line a case, and what the bridge adds. */
export function tableOf(report: Report): string {
  const { comparisons, bridge } = report
  const lines = aligned([HEADINGS, ...comparisons.map(cells)])
  return `Ours ÷ floor (medians; throughput: more is better, the others: less is better)\n\n${lines}\n\n${bridgeText(bridge)}\n${doubtsAbout(report)}`
}

function cells(comparison: Comparison): string[] {
  const { concurrency, ours, floor, ratios } = comparison
  return [
    nameOf(comparison),
    String(concurrency),
    times(ratios.throughput),
    times(ratios.p50),
    times(ratios.p95),
    ratios.cpu === undefined ? '–' : times(ratios.cpu),
    `${micros(ours.cpu_us)} : ${micros(floor.cpu_us)}`,
    verdictsOf(comparison).map(verdictText).join(', '),
  ]
}

function bridgeText(bridge: BridgeFigures): string {
  const { added_p50_ms, ratio_p50, direct_p50_ms, bridge_p50_ms, echo_p50_ms } = bridge
  const lines = aligned([
    ['Bridge, update 2 KB, 1 at once', 'p50 ms'],
    ['direct HTTP', ms(direct_p50_ms)],
    ['through the bridge', ms(bridge_p50_ms)],
    ['bare ROUTER echo', ms(echo_p50_ms)],
  ])
  const verdict = verdictText(bridgeVerdict(bridge))
  return `${lines}\n\nThe bridge adds ${ms(added_p50_ms)} ms p50 (${times(ratio_p50)} direct HTTP): ${verdict}`
}

/** What should keep a reader from quoting this run. */
function doubtsAbout({ plan, machine }: Report): string {
  const { load, processors } = machine
  const busy = `\nThe machine was busy (load ${load.toFixed(1)}, ${processors} processors): run again before you quote this.\n`
  const quick = '\nA quick run: too short to be quoted.\n'
  return `${load > processors ? busy : ''}${plan.name === 'quick' ? quick : ''}`
}

function verdictText({ goal, is_met }: Verdict): string {
  return `${goal}: ${is_met ? 'pass' : 'MISS'}`
}

/** Columns two spaces apart; the first and the last begin on the left, figures end on the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  )
  const last = HEADINGS.length - 1
  const cell = (text: string, column: number) =>
    column === 0 || column === last
      ? text.padEnd(widths[column] ?? 0)
      : text.padStart(widths[column] ?? 0)
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n')
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)}×`
}

function ms(value: number): string {
  return value.toFixed(2)
}

function micros(value: number | undefined): string {
  return value === undefined ? '–' : String(Math.round(value))
}
