// The bridge as a program: node local-bridge/main.ts [run | whoami | keys]. Reads how it was called and does it.

import { systemClock } from '../src/clock.ts'
import type { Outcome } from '../src/outcome.ts'
import { succeed } from '../src/outcome.ts'
import type { AccessSettings } from './access-settings.ts'
import { askToken } from './ask-token.ts'
import { begin } from './begin.ts'
import { type Config, readConfig } from './config.ts'
import { runKeysTask } from './keys.ts'
import { readKeysTask } from './keys-config.ts'
import { createLog } from './log.ts'
import { type AccessOptions, StartError, startBridge } from './start-bridge.ts'
import { stopSignal } from './stop-signal.ts'
import { systemTimer } from './timer.ts'
import { createTokenCheck } from './token-check.ts'
import { createTokenSource } from './token-source.ts'
import {
  describePrincipal,
  principalJson,
  readWhoami,
  type WhoamiConfig,
  whyUnknown,
} from './whoami.ts'

const CANNOT = 1

const { env } = process
const [word, ...rest] = process.argv.slice(2)

switch (word) {
  case 'whoami':
    await begin(readWhoami({ args: rest, env }), whoami)
    break
  case 'keys':
    await begin(readKeysTask({ args: rest, env }), async (task) => tell(runKeysTask(task)))
    break
  default: {
    const args = word === 'run' ? rest : process.argv.slice(2)
    await begin(readConfig({ args, env, isTerminal: process.stdout.isTTY === true }), run)
  }
}

async function run({ access, log, ...config }: Config): Promise<void> {
  // Before anybody is told to stop: Ctrl-C at the question for the token ends the program.
  const asked = access === undefined ? undefined : await withToken(access)
  if (asked !== undefined && !asked.ok) return giveUp(asked.failure, CANNOT)
  const toldToStop = stopSignal(systemTimer)
  try {
    const bridge = await startBridge({
      ...config,
      log: createLog(log),
      ...(asked !== undefined && { access: asked.value }),
    })
    await toldToStop
    await bridge.stop()
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    giveUp(error.message, CANNOT)
  }
}

async function whoami({ access, json }: WhoamiConfig): Promise<void> {
  const asked = await withToken(access)
  if (!asked.ok) return giveUp(asked.failure, CANNOT)
  const token = asked.value.token.read()
  if (!token.ok) return giveUp(`The token cannot be used: ${token.failure}.`, CANNOT)
  const verdict = await createTokenCheck({ ...access, clock: systemClock })(token.value)
  if (!verdict.ok) return giveUp(whyUnknown(verdict.failure), CANNOT)
  const text = json
    ? principalJson(verdict.value)
    : describePrincipal(verdict.value, systemClock.now())
  process.stdout.write(text)
}

async function withToken({
  token: place,
  ...api
}: AccessSettings): Promise<Outcome<AccessOptions, string>> {
  if (place.from !== 'prompt') return succeed({ ...api, token: createTokenSource(place) })
  const token = await askToken(process.stdin, (text) => process.stderr.write(text))
  if (token !== undefined) {
    return succeed({ ...api, token: createTokenSource({ from: 'prompt', token }) })
  }
  return { ok: false, failure: 'No token was typed: --ask-token needs a terminal and an answer.' }
}

function tell(outcome: Outcome<string, string>): void {
  if (outcome.ok) process.stdout.write(outcome.value)
  else giveUp(outcome.failure, CANNOT)
}

function giveUp(sentence: string, exitCode: number): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = exitCode
}
