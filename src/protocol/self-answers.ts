// What whoever serves the protocol says of itself, be it the service or a bridge in its place: that it is there, and which
// commands there are.

import { type Outcome, succeed } from '../outcome.ts'
import { VERSION } from '../version.ts'
import type { ResultOf } from './command.ts'
import { type Failure, fail } from './failures.ts'
import { describeCommands } from './reference.ts'
import { type CommandNamed, findCommand, similarCommands } from './registry.ts'

/** The answer to a ping from whoever began to serve at `startedAt`, in epoch milliseconds. */
export function pong(
  message = 'pong',
  { now, startedAt }: { readonly now: number; readonly startedAt: number }
): ResultOf<CommandNamed<'ping'>> {
  const uptime = Math.max(0, now - startedAt) / 1000
  return { message, status: 'ready', uptime, version: VERSION }
}

/** What there is to know of one command, or of all of them. */
export function described(
  command: string | undefined
): Outcome<ReturnType<typeof describeCommands>, Failure> {
  if (command !== undefined && findCommand(command) === undefined) {
    return fail({ reason: 'unknown_command', command, did_you_mean: similarCommands(command) })
  }
  return succeed(describeCommands(command))
}
