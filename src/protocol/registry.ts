// The commands by name, and the types that follow from the list.

import type { Declaration, Scope } from './command.ts'
import { COMMANDS } from './commands/index.ts'

export type Command = (typeof COMMANDS)[number]
export type CommandName = Command['name']
export type CommandNamed<Name extends CommandName> = Extract<Command, { readonly name: Name }>

/** The names of the commands that one scope answers. */
export type NamesIn<Answering extends Scope> = Extract<
  Command,
  { readonly scope: Answering }
>['name']

const BY_NAME: ReadonlyMap<string, Command> = new Map(
  COMMANDS.map((declaration) => [declaration.name, declaration])
)

/** Finds a command by the name that a message carries. */
export function findCommand(name: string): (Command & Declaration) | undefined {
  return BY_NAME.get(name)
}

/** True for a command that opens a session. */
export function makesSession(name: string): boolean {
  return findCommand(name)?.makes_session === true
}

/** True for a command that shows a session and changes nothing of it but its lease. */
export function onlyLooks(name: string): boolean {
  return findCommand(name)?.looks === true
}

/** Names of commands that differ from `name` by at most a third of its letters, the nearest first. */
export function similarCommands(name: string): string[] {
  const asked = name.slice(0, 64).toLowerCase()
  return [...BY_NAME.keys()]
    .map((known) => ({ known, distance: editDistance(asked, known) }))
    .filter(({ known, distance }) => distance <= Math.ceil(known.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 2)
    .map(({ known }) => known)
}

/** Levenshtein distance of two short words. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substituted))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}
