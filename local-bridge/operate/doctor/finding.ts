// What the doctor says of one hop, and how a whole report reads.

export type Finding = {
  readonly hop: string
  readonly state: 'ok' | 'warning' | 'broken' | 'skipped'
  /** What was seen. */
  readonly seen: string
  /** What to do next; absent where there is nothing to do. */
  readonly next?: string
}

export function ok(hop: string, seen: string): Finding {
  return { hop, state: 'ok', seen }
}

export function warning(hop: string, seen: string, next: string): Finding {
  return { hop, state: 'warning', seen, next }
}

export function broken(hop: string, seen: string, next: string): Finding {
  return { hop, state: 'broken', seen, next }
}

/** It was not looked at: something before it is broken, or nobody asked for it. */
export function skipped(hop: string, seen: string): Finding {
  return { hop, state: 'skipped', seen }
}

const STATE_WIDTH = 9
const HOP_WIDTH = 13

/** A finding in a line, with what to do next below it. */
export function findingText({ hop, state, seen, next }: Finding): string {
  const line = `${state.padEnd(STATE_WIDTH)}${hop.padEnd(HOP_WIDTH)}${seen}\n`
  if (next === undefined) return line
  return `${line}${' '.repeat(STATE_WIDTH + HOP_WIDTH)}→ ${next}\n`
}

export function summaryText(findings: readonly Finding[]): string {
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length
  const first = findings.find(({ state }) => state === 'broken')
  if (first !== undefined) return `\n${count('broken')} broken; begin with ${first.hop}.\n`
  const warnings = count('warning')
  return warnings === 0 ? '\nAll is well.\n' : `\nIt works, with ${warnings} to look at.\n`
}
