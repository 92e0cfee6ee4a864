// `stui-bridge journal`: shows what waits for the service and what it refused, saves it, and sends again or takes away what
// was refused. Never prints a message.

import { systemClock } from '../../../src/clock.ts'
import { type Outcome, succeed } from '../../../src/outcome.ts'
import { giveUp } from '../../begin.ts'
import { systemTimer } from '../../timer.ts'
import type { AskOptions } from '../ask-bridge.ts'
import { clientKeys } from '../client-key.ts'
import { counted } from '../words.ts'
import { type Chosen, choose, chooseAll } from './choose.ts'
import { dropAll } from './drop.ts'
import { digestsIn, exportRecords } from './export.ts'
import type { JournalTask } from './journal-config.ts'
import { brokenText, listJson, listText } from './list-text.ts'
import { type Records, readRecords } from './records.ts'
import { retryAll, watchFates } from './retry.ts'
import { fatesJson, fatesText } from './retry-text.ts'

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
    case 'retry':
      await retry(task, read.value)
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

async function retry(task: Task<'retry'>, { records }: Records): Promise<void> {
  const { sequences, json } = task
  const chosen =
    sequences === undefined
      ? chooseAll(records)
      : choose(records, sequences, 'what waits need not be sent again')
  if (!chosen.ok) return giveUp(chosen.failure)
  const ask = askOptions(task)
  if (!ask.ok) return giveUp(ask.failure)
  const done = await retryAll(chosen.value, ask.value)
  if (!done.ok) return giveUp(done.failure)
  if (!json) {
    const nothing = chosen.value.length === 0 ? 'Nothing was refused.\n' : undefined
    process.stdout.write(nothing ?? `${counted(done.value.count, 'refused change')} put back.\n`)
  }
  const fates = await watchFates(chosen.value, done.value.byBridge, ask.value)
  process.stdout.write(json ? fatesJson(fates) : fatesText(fates))
  if (fates.refused.length > 0 || fates.waitingFor === 'turn') process.exitCode = 1
}

async function drop(task: Task<'drop'>, { records }: Records): Promise<void> {
  const chosen = choose(records, task.sequences, 'nothing that waits is dropped')
  if (!chosen.ok) return giveUp(chosen.failure)
  const missing = task.exported === undefined ? undefined : notIn(task.exported, chosen.value)
  if (missing !== undefined) return giveUp(missing)
  const ask = askOptions(task)
  if (!ask.ok) return giveUp(ask.failure)
  const done = await dropAll(chosen.value, ask.value)
  if (!done.ok) return giveUp(done.failure)
  process.stdout.write(`${counted(done.value.count, 'refused change')} dropped.\n`)
}

/** The failure is one sentence. */
function askOptions(task: Task<'retry' | 'drop'>): Outcome<AskOptions, string> {
  const { endpoint, clientKey, curveKeys } = task
  const keys = clientKeys(clientKey, curveKeys)
  return keys.ok ? succeed({ endpoint, keys: keys.value, timer: systemTimer }) : keys
}

/** What the export lacks, in a sentence; undefined if that is nothing. */
function notIn(exported: string, chosen: readonly Chosen[]): string | undefined {
  const digests = digestsIn(exported)
  if (!digests.ok) return digests.failure
  const lacking = chosen.find(({ named }) => !digests.value.has(named.digest))
  if (lacking === undefined) return undefined
  return `The change ${lacking.named.sequence} is not in ${exported}: nothing was dropped; export it first.`
}
