// What the bridge answers itself while the service is away, since it knows it as well: that somebody is there, and which
// commands there are. Nothing of anybody's sessions.

import { type Clock, isoTime } from '../../src/clock.ts'
import { type Outcome, succeed } from '../../src/outcome.ts'
import { type JsonObject, parseParameters } from '../../src/protocol/command.ts'
import { describe } from '../../src/protocol/commands/describe.ts'
import { ping } from '../../src/protocol/commands/ping.ts'
import { type Failure, fail } from '../../src/protocol/failures.ts'
import { toJsonText } from '../../src/protocol/json-text.ts'
import { describeCommands } from '../../src/protocol/reference.ts'
import { findCommand, similarCommands } from '../../src/protocol/registry.ts'
import { successReply } from '../../src/protocol/reply.ts'
import { VERSION } from '../../src/version.ts'
import type { Request } from '../request.ts'
import type { UpstreamReply } from '../upstream.ts'

/** Gives the answer to a message, or why it is refused; undefined if it is not for the bridge itself to answer. */
export type OwnAnswers = (
  request: Pick<Request, 'id' | 'dialect' | 'message'>,
  requestId: string
) => Outcome<UpstreamReply, Failure> | undefined

const WARNING = 'The session service cannot be reached: the bridge has answered in its place.'

export function createOwnAnswers(clock: Clock): OwnAnswers {
  const startedAt = clock.now()

  function resultOf(command: string, given: JsonObject): Outcome<object, Failure> | undefined {
    switch (command) {
      case ping.name:
        return pong(given)
      case describe.name:
        return described(given)
      default:
        return undefined
    }
  }

  function pong(given: JsonObject): Outcome<object, Failure> {
    const parsed = parseParameters(ping, given)
    if (!parsed.ok) return parsed
    const { message = 'pong' } = parsed.value
    const uptime = Math.max(0, clock.now() - startedAt) / 1000
    return succeed({ message, status: 'ready', uptime, version: VERSION })
  }

  return ({ id, dialect, message }, request_id) => {
    const result = resultOf(message.command, message.parameters)
    if (result?.ok !== true) return result
    const text = successReply({
      ...{ id, dialect, result: toJsonText(result.value) },
      timestamp: isoTime(clock.now()),
      meta: { request_id, source: 'bridge', warnings: [WARNING] },
    })
    return succeed({ bytes: Buffer.from(text), outcome: 'success' })
  }
}

function described(given: JsonObject): Outcome<object, Failure> {
  const parsed = parseParameters(describe, given)
  if (!parsed.ok) return parsed
  const { command } = parsed.value
  if (command !== undefined && findCommand(command) === undefined) {
    return fail({ reason: 'unknown_command', command, did_you_mean: similarCommands(command) })
  }
  return succeed(describeCommands(command))
}
