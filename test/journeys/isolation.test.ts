// Nobody where they do not belong: every command of a client × everybody who is not its owner, against a real Worker
// and a real STUI API. What is not yours is answered as if it were not there, and nothing of it changes.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UserName } from '../../local-bridge/stack/stui-api/users.ts'
import { EXAMPLE_EXPORT } from '../../src/protocol/export-fields.ts'
import type { NamesIn } from '../../src/protocol/registry.ts'
import { FORGED_TOKENS } from '../access/forged-tokens.ts'
import { MISUSED_TOKENS } from '../access/misused-tokens.ts'
import type { Members } from '../support/fixtures.ts'
import { type IdentityStack, leaked, startIdentityStack } from '../support/identity-stack.ts'

/** What is in the state of every session: nobody but its owner is ever told. */
const STATE = 'written by the owner'

type Ids = { readonly client_id: string; readonly session_id: string }

/** The parameters that each command needs beside its ids. */
const PARAMETERS: {
  readonly [Name in NamesIn<'client' | 'client_or_team' | 'client_or_each'>]: Members
} = {
  create_session: {},
  get_events: {},
  restore_session: { revive: true },
  update_session_state: { state_data: { note: 'not by the owner' } },
  renew_session: { revive: true },
  close_session: {},
  get_session_info: {},
  list_client_sessions: { include: 'all' },
  list_session_revisions: {},
  revert_session: { revision: 1 },
  diff_session_revisions: { from_revision: 1 },
  save_context: { components: { session_state: { note: 'not by the owner' } } },
  load_context: {},
  get_context_summary: {},
  clear_context: {},
  export_session: { format: 'ston' },
  import_session: { content: EXAMPLE_EXPORT.content },
  get_audit_log: {},
  get_mint_key: {},
  list_image_sessions: { image_id: '*' },
  get_image_session_stats: { image_id: '*' },
  cleanup_image_sessions: { image_id: '', preserve_active: false, force: true },
  switch_image_context: { from_image_id: '', to_image_id: 'two' },
}

const COMMANDS = Object.keys(PARAMETERS) as (keyof typeof PARAMETERS)[]

/** Commands about a client; the others are about one session. */
const OF_CLIENT: readonly string[] = [
  'create_session',
  'import_session',
  'get_events',
  'list_client_sessions',
  'get_audit_log',
  'get_mint_key',
  'list_image_sessions',
  'get_image_session_stats',
  'cleanup_image_sessions',
]

/** Nothing that the owner sees is another than before. */
const SAME = ''

/** Commands that make something under a client id: somebody else is told that it is not theirs. */
const MAKING: readonly string[] = ['create_session', 'import_session', 'get_mint_key']

/** Commands that an admin of the team may run for a client that is somebody else's, and what its owner sees then. */
const FOR_ADMINS: Readonly<Record<string, string>> = {
  get_audit_log: SAME,
  get_events: SAME,
  list_image_sessions: SAME,
  get_image_session_stats: SAME,
  cleanup_image_sessions: '"status":"closed"',
  close_session: '"status":"closed"',
  renew_session: SAME,
  switch_image_context: '"image_id":"two"',
}

const NO_IDS: Ids = { client_id: '', session_id: '' }

/** Every way to name what a command is about. */
function spellings(command: keyof typeof PARAMETERS, { client_id, session_id }: Ids): Members[] {
  const parameters = PARAMETERS[command]
  if (OF_CLIENT.includes(command)) return [{ command, ...parameters, client_id }]
  const both = { command, ...parameters, client_id, session_id }
  const byLatest = { command, client_id, latest: true }
  return [
    { command, ...parameters, session_id },
    both,
    { ...both, idempotency_key: 'shared-key' },
    ...(command === 'restore_session' ? [byLatest] : []),
  ]
}

/** Everybody with a good token who is not the owner; the last one has the owner's name, in a team of its own. */
const STRANGERS: readonly (readonly [string, UserName, Members])[] = [
  ['another member of the team', 'priya', {}],
  ['an admin of the team', 'enzo', {}],
  ['a token of the team for other clients', 'kiosk', {}],
  ['somebody of another team', 'olga', {}],
  ['a namesake in another team', 'olga', { sub: 'user-frida' }],
]

let stack: IdentityStack
let owner: string
let clients = 0

beforeAll(async () => {
  stack = await startIdentityStack('jwt')
  owner = await stack.api.issueToken('frida')
})

afterAll(async () => {
  const { secrets, output } = await stack.stop()
  expect(output.filter((line) => line.includes('"event":"command"')).length).toBeGreaterThan(100)
  expect(leaked(secrets, output)).toEqual([])
})

/** A session of the owner, with two revisions. */
async function owned(): Promise<Ids> {
  clients += 1
  const client_id = `desk-${clients}`
  const created = await run({ command: 'create_session', client_id })
  const session_id = String((created.result as Members).session_id)
  const update = { command: 'update_session_state', idempotency_key: 'shared-key' }
  await run({ ...update, session_id, state_data: { note: STATE } })
  return { client_id, session_id }
}

/** Ids that nobody was ever given. */
function nobodys({ session_id }: Ids): Ids {
  return { client_id: `nobody-${clients}`, session_id: altered(session_id) }
}

async function run(message: Members): Promise<Members> {
  const { reply } = await stack.ask(message, owner)
  expect(reply).toMatchObject({ status: 'success' })
  return reply
}

