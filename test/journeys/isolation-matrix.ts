// The isolation matrix: every command, what it is sent with, and what its owner and everybody else is answered. A new
// command does not compile without its line; isolation.test.ts asks all of it, isolation-tokens.test.ts with bad tokens.

import { expect } from 'vitest'
import { EXAMPLE_EXPORT } from '../../src/protocol/export-fields.ts'
import type { CommandName, NamesIn } from '../../src/protocol/registry.ts'
import type { Members } from '../support/fixtures.ts'
import {
  ADMINS_ONLY,
  CLIENT,
  done,
  empty,
  IMAGE,
  type Line,
  line,
  making,
  NOT_COVERED,
  ofClient,
  ofSession,
  SESSION,
} from './isolation-cells.ts'

/** In the state of every session of the owner; nobody else is ever told. */
export const STATE = 'written by the owner'
const THEIRS = { note: STATE }
const OTHER = { note: 'something else' }

const SESSION_NOW = { session_id: SESSION, client_id: CLIENT }

/** The next image that a session is moved to. */
const MOVE = { from_image_id: IMAGE, to_image_id: 'two' }
const MOVED = { ...MOVE, ...SESSION_NOW, revision: 3 }

const KNOWN_IMAGE = { image_id: IMAGE, status: 'Connected' }
const UNKNOWN_IMAGE = { image_id: IMAGE, status: 'Unknown', session_count: 0 }
const GONE = { image_id: IMAGE, image_status: 'Disconnected' }

export const JOURNAL = { client_id: CLIENT, records: 3, refused: 0, bytes: 30 }
const REPORT = { bridge_id: CLIENT, version: '0.1.0', clients: [JOURNAL] }
/** The owner's bridge, as the stage has reported it. */
const OWN_BRIDGE = expect.objectContaining({ is_own: true, clients: [expect.anything()] })
const OTHERS_BRIDGE = expect.objectContaining({ is_own: false })

const SOME = expect.toSatisfy((count: number) => count > 0)

const DEBUGGER = { client_id: CLIENT, feature: 'remote_debugger' }
const GRANTED = { feature: 'remote_debugger', access_granted: true }

