// One client of the demo: sends messages over its REQ socket, shows them and their answers.

import * as z from 'zod'
import {
  asJsonText,
  type JsonText,
  objectText,
  outline,
  toJsonText,
} from '../../../src/protocol/json-text.ts'
import { connectReq } from '../req-client.ts'
import type { Show } from './show.ts'
import type { Components } from './states.ts'

const envelope = z.looseObject({
  status: z.enum(['success', 'error']),
  error: z.string().optional(),
  error_code: z.string().optional(),
  result: z
    .looseObject({ session_id: z.string().optional(), revision: z.number().optional() })
    .optional(),
  recovery: z
    .array(
      z.object({
        label: z.string(),
        command: z.string(),
        parameters: z.record(z.string(), z.unknown()),
      })
    )
    .default([]),
})

export type Answer = z.infer<typeof envelope> & {
  /** A member of the result in the spelling in which it came. */
  textOf(name: string): JsonText | undefined
}

export type Player = {
  readonly clientId: string
  /** Sends a command; `components` go into its parameters letter by letter. */
  ask(
    command: string,
    parameters: Record<string, unknown>,
    components?: Components
  ): Promise<Answer>
  /** Drops the connection and opens a new one, as a TUI that was restarted. */
  reconnect(): void
  leave(): void
}

/** The demo cannot go on. */
export class DemoFailed extends Error {
  override readonly name = 'DemoFailed'
}

/** The TUI gives up after this time. */
const PATIENCE_MS = 5000

export function createPlayer(clientId: string, endpoint: string, show: Show): Player {
  let client = connectReq(endpoint, PATIENCE_MS)
  let sent = 0

  async function ask(
    command: string,
    parameters: Record<string, unknown>,
    components: Components = {}
  ): Promise<Answer> {
    sent += 1
    const given = Object.entries(parameters).map(
      ([name, value]) => [name, toJsonText(value)] as const
    )
    const all = objectText([...given, ...Object.entries(components)])
    show.message(clientId, `${command} ${all}`)
    const reply = await client.ask(
      objectText([
        ['id', toJsonText(`${clientId}-${sent}`)],
        ['command', toJsonText(command)],
        ['parameters', all],
      ])
    )
    if (reply === undefined) throw new DemoFailed(`${clientId} got no answer to ${command}.`)
    const answer = readAnswer(reply)
    show.answer(clientId, inShort(answer, reply), answer.status === 'success')
    return answer
  }

  return {
    clientId,
    ask,
    reconnect: () => {
      client.close()
      client = connectReq(endpoint, PATIENCE_MS)
    },
    leave: () => client.close(),
  }
}

function readAnswer(reply: string): Answer {
  return {
    ...envelope.parse(JSON.parse(reply)),
    textOf: (name) => members(reply, 'result').get(name),
  }
}

function members(reply: string, name: string): ReadonlyMap<string, JsonText> {
  const whole = asJsonText(reply)
  const inner = whole === undefined ? undefined : outline(whole).members.get(name)
  return inner === undefined ? new Map() : outline(inner).members
}

function inShort({ status, error, error_code, recovery }: Answer, reply: string): string {
  if (status === 'success')
    return `success ${objectText([...members(reply, 'result')].filter(isTelling))}`
  const ways = recovery.map(({ label }) => label).join('; ')
  return `${error_code}: ${error}${ways === '' ? '' : ` [${ways}]`}`
}

const NOT_TELLING =
  /^(expires_at|last_modified|time_until_expiry|capabilities|client_isolation|client_specific_data|max_concurrent_clients)$/

/** What stays empty, and what is the same every time, is not shown. */
function isTelling([name, text]: readonly [string, JsonText]): boolean {
  return !NOT_TELLING.test(name) && !['""', '{}', '[]'].includes(text)
}
