// `stui-bridge config`: shows every setting that would count, and where it comes from; with --example a settings file to
// begin with. Shows no secret, and nothing that might be one.

import { existsSync } from 'node:fs'
import * as z from 'zod'
import { NONE } from '../access-settings.ts'
import {
  type Effective,
  explainCommandLine,
  NO,
  type Program,
  type Reading,
  readCommandLine,
  YES,
} from '../command-line.ts'
import { type Config, RUN, readConfig } from '../config.ts'
import type { CalledWithFile } from './settings-file.ts'
import { JSON_SETTING } from './status.ts'
import { TOKEN_VARIABLE } from './variables.ts'

/** A setting as it is shown. */
export type Shown = {
  /** The flag; the variable where there is none. */
  readonly setting: string
  readonly value: string
  /** `flag`, `default`, `settings file`, or the name of the variable. */
  readonly from: string
}

export type ShowConfig =
  | { readonly show: 'settings'; readonly json: boolean; readonly shown: readonly Shown[] }
  | { readonly show: 'example' }

const OWN = [
  JSON_SETTING,
  {
    key: 'example',
    flag: '--example',
    meaning: 'prints a settings file with everything in it that can be said, commented',
    fallback: NO,
  },
]

const PROGRAM: Program = {
  name: 'stui-bridge config',
  description: 'Shows every setting that would count if the bridge were started like this.',
  settings: [...RUN.settings, ...OWN],
  notes: `A flag counts before the environment, the environment before the file of --settings, the file before the default.

Examples:
  stui-bridge config --settings ./bridge.env
  stui-bridge config --example > ./bridge.env
`,
}

const schema = z.object({ json: z.enum([NO, YES]), example: z.enum([NO, YES]) })

/** Reads how it was called; settings that are wrong are refused as `run` refuses them. */
export function readShowConfig(
  called: CalledWithFile & { readonly isTerminal: boolean }
): Reading<ShowConfig> {
  const own = readCommandLine(PROGRAM, schema, called)
  if (own.kind !== 'run') return own
  if (own.values.example === YES) return { kind: 'run', values: { show: 'example' } }
  const config = readConfig(called, PROGRAM)
  if (config.kind !== 'run') return config
  const effective = explainCommandLine(PROGRAM, called)
  if (effective.kind !== 'run') return effective
  const shown = effective.values
    .filter(({ setting }) => !OWN.includes(setting))
    .map((one) => shownOf(withResolved(one, config.values), called.fromFile))
  const json = own.values.json === YES
  return {
    kind: 'run',
    values: { show: 'settings', json, shown: [...shown, tokenOf(called)] },
  }
}

export async function showConfig(config: ShowConfig): Promise<void> {
  process.stdout.write(config.show === 'example' ? exampleFile() : textOf(config))
}

function textOf({ json, shown }: Extract<ShowConfig, { show: 'settings' }>): string {
  if (json) return `${JSON.stringify(shown)}\n`
  const columns = [{ setting: 'Setting', value: 'Value', from: 'From' }, ...shown]
  const width = (key: 'setting' | 'value') => Math.max(...columns.map((row) => row[key].length)) + 2
  const [first, second] = [width('setting'), width('value')]
  return columns
    .map(({ setting, value, from }) => `${setting.padEnd(first)}${value.padEnd(second)}${from}\n`)
    .join('')
}

function shownOf({ setting, value, from }: Effective, fromFile: ReadonlySet<string>): Shown {
  const { key, flag, env = '' } = setting
  const isFile = key === 'tokenFile' && value !== NONE
  return {
    setting: flag,
    // Somebody may have given the token in the place of its file.
    value: isFile && !existsSync(value) ? 'not shown: no file has this name' : value,
    from: from === 'environment' ? sourceOf(env, fromFile) : from,
  }
}

/** A default that depends on others is shown as what it comes to. */
function withResolved(one: Effective, { replica, events, log }: Config): Effective {
  switch (one.setting.key) {
    case 'data':
      return { ...one, value: replica?.folder ?? NONE }
    case 'events':
      return { ...one, value: events?.endpoint ?? NONE }
    case 'logFormat':
      return { ...one, value: log.format }
    default:
      return one
  }
}

function tokenOf({ env, fromFile }: CalledWithFile): Shown {
  const isGiven = Boolean(env[TOKEN_VARIABLE])
  return {
    setting: TOKEN_VARIABLE,
    value: isGiven ? 'given, not shown' : NONE,
    from: isGiven ? sourceOf(TOKEN_VARIABLE, fromFile) : 'default',
  }
}

function sourceOf(name: string, fromFile: ReadonlySet<string>): string {
  return fromFile.has(name) ? `settings file (${name})` : name
}

/** Every variable with its meaning and default, ready to be changed. */
function exampleFile(): string {
  const variables = RUN.settings.filter(({ env, key }) => env !== undefined && key !== 'settings')
  const lines = variables.map(({ env, meaning, fallback }) => {
    const value = /^\S+$/.test(fallback) ? fallback : ''
    return `# ${sentence(meaning)}\n# Default: ${fallback}.\n#${env}=${value}\n`
  })
  return `# Settings of stui-bridge: stui-bridge run --settings <this file>. A line counts once its # is taken away.\n\n${lines.join('\n')}`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