export const MATRIX: { readonly [Name in CommandName]: Line } = {
  create_session: making({}, { client_id: CLIENT, revision: 1, is_active: true }),
  restore_session: ofSession({ revive: true }, { ...SESSION_NOW, session_state: THEIRS }, [
    { client_id: CLIENT, latest: true },
  ]),
  update_session_state: ofSession(
    { state_data: OTHER },
    { session_id: SESSION, session_state: OTHER, revision: 3 }
  ),
  renew_session: {
    ...ofSession({ revive: true }, { ...SESSION_NOW, is_active: true }),
    admin: done({ ...SESSION_NOW, is_active: true }),
  },
  close_session: {
    ...ofSession({}, { session_id: SESSION, closed: true }),
    admin: done({ session_id: SESSION, closed: true }),
    leaves: '"status":"closed"',
  },
  get_session_info: ofSession({}, { ...SESSION_NOW, status: 'active', revision: 2 }),
  list_client_sessions: ofClient(
    { include: 'all' },
    { client_id: CLIENT, session_count: 1, sessions: [{ session_id: SESSION }] },
    { client_id: CLIENT, session_count: 0, sessions: [] }
  ),
  get_session_statistics: {
    // Members of a team may know how much there is in it, and no more.
    ...line([{}], {
      owner: done({ total_sessions: SOME }),
      others: done({ total_sessions: SOME }),
    }),
    outsider: empty({ total_sessions: 0, active_clients: 0, total_bytes: 0, images: 0 }),
  },
  list_session_revisions: ofSession({}, { revisions: [{ revision: 2 }, { revision: 1 }] }),
  revert_session: ofSession({ revision: 1 }, { session_id: SESSION, revision: 3 }),
  diff_session_revisions: ofSession(
    { from_revision: 1 },
    { changed: ['session_state'], components: { session_state: { patch: THEIRS } } }
  ),
  save_context: ofSession({ components: { session_state: OTHER } }, { revision: 3 }),
  load_context: ofSession({}, { session_id: SESSION, session_state: THEIRS }),
  get_context_summary: ofSession({}, { session_id: SESSION, revision: 2 }),
  clear_context: ofSession({}, { session_id: SESSION, revision: 3 }),
  list_image_sessions: {
    ...ofClient(
      { image_id: '*' },
      { sessions: [{ session_id: SESSION }] },
      { sessions: [], images: [] }
    ),
    admin: done({ sessions: [{ session_id: SESSION }] }),
  },
  get_image_session_stats: {
    ...ofClient({ image_id: '*' }, { total_sessions: 1 }, { total_sessions: 0 }),
    admin: done({ total_sessions: 1 }),
  },
  cleanup_image_sessions: {
    ...ofClient(
      { image_id: IMAGE, preserve_active: false, force: true },
      { sessions_cleaned: 1 },
      { sessions_cleaned: 0, cleanup_details: {} }
    ),
    admin: done({ sessions_cleaned: 1 }),
    leaves: '"status":"closed"',
  },
  switch_image_context: {
    ...ofSession(MOVE, MOVED, [{ ...MOVE, client_id: CLIENT }]),
    admin: done(MOVED),
    leaves: '"image_id":"two"',
  },
  get_image_connection_status: {
    ...line([{ image_id: IMAGE }], { owner: done(KNOWN_IMAGE), others: done(KNOWN_IMAGE) }),
    outsider: empty(UNKNOWN_IMAGE),
  },
  report_image_status: {
    ...line([{ image_id: IMAGE, status: 'Disconnected' }], {
      owner: done(GONE),
      others: done(GONE),
    }),
    outsider: empty(GONE),
  },
  report_bridge_status: {
    // What is said for somebody else's client is left out.
    ...line([REPORT], { owner: done({ is_own: true, clients: [JOURNAL] }), others: done({}) }),
    member: done({ clients: [] }),
    admin: done({ clients: [] }),
    kiosk: NOT_COVERED,
    outsider: empty({ clients: [JOURNAL] }),
  },
  get_bridge_status: {
    ...line([{}], {
      owner: done({ bridges: expect.arrayContaining([OWN_BRIDGE]) }),
      others: empty({ bridges: expect.not.arrayContaining([OTHERS_BRIDGE]) }),
    }),
    admin: done({ bridges: expect.arrayContaining([OTHERS_BRIDGE]) }),
  },
  export_session: ofSession({ format: 'ston' }, { content: expect.stringContaining(STATE) }),
  import_session: making({ content: EXAMPLE_EXPORT.content }, { client_id: CLIENT }),
  get_audit_log: {
    ...ofClient(
      {},
      { entries: expect.arrayContaining([expect.objectContaining({ session_id: SESSION })]) },
      { entries: [], chain_ok: true }
    ),
    admin: done({ chain_ok: true }),
  },
  get_events: {
    ...ofClient({}, { latest: 2 }, { events: [], latest: 0 }),
    admin: done({ latest: 2 }),
  },
  get_mint_key: making({}, { client_id: CLIENT }),
  validate_feature_access: {
    // The subscription of whoever asks decides; of the client nothing is told.
    ...line([DEBUGGER], {
      owner: done({ access_granted: false, subscription_tier: 'free' }),
      others: empty(GRANTED),
    }),
    kiosk: NOT_COVERED,
  },
  describe: line([{ command: 'ping' }], {
    owner: done({ commands: { ping: expect.anything() } }),
    others: empty({ commands: { ping: expect.anything() } }),
  }),
  ping: line([{}], { owner: done({ status: 'ready' }), others: empty({ status: 'ready' }) }),
}

/** The same for a whole team: it is for admins, and each has one team. */
export const TEAM_WIDE: {
  readonly [Name in NamesIn<'client_or_team' | 'client_or_each'>]: Line
} = {
  list_image_sessions: {
    ...teamWide({ sessions: [expect.objectContaining({ client_id: CLIENT })] }),
    outsider: empty({ sessions: [] }),
  },
  get_image_session_stats: {
    ...teamWide({ total_sessions: 1 }),
    outsider: empty({ total_sessions: 0 }),
  },
  cleanup_image_sessions: {
    ...teamWide({ sessions_cleaned: 1 }, { preserve_active: false, force: true }),
    outsider: empty({ sessions_cleaned: 0 }),
    leaves: '"status":"closed"',
  },
}

function teamWide(result: Members, parameters: Members = {}): Line {
  const ways = [{ ...parameters, image_id: IMAGE, scope: 'team' }]
  return { ...line(ways, { owner: ADMINS_ONLY, others: ADMINS_ONLY }), admin: done(result) }
}
