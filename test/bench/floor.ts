// The floor: what the same request costs when nothing but the runtime does anything. A bare Worker reads the JSON,
// hands the state as text to a SQLite object over RPC, and one statement stores or reads it. No validation, no history,
// no idempotency, no log. It answers as many bytes as the Worker that it is compared with.

import { DurableObject } from 'cloudflare:workers'

type FloorEnv = {
  readonly FLOOR: DurableObjectNamespace<FloorObject>
  /** JSON: the bytes of an answer beside the state, by command. */
  readonly ENVELOPE_BYTES: string
}

type Message = {
  readonly id: string
  readonly command: string
  readonly parameters: {
    readonly client_id?: string
    readonly session_id?: string
    readonly state_data?: unknown
  }
}

/** Ids are as long as those of the real Worker. */
const SESSION_ID_LENGTH = 66

const NO_STATE = '{}'

export class FloorObject extends DurableObject<FloorEnv> {
  readonly #sql: SqlStorage

  constructor(ctx: DurableObjectState, env: FloorEnv) {
    super(ctx, env)
    this.#sql = ctx.storage.sql
  }

  /** The first row of a fresh object. */
  create(text: string): void {
    this.#sql.exec('CREATE TABLE state (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT')
    this.#sql.exec('INSERT INTO state (id, text) VALUES (1, ?)', text)
  }

  update(text: string): string {
    this.#sql.exec('UPDATE state SET text = ? WHERE id = 1', text)
    return text
  }

  restore(): string {
    return this.#sql.exec<{ text: string }>('SELECT text FROM state WHERE id = 1').one().text
  }
}

export default {
  async fetch(request, env) {
    const message = JSON.parse(await request.text()) as Message
    const { client_id = '', session_id = client_id.padEnd(SESSION_ID_LENGTH, '_') } =
      message.parameters
    const state = await stateAfter(message, env.FLOOR.getByName(session_id))
    const padded = JSON.parse(env.ENVELOPE_BYTES) as Record<string, number>
    const body = envelope(message.id, session_id, state, padded[message.command] ?? 0)
    return new Response(body, {
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    })
  },
} satisfies ExportedHandler<FloorEnv>

async function stateAfter(
  { command, parameters }: Message,
  object: DurableObjectStub<FloorObject>
): Promise<string> {
  switch (command) {
    case 'create_session':
      await object.create(NO_STATE)
      return ''
    case 'update_session_state':
      return object.update(JSON.stringify(parameters.state_data))
    case 'restore_session':
      return object.restore()
    default:
      throw new Error(`the floor does not know ${command}`)
  }
}

/** An answer with `bytes` bytes beside the state. */
function envelope(id: string, sessionId: string, state: string, bytes: number): string {
  const head = `{"id":${JSON.stringify(id)},"status":"success","result":{"session_id":"${sessionId}"`
  const member = state === '' ? '' : `,"session_state":${state}`
  const tail = `},"timestamp":"${new Date().toISOString()}","padding":"`
  const missing = bytes - (head.length + member.length - state.length + tail.length + 2)
  return `${head}${member}${tail}${'x'.repeat(Math.max(0, missing))}"}`
}
