// How `stui-bridge keys` is called.

import * as z from 'zod'
import { isClientName } from './allow-list.ts'
import {
  type Argument,
  type Called,
  type Program,
  type Reading,
  readCommandLine,
  type Setting,
} from './command-line.ts'
import { isKeyText } from './z85.ts'

export type KeysTask =
  | { readonly task: 'init'; readonly folder: string }
  | { readonly task: 'list'; readonly folder: string }
  | { readonly task: 'new-client'; readonly folder: string; readonly name: string }
  | {
      readonly task: 'add'
      readonly folder: string
      readonly name: string
      readonly publicKey: string
    }

export const CURVE_SETTING: Setting = {
  key: 'curveKeys',
  flag: '--curve-keys',
  placeholder: 'folder',
  env: 'STUI_CURVE_KEYS',
  meaning: 'folder of CURVE keys, see stui-bridge keys',
  fallback: 'none',
}

const TASKS = {
  init: 'makes the folder, the key pair of the bridge and an empty list of clients',
  list: 'shows the public key of the bridge and the clients that may connect',
  add: 'lets a client connect whose key pair was made elsewhere',
  'new-client': 'makes a key pair for a client and lets it connect',
} as const

type TaskName = keyof typeof TASKS

const NAME: Argument = { key: 'name', meaning: 'what the client is called in the list' }
const PUBLIC_KEY: Argument = {
  key: 'public-key',
  meaning: '40 characters, in quotes; write -- before one that begins with -',
}

const folder = z
  .string()
  .refine((text) => text !== CURVE_SETTING.fallback && text !== '', 'must name a folder')
const name = z.string().refine(isClientName, 'must be 1 to 64 letters, digits and . _ @ -')
// Not repeated: it may be the secret key.
const publicKey = z.string().refine(isKeyText, 'must be a public key, 40 characters of Z85')

const USAGE = `stui-bridge keys: say what to do: ${Object.keys(TASKS).join(', ')}; keys --help tells more.`

/** Reads what stands behind `keys`. */
export function readKeysTask({ args: [word, ...args], env }: Called): Reading<KeysTask> {
  const called = { args, env }
  switch (word) {
    case 'init':
    case 'list': {
      const reading = readCommandLine(program(word), z.object({ curveKeys: folder }), called)
      return then(reading, ({ curveKeys }) => ({ task: word, folder: curveKeys }))
    }
    case 'new-client': {
      const shape = z.object({ curveKeys: folder, name })
      const reading = readCommandLine(program(word, NAME), shape, called)
      return then(reading, (values) => ({
        task: word,
        folder: values.curveKeys,
        name: values.name,
      }))
    }
    case 'add': {
      const shape = z.object({ curveKeys: folder, name, 'public-key': publicKey })
      const reading = readCommandLine(program(word, NAME, PUBLIC_KEY), shape, called)
      return then(reading, ({ curveKeys, name, 'public-key': key }) => ({
        ...{ task: word, folder: curveKeys, name },
        publicKey: key,
      }))
    }
    case '--help':
      return { kind: 'print', text: help() }
    default:
      return { kind: 'refuse', sentence: USAGE }
  }
}

function program(task: TaskName, ...argument: readonly Argument[]): Program {
  const description = `${TASKS[task].charAt(0).toUpperCase()}${TASKS[task].slice(1)}.`
  const names = argument.map(({ key }) => ` <${key}>`).join('')
  const notes = `Example:\n  stui-bridge keys ${task} --curve-keys ./curve${names}\n`
  return {
    name: `stui-bridge keys ${task}`,
    description,
    settings: [CURVE_SETTING],
    argument,
    notes,
  }
}

function help(): string {
  const lines = Object.entries(TASKS).map(([task, meaning]) => `  ${task.padEnd(12)}${meaning}\n`)
  return `Usage: stui-bridge keys <task> --curve-keys <folder>\n\n${lines.join('')}`
}

function then<Values, Task>(
  reading: Reading<Values>,
  use: (values: Values) => Task
): Reading<Task> {
  return reading.kind === 'run' ? { kind: 'run', values: use(reading.values) } : reading
}
