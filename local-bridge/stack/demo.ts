// The demo as a program: npm run demo. Three clients play the specification's scenarios; then everything is killed.

import * as z from 'zod'
import { begin } from '../begin.ts'
import { type Program, readCommandLine } from '../command-line.ts'
import { stopSignal } from '../stop-signal.ts'
import { systemTimer } from '../timer.ts'
import { ChildStackFailed } from './child-stack.ts'
import { createPlayer, DemoFailed } from './demo/player.ts'
import { type Held, playScenarios, restores } from './demo/scenarios.ts'
import { createShow, type Show } from './demo/show.ts'
import { openStage, type Stage } from './demo/stage.ts'

const DIFFERED = 1
const INTERRUPTED = 130

/** Where nobody looks at a terminal. */
const COLUMNS = 160

const PROGRAM: Program = {
  name: 'demo',
  description:
    'Plays three clients on a stack of its own, kills it, starts it again and compares what they get.',
  settings: [],
  notes:
    'It takes free ports and a temporary folder, and leaves nothing behind. Exit code 0: all was equal.\n',
}

const reading = readCommandLine(PROGRAM, z.object({}), {
  args: process.argv.slice(2),
  env: process.env,
})

await begin(reading, async () => process.exit(await run()))

/** Gives the exit code. */
async function run(): Promise<number> {
  const show = createShow({
    isTerminal: process.stdout.isTTY === true,
    columns: process.stdout.columns ?? COLUMNS,
    write: (text) => process.stdout.write(text),
  })
  // Whoever read along may stop reading: the demo ends in good order all the same.
  process.stdout.on('error', () => {})
  const interrupted = stopSignal(systemTimer).then(() => INTERRUPTED)
  try {
    await using stage = await openStage()
    return await Promise.race([interrupted, played(stage, show)])
  } catch (error) {
    if (!(error instanceof DemoFailed || error instanceof ChildStackFailed)) throw error
    process.stderr.write(`\nDemo failed: ${error.message}\n`)
    return DIFFERED
  }
}

async function played(stage: Stage, show: Show): Promise<number> {
  await play(stage, show)
  const { messages, answers, checks, differences } = show.tally
  const verdict = differences === 0 ? 'Demo passed' : 'Demo failed'
  show.heading(
    `${verdict}: ${messages} messages, ${answers} answers, ${checks} checks, ${differences} differences.`
  )
  return differences === 0 ? 0 : DIFFERED
}

async function play(stage: Stage, show: Show): Promise<void> {
  show.heading('A stack of its own')
  show.note(`${stage.endpoint}, process group ${stage.pid}`)
  const join = (name: string) => createPlayer(name, stage.endpoint, show)
  const cast = { alice: join('alice'), bob: join('bob'), carol: join('carol') }
  const held = await playScenarios(cast, show)
  await proveRestart(stage, held, show)
  for (const { player } of held) player.leave()
}

/** The sockets stay open meanwhile: each client simply sends its next message. */
async function proveRestart(stage: Stage, held: readonly Held[], show: Show): Promise<void> {
  show.heading('The restart')
  show.note(`kill -9 of process group ${stage.pid}: bridge, Worker and all their processes.`)
  await stage.kill()
  await stage.again()
  show.note(`Started again on the same folder and ports, process group ${stage.pid}.`)
  for (const one of held) await restores(one, show)
}
