// The part of the reference page that tells what no single command does: messages, replies, ids, limits.

import { CATALOGUE, toWire } from './catalogue.ts'
import { ERROR_CODES } from './dialects/typed-reply.ts'
import type { Reason } from './failures.ts'
import { type JsonText, toJsonText } from './json-text.ts'
import * as limits from './limits.ts'
import { code, jsonBlock, paragraphs, table } from './reference-markdown.ts'
import { errorReply } from './reply.ts'

/** What a message is, in each dialect. */
export function messages(): string {
  return paragraphs(
    '## Messages',
    'A message is one JSON object in UTF-8. Every message gets exactly one reply, whatever it is. Dialect A carries its parameters under `parameters`:',
    jsonBlock('{"id":"1","command":"ping","parameters":{"message":"hello"}}'),
    'Dialect B is flat: every key that is not part of the envelope is a parameter.',
    jsonBlock('{"command":"ping","message":"hello"}'),
    "Dialects C and D are those of STUI's typed clients. C has an envelope, D is the request alone; a request type is a command in PascalCase (snake_case is taken, too), and `params` are its parameters. Beside `payload`, dialect C may have `idempotency_key`, `auth_token` and `traceparent`.",
    jsonBlock(
      '{"id":"1","version":"1.0.0","timestamp":"2025-08-30T10:30:00Z","payload":{"type":"Request","data":{"request_type":"Ping","params":{"message":"hello"}}}}'
    ),
    jsonBlock('{"request_type":"Ping","params":{"message":"hello"}}'),
    'What has a `payload` with a `type` is dialect C, else what has a `request_type` is D, else it is A or B. The envelope of A and B:',
    table(
      ['envelope key', 'type', 'meaning'],
      [
        ['`command`', 'string', 'The name of the command. The only key that is required.'],
        [
          '`id`',
          `string of 1 to ${limits.MAX_ID_LENGTH} characters, or number`,
          'Echoed to the letter, in the same type; null in the reply where none was sent.',
        ],
        ['`parameters`', 'object', 'Absent or null is the same as an empty object.'],
        [
          '`version`',
          'string or number',
          `The version of the protocol; ${limits.PROTOCOL_VERSION} if absent. Only its major part counts.`,
        ],
        [
          '`idempotency_key`',
          `string of 1 to ${limits.MAX_ID_LENGTH} characters`,
          'See idempotency below.',
        ],
        [
          '`auth_token`',
          'string',
          'A token for `validate_feature_access`; also read among the parameters. Never stored or logged.',
        ],
        [
          '`timestamp`, `meta`, `traceparent`',
          'any',
          'Part of the envelope, so never a parameter.',
        ],
      ]
    ),
    'A parameter that is null is absent. A parameter given in both places with different values is refused. Unknown parameters are ignored and named in `meta.warnings`.',
    'The components of a state (`state_data`, `workspace_context`, `object_registry`, `inspector_state`, `user_preferences`, `evaluation_history`) belong to the developer: they are stored and returned as the text that came. Integers beyond 2^53, -0, the order of keys and keys such as `__proto__` survive unchanged.'
  )
}

const REFUSED = {
  id: '"close-001"' as JsonText,
  failure: { reason: 'missing_parameter', name: 'session_id' },
  call: { command: 'close_session' },
  timestamp: '2025-08-30T10:50:00.000Z',
  meta: { request_id: '0b8f1c1e-5f0a-4a49-9d1c-6a4f7f4d3f10' },
} as const

