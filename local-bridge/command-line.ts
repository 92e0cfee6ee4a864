// Reads how a program was called: flags before environment before defaults, checked by a schema.
// Pure: arguments and environment come in, what to do comes out.

import { Command, CommanderError } from 'commander'
import * as z from 'zod'
import { VERSION } from '../src/version.ts'

export type Setting = {
  /** As the schema names it; the flag's own name in camelCase. */
  readonly key: string
  readonly flag: string
  /** What stands behind the flag; absent for a flag that is said or not, and reads as `yes` or `no`. */
  readonly placeholder?: string
  /** True if the flag may be said several times; it reads as all its values with commas between them. */
  readonly repeats?: true
  /** What the flag reads as when it is said without its value; absent for a flag that needs one. */
  readonly bare?: string
  /** True if `--no-` before the flag's name says `none`. */
  readonly canBeNone?: true
  /** The environment variable that says the same. */
  readonly env?: string
  readonly meaning: string
  readonly fallback: string
}

export type Argument = {
  readonly key: string
  readonly meaning: string
  /** True if it takes all words from there on; it reads as all of them with commas between. */
  readonly repeats?: true
}

export type Program = {
  readonly name: string
  readonly description: string
  readonly settings: readonly Setting[]
  /** The words that stand behind the flags, if the program takes any. */
  readonly argument?: Argument | readonly Argument[]
  /** Lines below the options of --help. */
  readonly notes: string
}

export type Called = {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
}

export type Reading<Values> =
  | { readonly kind: 'run'; readonly values: Values }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'refuse'; readonly sentence: string }

type Flags = Readonly<Record<string, string | boolean | undefined>>

/** Gives the checked settings, a text to print, or one sentence that says what is wrong. */
export function readCommandLine<Schema extends z.ZodObject>(
  program: Program,
  schema: Schema,
  { args, env }: Called
): Reading<z.infer<Schema>> {
  const parsed = readFlags(program, args)
  if (parsed.kind !== 'flags') return parsed
  const { flags, words } = parsed
  const given: Record<string, string | undefined> = {}
  for (const { key, env: name, fallback, bare = YES } of program.settings) {
    given[key] = said(flags[key], bare) ?? ((name !== undefined && env[name]) || fallback)
  }
  for (const [index, { key, repeats }] of argumentsOf(program).entries()) {
    given[key] = repeats ? words.slice(index).join() : words[index]
  }
  const checked = schema.safeParse(given)
  if (checked.success) return { kind: 'run', values: checked.data }
  return refuse(program, sentenceFor(program, checked.error, { flags, env }))
}

/** A setting as it would count. */
export type Effective = {
  readonly setting: Setting
  readonly value: string
  readonly from: 'flag' | 'environment' | 'default'
}

/** Gives what each setting says and who says it, unchecked. */
export function explainCommandLine(
  program: Program,
  { args, env }: Called
): Reading<readonly Effective[]> {
  const parsed = readFlags(program, args)
  if (parsed.kind !== 'flags') return parsed
  const values = program.settings.map((setting): Effective => {
    const flag = said(parsed.flags[setting.key], setting.bare ?? YES)
    if (flag !== undefined) return { setting, value: flag, from: 'flag' }
    const variable = setting.env === undefined ? undefined : env[setting.env]
    if (variable) return { setting, value: variable, from: 'environment' }
    return { setting, value: setting.fallback, from: 'default' }
  })
  return { kind: 'run', values }
}

/** What a flag without a value reads as when it is said, and otherwise. */
export const YES = 'yes'
export const NO = 'no'

/** What a flag reads as that was taken back with `--no-`. */
const NOTHING = 'none'

function said(flag: string | boolean | undefined, bare: string): string | undefined {
  if (flag === undefined || typeof flag === 'string') return flag
  return flag ? bare : NOTHING
}

/** What a choice of some words is refused with. */
export function choice<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: ({ input }) => `must be ${oneOf(words)}, not "${input}"` })
}

/** The words as a person lists them. */
export function oneOf(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

function readFlags(
  program: Program,
  args: readonly string[]
): Exclude<Reading<never>, { kind: 'run' }> | { kind: 'flags'; flags: Flags; words: string[] } {
  const written: string[] = []
  const command = createCommand(program, (text) => written.push(text))
  try {
    command.parse([...args], { from: 'user' })
    return { kind: 'flags', flags: command.opts(), words: command.args }
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'print', text: written.join('') }
    return refuse(program, `${withoutValue(error)}; --help shows the options`)
  }
}

function createCommand(program: Program, write: (text: string) => void): Command {
  const command = new Command(program.name)
    .description(program.description)
    .version(VERSION)
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {} })
    .addHelpText('after', `\n${program.notes}`)
  for (const { key, meaning, repeats } of argumentsOf(program)) {
    command.argument(repeats ? `<${key}...>` : `<${key}>`, meaning)
  }
  for (const setting of program.settings) {
    const { flag, placeholder, bare, repeats, canBeNone, meaning, env, fallback } = setting
    const twin = env === undefined ? '' : `${env}; `
    const named = bare === undefined ? `<${placeholder}>` : `[${placeholder}]`
    const value = placeholder === undefined ? '' : ` ${named}`
    const sentence = `${meaning} (${twin}default: ${fallback})`
    if (repeats) command.option(`${flag}${value}`, sentence, joined)
    else command.option(`${flag}${value}`, sentence)
    if (canBeNone) command.option(flag.replace('--', '--no-'), `the same as ${flag} ${NOTHING}`)
  }
  return command
}

function joined(value: string, before?: string): string {
  return before === undefined ? value : `${before},${value}`
}

type Given = { readonly flags: Flags; readonly env: Called['env'] }

function sentenceFor(program: Program, error: z.ZodError, { flags, env }: Given): string {
  const [issue] = error.issues
  const key = issue?.path[0]
  const argument = argumentsOf(program).find((candidate) => candidate.key === key)
  if (argument !== undefined) return `<${argument.key}> ${issue?.message}`
  const setting = program.settings.find((candidate) => candidate.key === key)
  // Where nobody said anything, the flag is what to say.
  const isFlag = setting?.env === undefined || flags[setting.key] !== undefined || !env[setting.env]
  return `${isFlag ? setting?.flag : setting.env} ${issue?.message}`
}

/** What was given in the wrong place is not repeated: it may be a secret. */
function withoutValue({ message }: CommanderError): string {
  return message
    .replace(/^error: /, '')
    .replace(/^(unknown option '-*[^'=]{0,32})[^']*'/, "$1'")
    .replace(/^(too many arguments[^:]*).*/s, '$1')
}

function argumentsOf({ argument = [] }: Program): readonly Argument[] {
  return 'key' in argument ? [argument] : argument
}

function refuse({ name }: Program, sentence: string) {
  return { kind: 'refuse', sentence: `${name}: ${sentence}.` } as const
}
