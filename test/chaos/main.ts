// npm run chaos: many runs, each from a seed; says what went wrong, how often, and how fast everything was delivered.

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { buildWorker, endBuilding } from '../../local-bridge/stack/build-worker.ts'
import { percentile } from '../bench/statistics.ts'
import type { Result } from './run.ts'
import { runSeeds } from './run-seeds.ts'
import { startWorker } from './worker-host.ts'

const USAGE = `Usage: npm run chaos -- [--runs N] [--seed N] [--at-once N]

Breaks network, Worker and bridge while TUIs work, and compares what is there with what was told.

  --runs N      how many runs (default 200); a single one that fails shows what happened
  --seed N      the seed of the first; the others follow (default 1)
  --at-once N   how many at once (default 4 for each processor)
  --help        this text
`

const count = (text: string) => {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`"${text}" is no number`)
  return Number(text)
}

try {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      'at-once': { type: 'string', default: String(4 * availableParallelism()) },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) process.stdout.write(USAGE)
  else await chaos(count(values.seed), count(values.runs), count(values['at-once']))
} catch (error) {
  process.stderr.write(`chaos: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 1
}
// A run that failed half-way may have left something behind that would keep this program.
process.exit()

async function chaos(first: number, runs: number, atOnce: number): Promise<void> {
  const script = await buildWorker()
  await endBuilding()
  await using worker = await startWorker(script)
  const since = performance.now()
  const onResult = ({ seed, problems, trace }: Result, done: number) => {
    for (const problem of problems) process.stdout.write(`\rseed ${seed}: ${problem}\n`)
    if (problems.length > 0) process.exitCode = 1
    if (problems.length > 0 && runs === 1) process.stdout.write(`${trace.join('\n')}\n`)
    if (done % 10 === 0) process.stderr.write(`\r${done} of ${runs} runs `)
  }
  const results = await runSeeds({ first, runs, atOnce, onResult }, { script, worker })
  process.stdout.write(summary(results, performance.now() - since))
}

function summary(results: readonly Result[], ms: number): string {
  const sum = (of: (result: Result) => number) => results.reduce((all, one) => all + of(one), 0)
  const recoveries = results.flatMap(({ recoveryMs }) => recoveryMs ?? [])
  const worst = results.toSorted((a, b) => (b.recoveryMs ?? 0) - (a.recoveryMs ?? 0))[0]
  const failed = results.filter(({ problems }) => problems.length > 0)
  return `${[
    '',
    `runs        ${results.length} in ${Math.round(ms / 1000)} s`,
    `failed      ${failed.length}${failed.map(({ seed }) => ` ${seed}`).join('')}`,
    `messages    ${sum(({ counts }) => counts.asked)}: ${sum(({ counts }) => counts.durable)} durable, ${sum(({ counts }) => counts.journaled)} journaled, ${sum(({ counts }) => counts.refused)} refused, ${sum(({ counts }) => counts.retried)} sent again`,
    `conflicts   ${sum(({ copies }) => copies)} kept as sessions of their own`,
    `unknown     ${sum(({ unknownHere }) => unknownHere)} sessions that the machine did not know at the end`,
    `recovery    ${recoveries.length} runs: median ${Math.round(percentile(recoveries, 0.5))} ms, 95 % ${Math.round(percentile(recoveries, 0.95))} ms, worst ${Math.round(worst?.recoveryMs ?? 0)} ms (seed ${worst?.seed})`,
    '',
  ].join('\n')}`
}
