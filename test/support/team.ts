// A team's directory for tests that move time: on a database of its own, opened again as after a restart.

import * as z from 'zod'
import type { Caller } from '../../src/protocol/call.ts'
import { type CommandNamed, findCommand, type NamesIn } from '../../src/protocol/registry.ts'
import { DEFAULT_LIMITS } from '../../src/session/limits.ts'
import { createDirectory } from '../../src/team/directory.ts'
import { openDirectoryStore } from '../../src/team/directory-store.ts'
import type { SessionSummary } from '../../src/team/report.ts'
import { type FixedClock, fixedClock } from './fixed-clock.ts'
import { type NodeSql, openNodeSql } from './node-sql.ts'

type TeamCommand = NamesIn<'team' | 'client_or_team'>

/** An admin of the whole team. */
export const ADMIN: Caller = { team: 'local', subject: 'enzo', client_ids: [], role: 'admin' }

export function teamHost(
  sql: NodeSql = openNodeSql(),
  clock: FixedClock = fixedClock(),
  isWatched = () => false
) {
  const store = openDirectoryStore(sql, clock.now())
  const directory = createDirectory({ store, clock, limits: DEFAULT_LIMITS, isWatched })

  function ask(
    command: TeamCommand,
    parameters: Readonly<Record<string, unknown>>,
    caller = ADMIN
  ) {
    return directory.execute({ command, parameters, caller }).outcome
  }

  return {
    clock,
    sql,
    directory,
    tell: (client_id: string, ...sessions: SessionSummary[]) =>
      directory.report({ client_id, owner: client_id, sessions }),
    /** Sends a command that must succeed, and reads the result as its declaration says it is. */
    done: <Name extends TeamCommand>(
      command: Name,
      parameters: Readonly<Record<string, unknown>> = {},
      caller = ADMIN
    ) => {
      const outcome = ask(command, parameters, caller)
      if (!outcome.ok) throw new Error(`${command} was refused: ${JSON.stringify(outcome.failure)}`)
      return resultOf(command, outcome.value)
    },
    /** Sends a command that must be refused. */
    refused: (command: TeamCommand, parameters = {}, caller = ADMIN) => {
      const outcome = ask(command, parameters, caller)
      if (outcome.ok) throw new Error(`${command} was not refused`)
      return outcome.failure
    },
    /** Another directory over the same database and clock, as after a restart. */
    reopen: () => teamHost(sql, clock, isWatched),
  }
}

type ResultOf<Name extends TeamCommand> = z.output<CommandNamed<Name>['result']>

/** A member that is not declared is a fault. */
function resultOf<Name extends TeamCommand>(command: Name, text: string): ResultOf<Name> {
  const declaration = findCommand(command)
  if (declaration === undefined) throw new Error(`no such command: ${command}`)
  return z.strictObject(declaration.result.shape).parse(JSON.parse(text)) as ResultOf<Name>
}
