// Brings a read message to whoever answers its scope: the client's object, the team's directory, or the service.

import type { Principal } from '../access/principal.ts'
import { locate } from '../client-object/locate.ts'
import { clientObject } from '../client-object/stub.ts'
import type { Clock } from '../clock.ts'
import type { Env, Settings } from '../env.ts'
import type { Acknowledged, Call, Caller, Reply } from '../protocol/call.ts'
import { type Declaration, parseParameters, unknownParameters } from '../protocol/command.ts'
import type { Failure } from '../protocol/failures.ts'
import type { JsonText } from '../protocol/json-text.ts'
import type { Message } from '../protocol/message.ts'
import { type findCommand, type NamesIn, similarCommands } from '../protocol/registry.ts'
import { teamDirectory } from '../team/stub.ts'
import type { Verify } from './authenticate.ts'
import { cleanTeam } from './clean-team.ts'
import { mayNameClient, mayUseCommand } from './may-use.ts'
import { type Paced, refused, turnedAway } from './refused.ts'
import { answerService } from './service.ts'

/** What answering a message takes. */
export type Scene = {
  readonly env: Env
  readonly settings: Settings
  readonly principal: Principal
  /** For a token inside the message. */
  readonly verify: Verify
  readonly clock: Clock
  readonly startedAt: number
  readonly request_id: string
  /** The network address of who asks. */
  readonly from: string
  /** The commands that are served. */
  readonly find: typeof findCommand
  readonly paced: Paced
}

/** A message as it was delivered. */
export type Delivered = {
  readonly message: Message
  readonly id: JsonText
  /** A bridge's name for the delivery. */
  readonly deliveryId: string | undefined
  /** What a bridge says of work that it acknowledged before. */
  readonly acknowledged?: Acknowledged | undefined
}

/** Answers one message. Everything that can be refused is refused before an object is touched. */
export async function dispatch(
  scene: Scene,
  { message, id, deliveryId, acknowledged }: Delivered
): Promise<Reply> {
  const command = scene.find(message.command)
  if (command === undefined) return turnedAway(scene, unknownCommand(message.command))
  const may = mayUseCommand(command as Declaration, scene.principal)
  if (!may.ok) return turnedAway(scene, may.failure)
  const parsed = parseParameters<Declaration>(command, message.parameters)
  if (!parsed.ok) return turnedAway(scene, parsed.failure)
  const warnings = ignored(unknownParameters(command, message.parameters))
  const call: Call = {
    command: command.name,
    parameters: parsed.value,
    caller: callerOf(scene),
    from: scene.from,
    request_id: scene.request_id,
    message_id: id,
    ...(message.idempotencyKey !== undefined && { idempotency_key: message.idempotencyKey }),
    ...(deliveryId !== undefined && { delivery_id: deliveryId }),
    ...(acknowledged !== undefined && { acknowledged }),
  }
  const reply = await answered(scene, command, call, message.authToken)
  return { ...reply, warnings: [...warnings, ...reply.warnings] }
}

/** What an object needs to know of who asks. Without authentication no subscription changes the operator's limits. */
export function callerOf({ principal, settings }: Scene): Caller {
  const { team, subject, client_ids, role, tier, expires_at } = principal
  return {
    team,
    subject,
    client_ids,
    role,
    ...(settings.auth.mode !== 'off' && { tier }),
    ...(expires_at !== undefined && { token_expires_at: expires_at }),
  }
}

async function answered(
  scene: Scene,
  command: NonNullable<ReturnType<typeof findCommand>>,
  call: Call,
  authToken: string | undefined
): Promise<Reply> {
  const isForTeam = call.parameters.scope === 'team'
  switch (command.scope) {
    case 'client':
    case 'client_or_team':
    case 'client_or_each': {
      if (isForTeam && command.scope === 'client_or_team') return askTeam(scene, call)
      if (isForTeam && command.scope === 'client_or_each') {
        return unlessTooOften(scene, () => EACH[command.name](scene, call))
      }
      const route = locate(call.command, call.parameters, call.caller.team, scene.settings)
      if (!route.ok) return turnedAway(scene, route.failure)
      const may = mayNameClient(call.command, call.parameters.client_id, scene.principal)
      if (!may.ok) return turnedAway(scene, may.failure)
      return clientObject(scene.env, route.value).execute(call)
    }
    case 'team':
      return askTeam(scene, call)
    case 'service':
      return unlessTooOften(scene, async () => ({
        outcome: await answerService(command.name, call.parameters, {
          ...scene,
          authToken,
          clients: scene.settings.limits.clients,
        }),
        replayed: false,
        warnings: [],
      }))
  }
}

/** Asks each client's object; the compiler demands each command of that scope. */
const EACH: { readonly [Name in NamesIn<'client_or_each'>]: typeof cleanTeam } = {
  cleanup_image_sessions: cleanTeam,
}

/** Does what no object counts, if there is a token left for it. */
async function unlessTooOften({ paced }: Scene, work: () => Promise<Reply>): Promise<Reply> {
  const wait = paced()
  return wait === undefined ? work() : refused(wait)
}

function askTeam({ env }: Scene, call: Call): Promise<Reply> {
  return teamDirectory(env, call.caller.team).execute(call)
}

function unknownCommand(command: string): Failure {
  return {
    reason: 'unknown_command',
    command: command.slice(0, 64).toWellFormed(),
    did_you_mean: similarCommands(command),
  }
}

/** Unknown parameters that a reply names. */
const MOST_NAMED = 20

function ignored(names: readonly string[]): string[] {
  const named = names
    .slice(0, MOST_NAMED)
    .map((name) => `Unknown parameter ${name.slice(0, 64).toWellFormed()} was ignored.`)
  const others = names.length - named.length
  return others === 0 ? named : [...named, `${others} more unknown parameters were ignored.`]
}
