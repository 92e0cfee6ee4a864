// Sends what the TUI sends, in dialect A or in dialect C, and reads the answers of both alike.

import { isObjectText, type JsonText, outline } from '../../src/protocol/json-text.ts'
import { type Dialect, heard, inDialect, type Members } from './fixtures.ts'

/** The dialects that the TUI speaks. */
export const TUI_DIALECTS = ['A', 'C'] as const satisfies readonly Dialect[]
export type TuiDialect = (typeof TUI_DIALECTS)[number]

/** Gives the text of the reply to the text of a message. */
export type Carry = (message: string) => Promise<string>

export type Tui = {
  /** The reply, as dialect A would have said it. */
  ask(command: string, parameters?: Members): Promise<Members>
  /** The result of a command that must succeed. */
  run(command: string, parameters?: Members): Promise<Members>
  /** The members of that result as the texts that came. */
  texts(command: string, parameters?: Members): Promise<ReadonlyMap<string, string>>
}

/** @example const { session_id } = await createTui('C', overHttp(url)).run('create_session', { client_id }) */
export function createTui(dialect: TuiDialect, carry: Carry): Tui {
  let sent = 0

  function send(command: string, parameters: Members): Promise<string> {
    sent += 1
    return carry(JSON.stringify(inDialect(dialect, { id: `tui-${sent}`, command, parameters })))
  }

  async function ask(command: string, parameters: Members = {}) {
    return heard(dialect, JSON.parse(await send(command, parameters)))
  }

  async function run(command: string, parameters: Members = {}) {
    const reply = await ask(command, parameters)
    if (reply.status !== 'success') throw new Error(`${command}: ${JSON.stringify(reply)}`)
    return reply.result as Members
  }

  async function texts(command: string, parameters: Members = {}) {
    const reply = await send(command, parameters)
    const way = dialect === 'A' ? ['result'] : ['payload', 'data', 'data']
    return way.reduce((members, name) => inside(members.get(name)), inside(reply as JsonText))
  }

  return { ask, run, texts }
}

/** Carries messages over HTTP, each with these headers. */
export function overHttp(url: string, headers: Readonly<Record<string, string>> = {}): Carry {
  return async (body) => {
    const response = await fetch(`${url}/v1/messages`, { method: 'POST', body, headers })
    return response.text()
  }
}

export type Refusal = {
  readonly error_code: unknown
  readonly text: string
  readonly recovery: readonly {
    readonly label: string
    readonly command: string
    readonly parameters: Members
  }[]
}

/** A reply that refuses. Dialect C has codes of its own and tells ours under details, whose values are texts. */
export function refusalOf({ status, error, message, details, ...told }: Members): Refusal {
  if (status !== 'error') throw new Error('it was not refused')
  const { error_code, recovery } = message === undefined ? told : (details as Members)
  const ways = typeof recovery === 'string' ? JSON.parse(recovery) : (recovery ?? [])
  return { error_code, text: String(error ?? message), recovery: ways }
}

/** Asks one thing after the other, as a REQ socket must. */
export async function inTurn<Item, Told>(
  items: Iterable<Item>,
  ask: (item: Item) => Promise<Told>
): Promise<Told[]> {
  const told: Told[] = []
  for (const item of items) told.push(await ask(item))
  return told
}

function inside(text: JsonText | undefined): ReadonlyMap<string, JsonText> {
  return text !== undefined && isObjectText(text) ? outline(text).members : new Map()
}
