// The benchmark: our Worker against a bare one on the same runtime, and what the bridge adds. README.md explains the table.

import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureBridge } from './bridge.ts'
import { type Comparison, compare, createSessions } from './compare.ts'
import { FULL_PLAN, HANG_MS, nameOf, type Plan, QUICK_PLAN, withTimeLeft } from './plan.ts'
import { type Report, reportOf, tableOf } from './report.ts'
import { startFloor, startOurs } from './targets.ts'

const USAGE = `Usage: npm run bench -- [--quick] [--out FILE]

Measures the Worker against a bare one on the same runtime, and what the bridge adds.
Prints ratios; a goal that is missed does not make the run fail.

  --quick     a short run for developing the benchmark; its figures mean little
  --out FILE  where the JSON goes (default: .bench/latest.json)
  --help      this text
`

const DEFAULT_OUT = join(import.meta.dirname, '../../.bench/latest.json')

const progress = (line: string) => process.stderr.write(`${line}\n`)

try {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      out: { type: 'string', default: DEFAULT_OUT },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) process.stdout.write(USAGE)
  else await bench(values.quick ? QUICK_PLAN : FULL_PLAN, values.out)
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

async function bench(plan: Plan, out: string): Promise<void> {
  // Ending through `exit` lets workerd-host.ts take its processes along.
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  const hung = setTimeout(() => {
    progress('bench: it hangs')
    process.exit(1)
  }, HANG_MS)
  try {
    const report = await measure(plan)
    mkdirSync(dirname(out), { recursive: true })
    writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`)
    process.stdout.write(tableOf(report))
  } finally {
    clearTimeout(hung)
  }
}

async function measure(plan: Plan): Promise<Report> {
  const until = performance.now() + plan.runMs
  const load = loadavg()[0] ?? 0
  progress('building and starting both Workers')
  await using ours = await startOurs()
  await using floor = await startFloor(ours)
  progress('the bridge against direct HTTP')
  const bridge = await measureBridge(ours, plan)
  const sessions = createSessions()
  const comparisons: Comparison[] = []
  for (const [index, case_] of plan.cases.entries()) {
    progress(`${index + 1}/${plan.cases.length} ${nameOf(case_)}, ${case_.concurrency} at once`)
    const left = withTimeLeft(plan, until - performance.now(), plan.cases.length - index)
    comparisons.push(await compare({ ours, floor }, sessions, case_, left))
  }
  return reportOf(plan, load, comparisons, bridge)
}
