// How `stui-bridge journal` is called.

import { NONE } from '../../access-settings.ts'
import {
  type Argument,
  type Called,
  type Program,
  type Reading,
  readCommandLine,
  YES,
} from '../../command-line.ts'
import { folderOf } from '../../replica/replica-settings.ts'
import { dropShape, exportShape, FLAGS, listShape, retryShape } from './journal-flags.ts'
import type { Which } from './records.ts'

/** How a bridge is asked. */
type Asking = {
  readonly endpoint: string
  readonly curveKeys: string | undefined
  readonly clientKey: string | undefined
}

export type JournalTask = { readonly data: string; readonly which: Which } & (
  | { readonly task: 'list'; readonly json: boolean }
  | { readonly task: 'export'; readonly file: string }
  | (Asking & {
      readonly task: 'retry'
      /** Everything that was refused if absent. */
      readonly sequences: readonly number[] | undefined
      readonly json: boolean
    })
  | (Asking & {
      readonly task: 'drop'
      readonly sequences: readonly number[]
      /** The export that must hold them; absent if they may go without. */
      readonly exported: string | undefined
    })
)

const TASKS = {
  list: 'shows what waits for the service and what it refused; meant where no task is named',
  export: 'saves it with the messages to a private file, opened with the key file of the folder',
  retry: 'sends refused changes again, by their numbers or all, once the cause is gone',
  drop: 'takes away refused changes by their numbers, once they are saved',
} as const

const DONE = 'The exit code is 0 if it was done, 1 if not, 2 for a wrong call.'

const RETRIED = `The exit code is 0 if all were delivered, or wait for the bridge or the service; 1 if not, 2 for a wrong call.
A change is sent for the revision that it was made on: if the session was changed since, both are kept.`

/** Reads what stands behind `journal`. */
export function readJournalTask({ args, env }: Called): Reading<JournalTask> {
  const [word = '', ...rest] = args
  if (word === '--help') return { kind: 'print', text: help() }
  if (word === '' || word.startsWith('-')) return list({ args, env })
  switch (word) {
    case 'list':
      return list({ args: rest, env })
    case 'export':
      return save({ args: rest, env })
    case 'retry':
      return retry({ args: rest, env })
    case 'drop':
      return drop({ args: rest, env })
    default: {
      const names = Object.keys(TASKS).join(', ')
      const sentence = `stui-bridge journal: say what to do: ${names}; journal --help tells more.`
      return { kind: 'refuse', sentence }
    }
  }
}

function list(called: Called): Reading<JournalTask> {
  const reading = readCommandLine(programFor('list', ''), listShape, called)
  return placed(reading, called, ({ json }) => ({ task: 'list', json: json === YES }))
}

function save(called: Called): Reading<JournalTask> {
  const argument = { key: 'file', meaning: 'a file that does not exist yet' }
  const program = { ...programFor('export', ' ./journal.json'), argument }
  const reading = readCommandLine(program, exportShape, called)
  return placed(reading, called, ({ file }) => ({ task: 'export', file }))
}

function retry(called: Called): Reading<JournalTask> {
  const argument = numbers('the numbers, as the list shows them, or all')
  const program = { ...programFor('retry', ' 12 13', RETRIED), argument }
  const reading = readCommandLine(program, retryShape, called)
  return placed(reading, called, ({ sequence, json, listen, curveKeys, clientKey }) => ({
    ...{ task: 'retry', sequences: sequence, json: json === YES },
    ...{ endpoint: listen, curveKeys, clientKey },
  }))
}

function drop(called: Called): Reading<JournalTask> {
  const argument = numbers('the numbers, as the list shows them')
  const program = { ...programFor('drop', ' 12 13 --exported ./journal.json'), argument }
  const reading = readCommandLine(program, dropShape, called)
  return placed(reading, called, ({ sequence, exported, listen, curveKeys, clientKey }) => ({
    ...{ task: 'drop', sequences: sequence, exported, endpoint: listen, curveKeys, clientKey },
  }))
}

function numbers(meaning: string): Argument {
  return { key: 'sequence', repeats: true, meaning }
}

function programFor(task: keyof typeof TASKS, rest: string, codes = DONE): Program {
  return {
    name: `stui-bridge journal ${task}`,
    description: `${TASKS[task].charAt(0).toUpperCase()}${TASKS[task].slice(1)}.`,
    settings: FLAGS[task],
    notes: `Works while the bridge runs and while it does not. ${codes}

Example:
  stui-bridge journal ${task}${rest}
`,
  }
}

function help(): string {
  const lines = Object.entries(TASKS).map(([task, meaning]) => `  ${task.padEnd(8)}${meaning}\n`)
  return `Usage: stui-bridge journal [task] [flags]

Shows and saves the changes that were acknowledged on this machine and are not at the service.

${lines.join('')}
stui-bridge journal <task> --help tells more.
`
}

type Placed = { readonly data: string } & Which

/** Adds which folder is meant. */
function placed<Values extends Placed>(
  reading: Reading<Values>,
  { env }: Called,
  use: (values: Values) => TaskOf<JournalTask>
): Reading<JournalTask> {
  if (reading.kind !== 'run') return reading
  const { data: said, client, developer } = reading.values
  const data = said === NONE ? undefined : folderOf(said, env)
  if (data === undefined) {
    const sentence = 'stui-bridge journal: --data must name the data folder of the bridge.'
    return { kind: 'refuse', sentence }
  }
  return { kind: 'run', values: { data, which: { client, developer }, ...use(reading.values) } }
}

type TaskOf<Task> = Task extends JournalTask ? Omit<Task, 'data' | 'which'> : never
