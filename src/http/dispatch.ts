// Brings a read message to whoever answers its scope: the client's object, the team's directory, or the service.

import type { Principal } from '../access/principal.ts'
import { locate } from '../client-object/locate.ts'
import { clientObject } from '../client-object/stub.ts'
import type { Clock } from '../clock.ts'
import type { Env, Settings } from '../env.ts'
import type { Call, Caller, Reply } from '../protocol/call.ts'
import { type Declaration, parseParameters, unknownParameters } from '../protocol/command.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import type { JsonText } from '../protocol/json-text.ts'
import type { Message } from '../protocol/message.ts'
import { findCommand, similarCommands } from '../protocol/registry.ts'
import { teamDirectory } from '../team/stub.ts'
import type { Verify } from './authenticate.ts'
import { mayNameClient, mayUseCommand } from './may-use.ts'
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
}

/** A message as it was delivered. */
export type Delivered = {
  readonly message: Message
  readonly id: JsonText
  /** A bridge's name for the delivery. */
  readonly deliveryId: string | undefined
}

/** Answers one message. Everything that can be refused is refused before an object is touched. */
export async function dispatch(
  scene: Scene,
  { message, id, deliveryId }: Delivered
): Promise<Reply> {
  const command = findCommand(message.command)
  if (command === undefined) return refused(unknownCommand(message.command))
  const may = mayUseCommand(command as Declaration, scene.principal)
  if (!may.ok) return refused(may.failure)
  const parsed = parseParameters<Declaration>(command, message.parameters)
  if (!parsed.ok) return refused(parsed.failure)
  const warnings = unknownParameters(command, message.parameters).map(ignored)
  const call: Call = {
    command: command.name,
    parameters: parsed.value,
    caller: callerOf(scene),
    request_id: scene.request_id,
    message_id: id,
    ...(message.idempotencyKey !== undefined && { idempotency_key: message.idempotencyKey }),
    ...(deliveryId !== undefined && { delivery_id: deliveryId }),
  }
  const reply = await answered(scene, command, call, message.authToken)
  return { ...reply, warnings: [...warnings, ...reply.warnings] }
}

/** What an object needs to know of who asks. Without authentication no subscription changes the operator's limits. */
function callerOf({ principal, settings }: Scene): Caller {
  const { team, subject, client_ids, tier } = principal
  return { team, subject, client_ids, ...(settings.auth.mode !== 'off' && { tier }) }
}

async function answered(
  scene: Scene,
  command: NonNullable<ReturnType<typeof findCommand>>,
  call: Call,
  authToken: string | undefined
): Promise<Reply> {
  switch (command.scope) {
    case 'client': {
      const route = locate(call.command, call.parameters, call.caller.team, scene.settings)
      if (!route.ok) return refused(route.failure)
      const may = mayNameClient(call.command, call.parameters.client_id, scene.principal)
      return may.ok ? clientObject(scene.env, route.value).execute(call) : refused(may.failure)
    }
    case 'team':
      return teamDirectory(scene.env, call.caller.team).execute(call)
    case 'service':
      return {
        outcome: await answerService(command.name, call.parameters, {
          ...scene,
          authToken,
          clients: scene.settings.limits.clients,
        }),
        replayed: false,
        warnings: [],
      }
  }
}

function unknownCommand(command: string): Failure {
  return {
    reason: 'unknown_command',
    command: command.slice(0, 64).toWellFormed(),
    did_you_mean: similarCommands(command),
  }
}

function ignored(name: string): string {
  return `Unknown parameter ${name.slice(0, 64).toWellFormed()} was ignored.`
}

function refused(failure: Failure): Reply {
  return { outcome: fail(failure), replayed: false, warnings: [] }
}
