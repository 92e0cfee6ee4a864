// The settings file: lines NAME=value with the variables of the environment, for those who do not start the bridge by hand.
// systemd and containers read the same format. A variable of the environment counts before it.

import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import type { Outcome } from '../../src/outcome.ts'
import { succeed } from '../../src/outcome.ts'
import { NONE } from '../access-settings.ts'
import type { Called, Setting } from '../command-line.ts'
import { readPrivateFile } from '../private-file.ts'

const FLAG = '--settings'
const VARIABLE = 'STUI_SETTINGS'

export const SETTINGS_FILE_SETTING: Setting = {
  key: 'settings',
  flag: FLAG,
  placeholder: 'file',
  env: VARIABLE,
  meaning: 'file with such variables, one NAME=value a line',
  fallback: NONE,
}

/** A secret among them makes the whole file one. */
const SECRET = 'STUI_TOKEN'

/** A call whose environment holds what the file says, and which variables those are. */
export type CalledWithFile = Called & { readonly fromFile: ReadonlySet<string> }

/** Puts the settings file, if one is named, below the environment; the failure is one clause. */
export function withSettingsFile(
  { args, env }: Called,
  known: ReadonlySet<string>
): Outcome<CalledWithFile, string> {
  const path = named(args) ?? env[VARIABLE]
  if (path === undefined || path === '' || path === NONE) {
    return succeed({ args, env, fromFile: new Set() })
  }
  const file = read(path)
  if (!file.ok) return { ok: false, failure: `the settings file ${file.failure}` }
  const stranger = Object.keys(file.value).find((name) => !known.has(name))
  if (stranger !== undefined) {
    // A line without a name may be a secret that was pasted.
    const name = /^STUI_[A-Z_]{1,40}$/.test(stranger) ? stranger : 'something'
    return {
      ok: false,
      failure: `the settings file says ${name}, which is no setting: stui-bridge config --example shows all`,
    }
  }
  const taken = Object.entries(file.value).filter(([name]) => !env[name])
  return succeed({
    args,
    env: { ...env, ...Object.fromEntries(taken) },
    fromFile: new Set(taken.map(([name]) => name)),
  })
}

/** It is needed before the other flags are read. */
function named(args: readonly string[]): string | undefined {
  const index = args.findLastIndex((arg) => arg === FLAG || arg.startsWith(`${FLAG}=`))
  const arg = args[index]
  return arg === FLAG ? args[index + 1] : arg?.slice(FLAG.length + 1)
}

function read(path: string): Outcome<NodeJS.Dict<string>, string> {
  const text = contentOf(path)
  if (!text.ok) return text
  const values = parseEnv(text.value)
  if (!values[SECRET]) return succeed(values)
  const secret = readPrivateFile(path)
  return secret.ok ? succeed(values) : { ok: false, failure: `holds a token and ${secret.failure}` }
}

function contentOf(path: string): Outcome<string, string> {
  try {
    return succeed(readFileSync(path, 'utf8'))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
    return { ok: false, failure: `cannot be read (${code})` }
  }
}