/** What a reply is. */
export function replies(): string {
  return paragraphs(
    '## Replies',
    'A success has `id`, `status`, `result` and `timestamp`; `client_id` where it is known, and `meta`. A refusal has `error`, `error_type`, `error_code` and `recovery` instead of a result, and `details` where there are any:',
    jsonBlock(errorReply(REFUSED)),
    table(
      ['member of `meta`', 'meaning'],
      [
        ['`request_id`', 'Finds the command in the log of the service.'],
        [
          '`persistence`',
          "`durable`: it is in the client's object. `journaled`: it, or something of the session that is read, is on this machine's disk and on its way. `cached`: it was read from a copy on this machine, from which nothing is on its way.",
        ],
        [
          '`source`',
          'Who answered in the place of the service: `replica`, the copy of the sessions on this machine, or `bridge`, the bridge itself. Absent if the service answered.',
        ],
        [
          '`stale_s`',
          'In answers of a replica: seconds since the service last agreed with the copy.',
        ],
        ['`replayed`', 'True if this is the stored answer to an earlier, identical request.'],
        ['`warnings`', 'Sentences about what was ignored or repaired.'],
      ]
    ),
    `A request of dialect C or D is answered in that dialect; \`response_type\` repeats the name that was asked, or is \`Error\`. The code of an error is one of ${ERROR_CODES.map(code).join(', ')}; the finer \`error_code\`, \`recovery\` and all details are among its \`details\`, as strings. Dialect D has neither \`id\` nor \`timestamp\`.`,
    jsonBlock(
      errorReply({
        ...REFUSED,
        dialect: { spelling: 'enveloped', request_type: 'CloseSession' },
      })
    )
  )
}

/** Who may send what. */
export function authentication(): string {
  return paragraphs(
    '## Authentication',
    'A service that authenticates takes messages only with `Authorization: Bearer <token>`, a token of the STUI API; `GET /healthz`, `GET /readyz`, `GET /v1/describe` and `GET /openapi.json` tell nothing of anybody and need none. The token alone says who asks: team, subject, the client ids that it covers, tier and features. Nothing in a message is believed.',
    'Whoever creates the first session of a client id owns the client within the team. To anybody else it does not exist: `create_session` is refused with `client_not_allowed`, `list_client_sessions` lists nothing, everything else is `session_not_found`, exactly as for an id that was never given out.',
    'Calls without a good token are counted for each address. Beyond the limit they are `rate_limited` with `Retry-After`; a good token is never counted, and one that is already known is served all the same.'
  )
}

/** The error catalogue. */
export function errors(): string {
  const rows = (Object.keys(CATALOGUE) as Reason[]).map((reason) => {
    const { type, status, when, recovery } = CATALOGUE[reason]
    return [code(reason), code(type), String(status), when, recovery === undefined ? 'no' : 'yes']
  })
  const { http_status } = toWire({ reason: 'internal_error' })
  return paragraphs(
    '## Errors',
    `Decide on \`error_code\`, never on the status or the sentence. With recovery, \`recovery\` lists commands that get the client further when they are sent. A fault of ours is \`internal_error\` (${http_status}); its stack is in the log alone.`,
    table(['error_code', 'error_type', 'HTTP', 'when', 'recovery'], rows)
  )
}

/** What a message may measure. */
export function figures(): string {
  return paragraphs(
    '## Limits',
    table(
      ['what', 'limit'],
      [
        ['one message', `${limits.MAX_MESSAGE_BYTES} bytes`],
        ['messages of one batch', String(limits.MAX_BATCH_ENTRIES)],
        ['components of one session together', `${limits.MAX_SESSION_BYTES} bytes of JSON text`],
        ['nesting of one parameter', `${limits.MAX_NESTING} arrays and objects`],
        ['message id, image id, idempotency key', `${limits.MAX_ID_LENGTH} characters`],
        ['client id', code(limits.CLIENT_ID.source)],
        ['name of a session, label of a revision', `${limits.MAX_NAME_LENGTH} characters`],
        ['timeout', `${limits.MIN_TIMEOUT_S} to ${limits.MAX_TIMEOUT_S} seconds`],
        [
          '`image_metadata`',
          `${limits.MAX_METADATA_ENTRIES} entries; key ${limits.MAX_METADATA_KEY_LENGTH}, value ${limits.MAX_METADATA_VALUE_LENGTH} characters`,
        ],
        ['`client_info`', `${limits.MAX_CLIENT_INFO_LENGTH} characters of JSON`],
        ['one page of a list', `${limits.DEFAULT_PAGE} sessions, at most ${limits.MAX_PAGE}`],
      ]
    )
  )
}

