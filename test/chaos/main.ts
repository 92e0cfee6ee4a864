// npm run chaos: many runs, each from a seed; says what went wrong, how often, and how fast everything was delivered.

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { buildWorker, endBuilding } from '../../local-bridge/stack/build-worker.ts'
import { percentile } from '../bench/statistics.ts'
import type { Result } from './run.ts'
import { runSeeds, type Seeds } from './run-seeds.ts'
import { startWorker } from './worker-host.ts'

const USAGE = `Usage: npm run chaos -- [--runs N] [--seed N] [--at-once N] [--apart N]

Breaks network, Worker and bridge while TUIs work, and compares what is there with what was told. Fails if a run fails,
and if recovery takes longer than promised: 2 seconds in the median, 10 in every run.

  --runs N      how many runs (default 1000); a single one that fails shows what happened
  --seed N      the seed of the first; the others follow (default 1)
  --at-once N   how many at once (default 4 for each processor)
  --apart N     of a hundred runs, how many have a bridge of their own, which is killed and frozen, and how many
                a Worker (default 20; the build has 6)
  --help        this text
`

/** From the moment in which everything is mended until everything is delivered. */
const MEDIAN_MS = 2000
const WORST_MS = 10_000

const count = (text: string) => {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`"${text}" is no number`)
  return Number(text)
}

try {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      'at-once': { type: 'string', default: String(4 * availableParallelism()) },
      apart: { type: 'string', default: '20' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) process.stdout.write(USAGE)
  else {
    await chaos({
      first: count(values.seed),
      runs: count(values.runs),
      atOnce: count(values['at-once']),
      apart: count(values.apart) / 100,
    })
  }
} catch (error) {
  process.stderr.write(`chaos: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 1
}
// A run that failed half-way may have left something behind that would keep this program.
process.exit()

async function chaos(seeds: Omit<Seeds, 'onResult'>): Promise<void> {
  const { runs } = seeds
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
  const results = await runSeeds({ ...seeds, onResult }, { script, worker })
  if (!isSoon(results)) process.exitCode = 1
  process.stdout.write(summary(results, performance.now() - since))
}

function summary(results: readonly Result[], ms: number): string {
  const sum = (of: (result: Result) => number) => results.reduce((all, one) => all + of(one), 0)
  const recoveries = recoveriesOf(results)
  const worst = results.toSorted((a, b) => (b.recoveryMs ?? 0) - (a.recoveryMs ?? 0))[0]
  const failed = results.filter(({ problems }) => problems.length > 0)
  return `${[
    '',
    `runs        ${results.length} in ${Math.round(ms / 1000)} s`,
    `failed      ${failed.length}${failed.map(({ seed }) => ` ${seed}`).join('')}`,
    `messages    ${sum(({ counts }) => counts.asked)}: ${sum(({ counts }) => counts.durable)} durable, ${sum(({ counts }) => counts.journaled)} journaled, ${sum(({ counts }) => counts.refused)} refused, ${sum(({ counts }) => counts.retried)} sent again`,
    `conflicts   ${sum(({ copies }) => copies)} kept as sessions of their own`,
    `unknown     ${sum(({ unknownHere }) => unknownHere)} sessions that the machine did not know at the end`,
    `recovery    ${recoveries.length} runs: median ${Math.round(percentile(recoveries, 0.5))} ms, 95 % ${Math.round(percentile(recoveries, 0.95))} ms, worst ${Math.round(worst?.recoveryMs ?? 0)} ms (seed ${worst?.seed}): ${isSoon(results) ? 'as promised' : 'TOO LATE'}`,
    '',
  ].join('\n')}`
}

function recoveriesOf(results: readonly Result[]): number[] {
  return results.flatMap(({ recoveryMs }) => recoveryMs ?? [])
}

/** What the project promises; true as well where nothing had to be delivered. */
function isSoon(results: readonly Result[]): boolean {
  const recoveries = recoveriesOf(results)
  if (recoveries.length === 0) return true
  return percentile(recoveries, 0.5) <= MEDIAN_MS && Math.max(...recoveries) <= WORST_MS
}
