// What a handler of the team's directory works with.

import type { Outcome } from '../outcome.ts'
import type { Caller } from '../protocol/call.ts'
import type { ParametersOf, ResultOf } from '../protocol/command.ts'
import type { Failure } from '../protocol/failures.ts'
import type { CommandNamed, NamesIn } from '../protocol/registry.ts'
import type { Limits } from '../session/limits.ts'
import type { BridgeRoll } from './bridge-roll.ts'
import type { DirectoryStore } from './directory-store.ts'
import type { TeamEvents } from './events.ts'
import type { TeamImages } from './team-images.ts'

export type TeamContext = {
  readonly store: DirectoryStore
  readonly limits: Limits
  readonly images: TeamImages
  readonly bridges: BridgeRoll
  readonly events: TeamEvents
  readonly caller: Caller
  readonly now: number
}

export type TeamCommand = NamesIn<'team' | 'client_or_team'>

export type TeamHandler<Name extends TeamCommand> = (
  parameters: ParametersOf<CommandNamed<Name>>,
  context: TeamContext
) => Outcome<ResultOf<CommandNamed<Name>>, Failure>

/** The handlers of all commands of a team; the compiler demands each. */
export type TeamHandlers = { readonly [Name in TeamCommand]: TeamHandler<Name> }
