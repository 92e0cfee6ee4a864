// The local stack as a program: npm start. Reads how it was called, runs until it is told to stop.

import { begin } from '../begin.ts'
import { createLog } from '../log.ts'
import { StartError } from '../start-bridge.ts'
import { stopSignal } from '../stop-signal.ts'
import { systemTimer } from '../timer.ts'
import { logLostText, readyText, tokenLostText, WORDS } from './announce.ts'
import { readStackConfig, type StackConfig } from './config.ts'
import { createRestartBudget } from './restart-budget.ts'
import { type RunningStack, startStack } from './stack.ts'

const FAILED = 1

/** A start that takes longer than this says so. */
const SLOW_START_MS = 2500

/** Everything that is written belongs to its owner alone. */
const PRIVATE_UMASK = 0o077

const reading = readStackConfig({ args: process.argv.slice(2), env: process.env })

await begin(reading, async (config) => process.exit(await run(config)))

/** Gives the exit code. */
async function run(config: StackConfig): Promise<number> {
  process.umask(PRIVATE_UMASK)
  // Whoever read along may stop reading: serving goes on.
  process.stdout.on('error', () => {})
  const toldToStop = stopSignal(systemTimer).then(() => 'told' as const)
  const failure = Promise.withResolvers<'failed'>()
  const stack = await started(config, () => failure.resolve('failed'))
  if (stack === undefined) return FAILED
  say(readyText({ ...stack, data: config.data }))
  const end = await Promise.race([toldToStop, failure.promise])
  say(`${WORDS.stopping}\n`)
  await stack.stop()
  say(`${WORDS.stopped}\n`)
  return end === 'told' ? 0 : FAILED
}

/** The running stack; undefined where it could not be started and that was told. */
async function started(config: StackConfig, fail: () => void): Promise<RunningStack | undefined> {
  const isTooMany = createRestartBudget(systemTimer)
  const failWith = (sentence: string) => {
    complain(sentence)
    fail()
  }
  const cancel = systemTimer.after(SLOW_START_MS, () => say(`${WORDS.slow}\n`))
  try {
    return await startStack({
      config,
      log: createLog({ level: config.logLevel, format: 'pretty' }),
      onRestart: () => (isTooMany() ? failWith(WORDS.failing) : complain(WORDS.restarted)),
      onFailure: () => failWith(WORDS.failed),
      onLogLost: (error) => complain(logLostText('worker.log', error)),
      onTokenLost: (error) => complain(tokenLostText(error)),
    })
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    complain(error.message)
    return undefined
  } finally {
    cancel()
  }
}

function say(text: string): void {
  process.stdout.write(text)
}

function complain(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
