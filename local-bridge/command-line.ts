// Reads how a program was called: flags before environment before defaults, checked by a schema.
// Pure: arguments and environment come in, what to do comes out.

import { Command, CommanderError } from 'commander'
import * as z from 'zod'
import { VERSION } from '../src/version.ts'

export type Setting = {
  /** As the schema names it; the flag's own name in camelCase. */
  readonly key: string
  readonly flag: string
  readonly placeholder: string
  /** The environment variable that says the same. */
  readonly env?: string
  readonly meaning: string
  readonly fallback: string
}

export type Program = {
  readonly name: string
  readonly description: string
  readonly settings: readonly Setting[]
  /** The one word that stands behind the flags, if the program takes one. */
  readonly argument?: { readonly key: string; readonly meaning: string }
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

type Flags = Readonly<Record<string, string | undefined>>

/** Gives the checked settings, a text to print, or one sentence that says what is wrong. */
export function readCommandLine<Schema extends z.ZodObject>(
  program: Program,
  schema: Schema,
  { args, env }: Called
): Reading<z.infer<Schema>> {
  const parsed = readFlags(program, args)
  if (parsed.kind !== 'flags') return parsed
  const { flags, word } = parsed
  const given: Record<string, string | undefined> = {}
  for (const { key, env: name, fallback } of program.settings) {
    given[key] = flags[key] ?? ((name !== undefined && env[name]) || fallback)
  }
  if (program.argument !== undefined) given[program.argument.key] = word
  const checked = schema.safeParse(given)
  if (checked.success) return { kind: 'run', values: checked.data }
  return refuse(program, sentenceFor(program, checked.error, flags))
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
): Exclude<Reading<never>, { kind: 'run' }> | { kind: 'flags'; flags: Flags; word?: string } {
  const written: string[] = []
  const command = createCommand(program, (text) => written.push(text))
  try {
    command.parse([...args], { from: 'user' })
    const [word] = command.args
    return { kind: 'flags', flags: command.opts(), ...(word !== undefined && { word }) }
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'print', text: written.join('') }
    return refuse(program, `${error.message.replace(/^error: /, '')}; --help shows the options`)
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
  const { argument, settings } = program
  if (argument !== undefined) command.argument(`<${argument.key}>`, argument.meaning)
  for (const { flag, placeholder, meaning, env, fallback } of settings) {
    const twin = env === undefined ? '' : `${env}; `
    command.option(`${flag} <${placeholder}>`, `${meaning} (${twin}default: ${fallback})`)
  }
  return command
}

function sentenceFor({ settings, argument }: Program, error: z.ZodError, flags: Flags): string {
  const [issue] = error.issues
  const key = issue?.path[0]
  if (key === argument?.key) return `<${argument?.key}> ${issue?.message}`
  const setting = settings.find((candidate) => candidate.key === key)
  const isFlag = setting?.env === undefined || flags[setting.key] !== undefined
  return `${isFlag ? setting?.flag : setting.env} ${issue?.message}`
}

function refuse({ name }: Program, sentence: string) {
  return { kind: 'refuse', sentence: `${name}: ${sentence}.` } as const
}
