// What the wire says of each failure (specification section 4): error type, status, sentence and what to do next.
// Only this file knows; `toWire` is the way out.

import type { Failure, Reason } from './failures.ts'

/** The closed set of error types (seed 000, "Error Types"). */
export const ERROR_TYPES = ['SessionError', 'SessionNotFound', 'RuntimeError', 'Error'] as const
export type ErrorType = (typeof ERROR_TYPES)[number]

/** A command that, when sent, gets the client further. */
export type Recovery = {
  readonly label: string
  readonly command: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/** What is known of the call that failed; recovery is made of it. */
export type FailedCall = {
  readonly command?: string
  readonly client_id?: string
  /** Who refuses, if it is not the service: only a bridge can be asked how it is. */
  readonly by?: 'bridge'
}

/** A failure as the wire tells it. */
export type WireError = {
  readonly error: string
  readonly error_type: ErrorType
  readonly error_code: Reason
  readonly http_status: number
  readonly details?: Readonly<Record<string, unknown>>
  readonly recovery: readonly Recovery[]
}

type Entry<R extends Reason> = {
  readonly type: ErrorType
  readonly status: number
  /** When it is answered, for the documentation. */
  readonly when: string
  /** One sentence that says what is wrong and what to do next. */
  readonly text: (failure: Extract<Failure, { reason: R }>) => string
  readonly recovery?: (
    failure: Extract<Failure, { reason: R }>,
    call: FailedCall
  ) => readonly Recovery[]
}

export const CATALOGUE: { readonly [R in Reason]: Entry<R> } = {
  parse_error: {
    type: 'Error',
    status: 400,
    when: 'The message is not UTF-8 or not JSON.',
    text: ({ detail }) =>
      `The message is not valid JSON: ${detail}. Send one JSON object in UTF-8.`,
    recovery: describeAll,
  },
  invalid_request: {
    type: 'Error',
    status: 400,
    when: 'The message is JSON but no request in a dialect that is served.',
    text: ({ detail }) => `Invalid request: ${detail}.`,
    recovery: describeAll,
  },
  unknown_command: {
    type: 'Error',
    status: 400,
    when: 'No such command is in the registry.',
    text: ({ command, did_you_mean, hint }) =>
      `Unknown command "${command}".${did_you_mean[0] === undefined ? '' : ` Did you mean ${did_you_mean.join(' or ')}?`}${hint === undefined ? '' : ` ${hint}`} Send describe for the list.`,
    recovery: describeAll,
  },
  unsupported_version: {
    type: 'Error',
    status: 400,
    when: 'The message asks for another major version of the protocol.',
    text: ({ version, supported }) =>
      `Protocol version ${version} is not supported; send ${supported.join(' or ')} or leave version out.`,
    recovery: describeAll,
  },
  unauthenticated: {
    type: 'Error',
    status: 401,
    when: 'There is no token, or it is not good. The detail says what is wrong with it, and never holds a part of it.',
    text: ({ detail }) =>
      `Not authenticated: ${detail}. Get a token from the STUI API and give it to your bridge, or send it over HTTP as "Authorization: Bearer <token>".`,
    recovery: askBridge,
  },
  token_expired: {
    type: 'Error',
    status: 401,
    when: 'The token was good until it ended.',
    text: ({ expired_at }) =>
      `The token expired at ${expired_at}. Get a new one from the STUI API and send the message again.`,
    recovery: askBridge,
  },
  forbidden: {
    type: 'Error',
    status: 403,
    when: 'The role or the subscription of the caller does not include the command.',
    text: ({ detail, required_tier }) =>
      required_tier === undefined
        ? `Forbidden: ${detail}. Ask an admin of your team.`
        : `Forbidden: ${detail}. It comes with the tier ${required_tier}.`,
    recovery: describeCommand,
  },
  missing_parameter: {
    type: 'SessionError',
    status: 400,
    when: 'A required parameter is absent or null.',
    text: ({ name }) => `Missing ${name} parameter`,
    recovery: describeCommand,
  },
  invalid_parameter: {
    type: 'SessionError',
    status: 400,
    when: 'A parameter has the wrong type, is out of range or contradicts another one.',
    text: ({ path, detail }) => `Invalid ${path} parameter: ${detail}.`,
    recovery: describeCommand,
  },
  invalid_client_id: {
    type: 'SessionError',
    status: 400,
    when: 'The client id is not 1 to 128 letters, digits and . _ : @ -, beginning with a letter or digit.',
    text: () =>
      'Invalid client_id parameter: use 1 to 128 letters, digits and . _ : @ -, beginning with a letter or digit.',
    recovery: describeCommand,
  },
  client_not_allowed: {
    type: 'SessionError',
    status: 403,
    when: 'The client is on the deny list, or there is an allow list without it; deny wins. Or it is not one that the caller may use.',
    text: ({ client_id }) =>
      `Client ${client_id} is not allowed here. Use a client id of your own, or ask the operator of this service to allow it.`,
  },
  session_not_found: {
    type: 'SessionNotFound',
    status: 404,
    when: "The session is unknown, deleted or someone else's: one answer for all three.",
    text: () => 'Session not found. List the sessions of the client, or create a new one.',
    recovery: (_, { client_id }) => (client_id === undefined ? [] : [listAll(client_id)]),
  },
  session_closed: {
    type: 'SessionNotFound',
    status: 410,
    when: 'The session was closed; it can be revived until restorable_until.',
    text: ({ restorable_until, by_admin }) =>
      `The session is closed. ${byReviving(by_admin)} until ${restorable_until}.`,
    recovery: ({ session_id, by_admin }) => [revive(session_id, by_admin)],
  },
  session_expired: {
    type: 'SessionNotFound',
    status: 410,
    when: 'The lease of the session ended; it can be revived until restorable_until.',
    text: ({ restorable_until, by_admin }) =>
      `The session has expired; nothing of it is lost. ${byReviving(by_admin)} until ${restorable_until}.`,
    recovery: ({ session_id, by_admin }) => [revive(session_id, by_admin)],
  },
  session_limit_exceeded: {
    type: 'SessionError',
    status: 409,
    when: 'The client has as many active sessions as it may have.',
    text: ({ limit, oldest_session_id }) =>
      `Session limit exceeded: ${limit} sessions are active. Close one first, for example ${oldest_session_id}.`,
    recovery: ({ oldest_session_id }) => [
      {
        label: 'Close the session that was idle longest',
        command: 'close_session',
        parameters: { session_id: oldest_session_id },
      },
    ],
  },
  revision_conflict: {
    type: 'SessionError',
    status: 409,
    when: 'The session has changed since if_revision.',
    text: ({ if_revision, current_revision }) =>
      `The session is at revision ${current_revision}, not ${if_revision}. Restore it and apply your change again, or send it with on_conflict:"copy" to keep both.`,
    recovery: ({ session_id }) => [
      {
        label: 'Restore the current state',
        command: 'restore_session',
        parameters: { session_id },
      },
    ],
  },
  idempotency_conflict: {
    type: 'SessionError',
    status: 422,
    when: 'The idempotency key was used for another request.',
    text: () => 'This idempotency key was used for another request. Send a new key.',
    recovery: (_, { client_id }) => (client_id === undefined ? [] : [listAll(client_id)]),
  },
  payload_too_large: {
    type: 'SessionError',
    status: 413,
    when: 'The message is larger than a message may be.',
    text: ({ bytes, limit }) =>
      `The message has ${bytes} bytes; at most ${limit} are taken. Send the components in several updates.`,
    recovery: () => [
      {
        label: 'Show how components are sent one by one',
        command: 'describe',
        parameters: { command: 'update_session_state' },
      },
    ],
  },
  session_too_large: {
    type: 'SessionError',
    status: 413,
    when: 'The session would be larger than a session may be; nothing was changed.',
    text: ({ bytes, limit, largest }) =>
      `The session would have ${bytes} bytes; at most ${limit} are kept. The largest part is ${largest[0]?.component ?? 'session_state'}.`,
    recovery: ({ session_id }) =>
      session_id === ''
        ? []
        : [
            {
              label: 'Show the size of each component',
              command: 'get_session_info',
              parameters: { session_id },
            },
          ],
  },
  storage_limit_exceeded: {
    type: 'SessionError',
    status: 413,
    when: 'The sessions of the client, closed ones and histories among them, would be larger than they may be together; nothing was changed.',
    text: ({ bytes, limit, next_deletion_at }) =>
      `The sessions of this client would take ${bytes} bytes with their histories; at most ${limit} are kept. What is stored stays as it is: keep this change, and send it again when there is room. The session that was idle longest goes at ${next_deletion_at}; sooner, the operator of this service can give you more room.`,
    recovery: (_, { client_id }) => (client_id === undefined ? [] : [listAll(client_id)]),
  },
  rate_limited: {
    type: 'SessionError',
    status: 429,
    when: 'Too many commands, too many creations, or too many calls without a good token, in a short time.',
    text: ({ retry_after_ms }) => `Too many requests. Try again in ${retry_after_ms} ms.`,
  },
  session_corrupted: {
    type: 'SessionNotFound',
    status: 500,
    when: 'A component is damaged and no good revision of it is left.',
    text: ({ components }) =>
      `The stored ${components.join(', ')} is damaged and no good revision is left. The other components are unharmed: update the damaged one to go on.`,
    recovery: ({ session_id }) => [
      {
        label: 'Show the revisions that are kept',
        command: 'list_session_revisions',
        parameters: { session_id },
      },
    ],
  },
  upstream_unavailable: {
    type: 'RuntimeError',
    status: 503,
    when: 'The session service cannot be reached or is not ready.',
    text: ({ detail }) =>
      `The session service is unavailable: ${detail}. Your session is safe; try again shortly.`,
    recovery: askBridge,
  },
  journal_full: {
    type: 'RuntimeError',
    status: 503,
    when: 'The service cannot be reached, and the bridge has no room left to keep work for it.',
    text: ({ detail }) =>
      `The service cannot be reached and this change was not kept: ${detail}. What was acknowledged before is safe. Keep this change, and send it again when the service is back.`,
    recovery: askBridge,
  },
  image_unreachable: {
    type: 'RuntimeError',
    status: 503,
    when: 'The Smalltalk image that a command passes on to gives no answer, or nobody knows which one is meant (choices). may_have_run tells whether it may have executed it.',
    text: ({ image, detail, may_have_run, choices }) => {
      if (choices !== undefined) {
        return `Nobody knows which image is meant, so none has executed the request: ${detail}.`
      }
      return `The image${image === '' ? '' : ` ${image}`} gives no answer: ${detail}. ${
        may_have_run
          ? 'It may have executed the request: look before you send it again, under a new id.'
          : 'It has not executed the request: try again shortly.'
      }`
    },
    recovery: askBridge,
  },
  timeout: {
    type: 'RuntimeError',
    status: 504,
    when: 'The session service or the image did not answer in time. The command may still take effect.',
    text: ({ after_ms }) =>
      `No answer within ${after_ms} ms. The command may still take effect: send the same message again to learn its outcome.`,
    recovery: askBridge,
  },
  internal_error: {
    type: 'RuntimeError',
    status: 500,
    when: 'A fault of the service; meta.request_id finds it in the log.',
    text: () =>
      'The service failed. Send the same message again to learn whether it took effect, and report meta.request_id if it fails again.',
    recovery: (failure, call) => (call.by === undefined ? [ASK_SERVICE] : askBridge(failure, call)),
  },
}

/** A failure as the wire tells it. */
export function toWire(failure: Failure, call: FailedCall = {}): WireError {
  const entry = CATALOGUE[failure.reason] as Entry<Reason>
  const { reason, ...details } = failure
  return {
    error: entry.text(failure as never),
    error_type: entry.type,
    error_code: reason,
    http_status: entry.status,
    ...(Object.keys(details).length > 0 && { details: { ...details, ...recoverable(reason) } }),
    recovery: entry.recovery?.(failure as never, call) ?? [],
  }
}

function recoverable(reason: Reason) {
  return reason === 'session_closed' || reason === 'session_expired' ? { recoverable: true } : {}
}

/** Whoever refuses one command may well answer another. */
const ASK_SERVICE: Recovery = {
  label: 'Ask whether the service answers',
  command: 'ping',
  parameters: {},
}

/** A bridge answers this whatever is away: the service, an image, a token. */
function askBridge(_: Failure, { by }: FailedCall): readonly Recovery[] {
  return by === undefined
    ? []
    : [{ label: 'Show how the bridge is', command: 'bridge_status', parameters: {} }]
}

function describeAll(): readonly Recovery[] {
  return [{ label: 'Show every command', command: 'describe', parameters: {} }]
}

function describeCommand(_: Failure, { command }: FailedCall): readonly Recovery[] {
  if (command === undefined) return describeAll()
  return [
    {
      label: `Show the parameters of ${command}`,
      command: 'describe',
      parameters: { command },
    },
  ]
}

function listAll(client_id: string): Recovery {
  return {
    label: 'List every session of the client',
    command: 'list_client_sessions',
    parameters: { client_id, include: 'all' },
  }
}

function byReviving(by_admin = false): string {
  return by_admin ? 'Renew it with revive:true' : 'Restore it with revive:true'
}

/** Admins may not restore what is somebody else's: they renew it. */
function revive(session_id: string, by_admin = false): Recovery {
  return {
    label: by_admin
      ? 'Make the session active again'
      : 'Restore the session and make it active again',
    command: by_admin ? 'renew_session' : 'restore_session',
    parameters: { session_id, revive: true },
  }
}