/** What a session id is made of. */
export function sessionIds(): string {
  return paragraphs(
    '## Session ids',
    '`session_<ordinal>_<unix seconds>_<random>`, where `<random>` is 48 base62 characters: the route to the object of the client (22), a nonce (16) and a signature (10). To a client it is opaque. A forged or mistyped id is answered with `session_not_found` and touches no storage; the id routes, it never authorises. The ids of the examples on this page are shaped like real ones, but nobody signed them.'
  )
}

/** How a repeated request has one effect. */
export function idempotency(): string {
  const key = toJsonText({ id: '2', command: 'close_session', idempotency_key: 'k-1' })
  return paragraphs(
    '## Idempotency',
    `A command that changes something takes an \`idempotency_key\` (over HTTP also the header \`Idempotency-Key\`; the key of the message wins), such as \`${key.slice(1, -1)}\`. The same request with the same key is answered with the stored answer and \`meta.replayed:true\`; the same key with another request is refused with \`idempotency_conflict\`. A message id that is a UUID or a ULID is as good as a key. Without a key, a repeated message is recognised by its id and content for a minute while it is the newest command of its client. A bridge names each delivery with the header \`X-Delivery-Id\`, so that its own attempts have one effect; unlike a key, this leaves the message id its meaning, and a key, or a UUID or ULID, counts before it. Refusals are not stored: send the same message again.`
  )
}

/** The paths of the HTTP door. */
export function http(): string {
  return paragraphs(
    '## HTTP',
    table(
      ['path', 'what'],
      [
        ['`POST /v1/messages`', 'Answers one message.'],
        [
          '`POST /v1/batches`',
          'Answers messages that a bridge delivers, one after another; see below.',
        ],
        ['`GET /v1/describe`', 'Describes all commands, or the one of `?command=`.'],
        ['`GET /openapi.json`', 'This surface as OpenAPI 3.1.'],
        ['`GET /healthz`', 'Tells that the process runs: 200 in any case, with `configured`.'],
        [
          '`GET /readyz`',
          'Tells that the Worker serves: 200, with `warnings` of what production requires and it lacks; or 503 with the setting that is wrong.',
        ],
        ['`GET /v1/events`', 'A WebSocket that tells what changes; see the decisions below.'],
        ['`GET /`', 'The panel: a page for people. Its files and its sign-in are below `/panel/`.'],
      ]
    ),
    'A message needs `Authorization: Bearer <token>` where the service authenticates; 401 comes with `WWW-Authenticate`.',
    `A batch is a JSON array of at most ${limits.MAX_BATCH_ENTRIES} entries, as large as a message may be: \`{"delivery_id": …, "base_revision": …, "session_id": …, "target": …, "message": {…}}\`. Beside the message stands what the headers of a single one say; \`base_revision\` may be \`"previous"\`, the revision that the entry before was answered with. The answer is an array of replies, each as \`POST /v1/messages\` would give it. Nothing is carried out behind a message that was refused or whose work went to another session, nor once the answers are as large as a message may be: the array is then shorter. What is wrong with the batch itself, or with the token, is said in one envelope, and nothing of it was carried out.`,
    'A page cannot send a header with a WebSocket: it offers the subprotocols `stui.v1` and `bearer.<base64url of the token>`, of which `stui.v1` is chosen. A service that asks for no token serves its own machine alone (localhost, 127.0.0.0/8, [::1]); anything else is answered 503. With an `Origin` it takes requests only from pages that it served itself.',
    'The status mirrors `error_code`; the body is the envelope in every case. Every answer has `X-Request-Id`, `Server-Timing` and `Cache-Control: no-store`; `traceparent` is passed through.'
  )
}
