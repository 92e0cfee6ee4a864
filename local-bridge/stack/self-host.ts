// The self-hosted Worker as a program: npm run self-host. Runs until it is told to stop, or until workerd ends: whoever
// supervises it starts it again.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { begin } from '../begin.ts'
import { StartError } from '../start-bridge.ts'
import { stopSignal } from '../stop-signal.ts'
import { systemTimer } from '../timer.ts'
import { buildWorker, endBuilding } from './build-worker.ts'
import { type DataFolder, openDataFolder } from './data-folder.ts'
import { readSelfHostConfig, type SelfHostConfig } from './self-host-config.ts'
import { startWorkerd } from './self-host-workerd.ts'
import { refuseWrongSettings } from './wrong-settings.ts'

const FAILED = 1

/** Everything that is written belongs to its owner alone. */
const PRIVATE_UMASK = 0o077

const reading = readSelfHostConfig({ args: process.argv.slice(2), env: process.env })

await begin(reading, async (config) => process.exit(await run(config)))

/** Gives the exit code. */
async function run(config: SelfHostConfig): Promise<number> {
  process.umask(PRIVATE_UMASK)
  const toldToStop = stopSignal(systemTimer).then(() => 'told' as const)
  const folder = openDataFolder(config.data)
  if (!folder.ok) return complain(folder.failure)
  try {
    return await serve(config, folder.value, toldToStop)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    return complain(error.message)
  } finally {
    folder.value.release()
  }
}

async function serve(
  { data, port, settings }: SelfHostConfig,
  folder: DataFolder,
  toldToStop: Promise<'told'>
): Promise<number> {
  const script = await buildWorker()
  await endBuilding()
  const objects = join(folder.objects, 'do')
  mkdirSync(objects, { recursive: true })
  const workerd = await startWorkerd({
    ...{ script, program: join(data, 'program'), objects, port },
    settings: { STUI_SESSION_SECRETS: folder.secret, ...settings },
  })
  if (workerd === undefined) return complain('workerd did not start; what it said stands above.')
  try {
    await refuseWrongSettings(workerd)
    process.stdout.write(`Serving ${workerd.url} with the data in ${data}.\n`)
    const end = await Promise.race([toldToStop, workerd.ended])
    return end === 'told' ? 0 : complain('workerd ended unexpectedly.')
  } finally {
    await workerd.stop()
  }
}

function complain(sentence: string): number {
  process.stderr.write(`${sentence}\n`)
  return FAILED
}