/** Everything that the owner can see, but for the time that passes. */
async function seenByOwner({ client_id, session_id }: Ids) {
  const info = await run({ command: 'get_session_info', session_id })
  const list = await run({ command: 'list_client_sessions', client_id, include: 'all' })
  const revisions = await run({ command: 'list_session_revisions', session_id })
  return [info, list, revisions].map(({ result }) =>
    JSON.stringify(result).replaceAll(/"time_until_expiry":\d+/g, '')
  )
}

/** A reply without what differs between any two: ids and times. */
function told(reply: Members, { client_id, session_id }: Ids): string {
  const { timestamp: _, meta, ...rest } = reply
  const { request_id: __, ...facts } = meta as Members
  return JSON.stringify({ ...rest, facts })
    .replaceAll(/"(last_activity|restorable_until)":"[^"]*"/g, '')
    .replaceAll(client_id, '<client>')
    .replaceAll(session_id, '<session>')
}

/** The id with the last character of its signature changed. */
function altered(session_id: string): string {
  return session_id.slice(0, -1) + (session_id.endsWith('A') ? 'B' : 'A')
}

describe.each(STRANGERS)('to %s', (_, user, claims) => {
  it.each(COMMANDS)(
    'the session of somebody else is one that is not there: %s',
    async (command) => {
      const token = await stack.api.issueToken(user, { claims })
      const isAdmin = user === 'enzo' && Object.hasOwn(FOR_ADMINS, command)
      for (const index of spellings(command, NO_IDS).keys()) {
        const theirs = await owned()
        const nowhere = nobodys(theirs)
        const before = await seenByOwner(theirs)
        const foreign = await stack.ask(spellings(command, theirs)[index] ?? {}, token)
        if (!MAKING.includes(command) && !isAdmin) {
          const absent = await stack.ask(spellings(command, nowhere)[index] ?? {}, token)
          expect(told(foreign.reply, theirs)).toBe(told(absent.reply, nowhere))
          expect(foreign.status).toBe(absent.status)
        }
        expect(foreign.reply).toMatchObject(isAdmin ? ADMITTED : expected(command, user))
        expect(JSON.stringify(foreign.reply)).not.toContain(STATE)
        const after = (isAdmin && FOR_ADMINS[command]) || SAME
        const seen = await seenByOwner(theirs)
        if (after === SAME) expect(seen).toEqual(before)
        else expect(seen[0]).toContain(after)
      }
    }
  )
})

/** What an admin is answered where admins may. */
const ADMITTED: Members = { status: 'success' }

/** What a stranger is answered. */
function expected(command: string, user: UserName): Members {
  if (command === 'list_client_sessions') return { result: { session_count: 0, sessions: [] } }
  if (command === 'list_image_sessions') return { result: { sessions: [], images: [] } }
  if (command === 'get_image_session_stats') return { result: { total_sessions: 0 } }
  if (command === 'cleanup_image_sessions') return { result: { sessions_cleaned: 0 } }
  if (command === 'get_events') return { result: { events: [], latest: 0 } }
  if (command === 'get_audit_log') return { result: { entries: [], chain_ok: true } }
  if (!MAKING.includes(command)) return { error_code: 'session_not_found' }
  // Client ids are unique within a team: in another one the same id is another client.
  return user === 'olga' ? { status: 'success' } : { error_code: 'client_not_allowed' }
}

describe('to its own owner', () => {
  it.each(COMMANDS.filter((command) => !OF_CLIENT.includes(command)))(
    'a forged id is one that was never given out: %s',
    async (command) => {
      const theirs = await owned()
      const { client_id, session_id } = theirs
      const before = await seenByOwner(theirs)
      const never = { client_id, session_id: 'session_1_1_x' }
      for (const forged of [
        altered(session_id),
        session_id.replace('session_1_', 'session_2_'),
        session_id.replace(/\d{10}/, '1000000000'),
      ]) {
        const { reply } = await stack.ask(
          { command, ...PARAMETERS[command], session_id: forged },
          owner
        )
        const unknown = await stack.ask({ command, ...PARAMETERS[command], ...never }, owner)
        expect(reply.error_code).toBe('session_not_found')
        expect(unknown.reply.error_code).toBe('session_not_found')
      }
      expect(await seenByOwner(theirs)).toEqual(before)
    }
  )
})

describe('without a good token', () => {
  const bad: [string, () => Promise<string | undefined>, string][] = [
    ['none', async () => undefined, 'unauthenticated'],
    ['one that has ended', () => ended(), 'token_expired'],
    ...[...FORGED_TOKENS, ...MISUSED_TOKENS].map(({ name, make }): (typeof bad)[number] => [
      `one that ${name}`,
      () => make(stack.api),
      'unauthenticated',
    ]),
  ]

  it.each(bad)('no command is carried out: %s', async (_, make, error_code) => {
    const theirs = await owned()
    const token = await make()
    const before = await seenByOwner(theirs)
    for (const command of COMMANDS) {
      const nowhere = nobodys(theirs)
      const nothing = spellings(command, nowhere)
      for (const [index, message] of spellings(command, theirs).entries()) {
        const foreign = await stack.ask(message, token)
        const absent = await stack.ask(nothing[index] ?? {}, token)
        expect(foreign.status).toBe(401)
        expect(foreign.reply.error_code).toBe(error_code)
        expect(foreign.headers.get('www-authenticate')).toContain('error="invalid_token"')
        expect(told(foreign.reply, theirs)).toBe(told(absent.reply, nowhere))
      }
    }
    expect(await seenByOwner(theirs)).toEqual(before)
  })
})

/** A good token that has ended two minutes ago. */
function ended(): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) - 120
  return stack.api.issueToken('frida', { claims: { iat: exp - 900, nbf: exp - 900, exp } })
}
