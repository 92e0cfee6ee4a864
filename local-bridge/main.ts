// The bridge as a program: node local-bridge/main.ts. Reads how it was called, runs until it is told to stop.

import { type Config, readConfig } from './config.ts'
import { createLog } from './log.ts'
import { StartError, startBridge } from './start-bridge.ts'
import { stopSignal } from './stop-signal.ts'
import { systemTimer } from './timer.ts'

const CANNOT_START = 1
const WRONG_USAGE = 2

const reading = readConfig({
  args: process.argv.slice(2),
  env: process.env,
  isTerminal: process.stdout.isTTY === true,
})

switch (reading.kind) {
  case 'print':
    process.stdout.write(reading.text)
    break
  case 'refuse':
    giveUp(reading.sentence, WRONG_USAGE)
    break
  case 'run':
    await run(reading.values)
    break
  default:
    reading satisfies never
}

async function run({ listen, upstream, log }: Config): Promise<void> {
  const toldToStop = stopSignal(systemTimer)
  try {
    const bridge = await startBridge({ listen, upstream, log: createLog(log) })
    await toldToStop
    await bridge.stop()
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    giveUp(error.message, CANNOT_START)
  }
}

function giveUp(sentence: string, exitCode: number): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = exitCode
}
