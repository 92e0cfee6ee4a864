// How `stui-bridge journal` is called.

import * as z from 'zod'
import { CLIENT_ID } from '../../../src/protocol/limits.ts'
import { NONE } from '../../access-settings.ts'
import {
  type Called,
  NO,
  type Program,
  type Reading,
  readCommandLine,
  type Setting,
  YES,
} from '../../command-line.ts'
import { CURVE_SETTING } from '../../keys-config.ts'
import { folderOf, REPLICA_SETTINGS } from '../../replica/replica-settings.ts'
import { CLIENT_KEY_SETTING } from '../client-key.ts'
import { SETTINGS_FILE_SETTING } from '../settings-file.ts'
import { endpoint, JSON_SETTING, LISTEN_SETTING } from '../status.ts'
import type { Which } from './records.ts'

export type JournalTask = { readonly data: string; readonly which: Which } & (
  | { readonly task: 'list'; readonly json: boolean }
  | { readonly task: 'export'; readonly file: string }
  | {
      readonly task: 'drop'
      readonly sequences: readonly number[]
      /** The export that must hold them; absent if they may go without. */
      readonly exported: string | undefined
      readonly endpoint: string
      readonly curveKeys: string | undefined
      readonly clientKey: string | undefined
    }
)

const TASKS = {
  list: 'shows what waits for the service and what it refused; meant where no task is named',
  export: 'saves it with the messages to a private file, opened with the key file of the folder',
  drop: 'takes away refused changes by their numbers, once they are saved',
} as const

const WHICH: readonly Setting[] = [
  ...REPLICA_SETTINGS.filter(({ key }) => key === 'data'),
  {
    key: 'client',
    flag: '--client',
    placeholder: 'client_id',
    meaning: 'only what is of this client',
    fallback: NONE,
  },
  {
    key: 'developer',
    flag: '--developer',
    placeholder: 'digits',
    meaning: 'only what is of the developer whose folder begins like this, as the list shows it',
    fallback: NONE,
  },
  SETTINGS_FILE_SETTING,
]

const DROPPING: readonly Setting[] = [
  {
    key: 'exported',
    flag: '--exported',
    placeholder: 'file',
    meaning: 'an export that holds all of them, which is looked at first',
    fallback: NONE,
  },
  {
    key: 'yes',
    flag: '--yes',
    meaning: 'drops them though they may be saved nowhere',
    fallback: NO,
  },
  LISTEN_SETTING,
  CURVE_SETTING,
  CLIENT_KEY_SETTING,
]

const optional = z.string().transform((text) => (text === NONE ? undefined : text))

const which = {
  data: z.string(),
  client: optional.refine((id) => id === undefined || CLIENT_ID.test(id), 'must be a client id'),
  developer: optional,
}

const listShape = z.object({ ...which, json: z.enum([NO, YES]) })
const exportShape = z.object({ ...which, file: z.string().min(1, 'must name a file') })
const dropShape = z
  .object({
    ...which,
    sequence: z
      .string()
      .refine((text) => /^[1-9]\d{0,14}(,[1-9]\d{0,14})*$/.test(text), {
        error: 'must be numbers of changes, as stui-bridge journal shows them',
      })
      .transform((text) => text.split(',').map(Number)),
    exported: optional,
    yes: z.enum([NO, YES]),
    listen: endpoint,
    curveKeys: optional,
    clientKey: optional,
  })
  .refine(({ exported, yes }) => exported !== undefined || yes === YES, {
    path: ['exported'],
    error: 'must name an export that holds them; say --yes to drop what may be saved nowhere',
  })

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
  const program = programFor('list', [...WHICH, JSON_SETTING], '')
  const reading = readCommandLine(program, listShape, called)
  return placed(reading, called, ({ json }) => ({ task: 'list', json: json === YES }))
}

function save(called: Called): Reading<JournalTask> {
  const argument = [{ key: 'file', meaning: 'a file that does not exist yet' }]
  const program = { ...programFor('export', WHICH, ' ./journal.json'), argument }
  const reading = readCommandLine(program, exportShape, called)
  return placed(reading, called, ({ file }) => ({ task: 'export', file }))
}

function drop(called: Called): Reading<JournalTask> {
  const argument = [
    { key: 'sequence', repeats: true as const, meaning: 'the numbers, as the list shows them' },
  ]
  const notes = ' 12 13 --exported ./journal.json'
  const program = { ...programFor('drop', [...WHICH, ...DROPPING], notes), argument }
  const reading = readCommandLine(program, dropShape, called)
  return placed(reading, called, ({ sequence, exported, listen, curveKeys, clientKey }) => ({
    ...{ task: 'drop', sequences: sequence, exported, endpoint: listen, curveKeys, clientKey },
  }))
}

function programFor(task: keyof typeof TASKS, settings: readonly Setting[], rest: string): Program {
  return {
    name: `stui-bridge journal ${task}`,
    description: `${TASKS[task].charAt(0).toUpperCase()}${TASKS[task].slice(1)}.`,
    settings,
    notes: `Works while the bridge runs and while it does not. The exit code is 0 if it was done, 1 if not, 2 for a wrong call.

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
