// Commands of scope `service`: answered in place, without any object.

import type { Clock } from '../clock.ts'
import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import type { JsonObject, ParametersOf, ResultOf } from '../protocol/command.ts'
import type { Failure } from '../protocol/failures.ts'
import { type JsonText, toJsonText } from '../protocol/json-text.ts'
import type { CommandNamed, NamesIn } from '../protocol/registry.ts'
import { described, pong } from '../protocol/self-answers.ts'
import { type AccessQuestion, validateFeatureAccess } from './validate-feature-access.ts'

export type ServiceContext = AccessQuestion & { readonly clock: Clock; readonly startedAt: number }

type Eventually<Value> = Value | Promise<Value>

type ServiceHandlers = {
  readonly [Name in NamesIn<'service'>]: (
    parameters: ParametersOf<CommandNamed<Name>>,
    context: ServiceContext
  ) => Eventually<Outcome<ResultOf<CommandNamed<Name>>, Failure>>
}

const SERVICE_HANDLERS: ServiceHandlers = {
  validate_feature_access: validateFeatureAccess,

  describe: ({ command }) => described(command),

  ping: ({ message }, { clock, startedAt }) =>
    succeed(pong(message, { now: clock.now(), startedAt })),
}

/** Answers a service command; its parameters were parsed by its declaration. */
export async function answerService(
  name: NamesIn<'service'>,
  parameters: JsonObject,
  context: ServiceContext
): Promise<Outcome<JsonText, Failure>> {
  const outcome = await SERVICE_HANDLERS[name](parameters as never, context)
  return outcome.ok ? succeed(toJsonText(outcome.value)) : outcome
}
