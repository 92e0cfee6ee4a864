// `stui-bridge run`: the bridge itself, until it is told to stop.

import { withToken } from './access-options.ts'
import { giveUp } from './begin.ts'
import type { Config } from './config.ts'
import { openLog } from './log.ts'
import { StartError, startBridge } from './start-bridge.ts'
import { stopSignal } from './stop-signal.ts'
import { systemTimer } from './timer.ts'

export async function run({ access, log: settings, ...config }: Config): Promise<void> {
  // Before anybody is told to stop: Ctrl-C at the question for the token ends the program.
  const asked = access === undefined ? undefined : await withToken(access)
  if (asked !== undefined && !asked.ok) return giveUp(asked.failure)
  const log = await openLog(settings, giveUpLog)
  if (!log.ok) return giveUp(log.failure)
  const toldToStop = stopSignal(systemTimer)
  try {
    const bridge = await startBridge({
      ...config,
      log: log.value,
      ...(asked !== undefined && { access: asked.value }),
    })
    await toldToStop
    await bridge.stop()
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    giveUp(error.message)
  }
}

/** Serving goes on: nobody's work hangs on the log. */
function giveUpLog(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
