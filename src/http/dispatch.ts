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
import { answerService } from './service.ts'

/** What answering a message takes. */
export type Scene = {
  readonly env: Env
  readonly settings: Settings
  readonly principal: Principal
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
  const parsed = parseParameters<Declaration>(command, message.parameters)
  if (!parsed.ok) return refused(parsed.failure)
  const warnings = unknownParameters(command, message.parameters).map(ignored)
  const call: Call = {
    command: command.name,
    parameters: parsed.value,
    caller: callerOf(scene.principal),
    request_id: scene.request_id,
    message_id: id,
    ...(message.idempotencyKey !== undefined && { idempotency_key: message.idempotencyKey }),
    ...(deliveryId !== undefined && { delivery_id: deliveryId }),
  }
  const reply = await answered(scene, command, call)
  return { ...reply, warnings: [...warnings, ...reply.warnings] }
}

/** What an object needs to know of who asks. */
function callerOf({ team, subject, client_ids }: Principal): Caller {
  return { team, subject, client_ids }
}

async function answered(
  scene: Scene,
  command: NonNullable<ReturnType<typeof findCommand>>,
  call: Call
): Promise<Reply> {
  switch (command.scope) {
    case 'client': {
      const route = locate(call.command, call.parameters, call.caller.team, scene.settings)
      return route.ok ? clientObject(scene.env, route.value).execute(call) : refused(route.failure)
    }
    case 'team':
      return teamDirectory(scene.env, call.caller.team).execute(call)
    case 'service':
      return {
        outcome: answerService(command.name, call.parameters, scene),
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
