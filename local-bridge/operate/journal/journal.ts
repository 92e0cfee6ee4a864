// `stui-bridge journal`: shows what waits for the service and what it refused, saves it, and takes away what was refused.
// Never prints a message.

import { systemClock } from '../../../src/clock.ts'
import { giveUp } from '../../begin.ts'
import { systemTimer } from '../../timer.ts'
import { clientKeys } from '../client-key.ts'
import { counted } from '../words.ts'
import { type Chosen, choose, dropAll } from './drop.ts'
import { digestsIn, exportRecords } from './export.ts'
import type { JournalTask } from './journal-config.ts'
import { brokenText, listJson, listText } from './list-text.ts'
import { type Records, readRecords } from './records.ts'

type Task<Name extends JournalTask['task']> = Extract<JournalTask, { task: Name }>

export async function runJournal(task: JournalTask): Promise<void> {
  const read = readRecords(task.data, task.which)
  if (!read.ok) return giveUp(read.failure)
  switch (task.task) {
    case 'list':
      list(task, read.value)
      break
    case 'export':
      save(task, read.value)
      break
    case 'drop':
      await drop(task, read.value)
      break
    default:
      task satisfies never
  }
}

function list({ json }: Task<'list'>, records: Records): void {
  process.stdout.write(json ? listJson(records) : listText(records, systemClock.now()))
  if (records.unreadable.length > 0 || records.isLocked) process.exitCode = 1
}

function save({ data, file }: Task<'export'>, { records, unreadable }: Records): void {
  if (unreadable.length > 0) process.exitCode = 1
  const broken = brokenText(unreadable)
  if (records.length === 0) {
    process.stdout.write(`Nothing to save: no file was made.\n${broken}`)
    return
  }
  const done = exportRecords(records, { data, path: file, now: systemClock.now() })
  if (!done.ok) {
    giveUp(done.failure)
    return
  }
  const { sealed } = done.value
  if (sealed > 0) process.exitCode = 1
  const locked =
    sealed === 0
      ? ''
      : `${counted(sealed, 'message')} could not be opened and were saved as they are sealed: keep the key file of the folder with them.\n`
  process.stdout.write(
    `${counted(done.value.records, 'change')} saved in ${file}, which only you can read. What waits is still delivered: send none of it again.\n${locked}${broken}`
  )
}

async function drop(task: Task<'drop'>, { records }: Records): Promise<void> {
  const chosen = choose(records, task.sequences)
  if (!chosen.ok) return giveUp(chosen.failure)
  const missing = task.exported === undefined ? undefined : notIn(task.exported, chosen.value)
  if (missing !== undefined) return giveUp(missing)
  const keys = clientKeys(task.clientKey, task.curveKeys)
  if (!keys.ok) return giveUp(keys.failure)
  const ask = { endpoint: task.endpoint, keys: keys.value, timer: systemTimer }
  const done = await dropAll(chosen.value, ask)
  if (!done.ok) return giveUp(done.failure)
  process.stdout.write(`${counted(done.value, 'refused change')} dropped.\n`)
}

/** What the export lacks, in a sentence; undefined if that is nothing. */
function notIn(exported: string, chosen: readonly Chosen[]): string | undefined {
  const digests = digestsIn(exported)
  if (!digests.ok) return digests.failure
  const lacking = chosen.find(({ toDrop }) => !digests.value.has(toDrop.digest))
  if (lacking === undefined) return undefined
  return `The change ${lacking.toDrop.sequence} is not in ${exported}: nothing was dropped; export it first.`
}
