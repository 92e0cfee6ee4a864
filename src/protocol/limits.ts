// The figures of the wire: what a message may measure. Limits that an operator may set live in session/limits.ts.

/** Bytes of one message over HTTP, and the soft limit of one ZeroMQ body; more is answered with `payload_too_large`. */
export const MAX_MESSAGE_BYTES = 2 * 1024 * 1024

/** Bytes of JSON text that all components of one session may take together. */
export const MAX_SESSION_BYTES = 1_000_000

/** Levels of arrays and objects inside one parameter. */
export const MAX_NESTING = 64

/** Characters of a message id, an image id or an idempotency key. */
export const MAX_ID_LENGTH = 255

/** Characters of a session's name. */
export const MAX_NAME_LENGTH = 120

/** Characters of `client_info` as JSON, and entries of its `capabilities`. */
export const MAX_CLIENT_INFO_LENGTH = 8192
export const MAX_CLIENT_CAPABILITIES = 64

/** A client id: 1 to 128 characters that are safe in file names, topics and URLs. */
export const CLIENT_ID = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/

/** Seconds that a lease may last. */
export const MIN_TIMEOUT_S = 60
export const MAX_TIMEOUT_S = 86_400

/** Sessions of one page of a list. */
export const DEFAULT_PAGE = 50
export const MAX_PAGE = 200

/** Entries of `image_metadata`, and characters of a key and of a value. */
export const MAX_METADATA_ENTRIES = 64
export const MAX_METADATA_KEY_LENGTH = 64
export const MAX_METADATA_VALUE_LENGTH = 1024

/** The major version of the protocol that is served; `"1"`, `"1.0"` and `"1.0.0"` all name it. */
export const PROTOCOL_VERSION = '1.0.0'

/** What the server can do, as told by `create_session` and `describe` (seed 001). */
export const CAPABILITIES = [
  'context_preservation',
  'object_registry',
  'session_persistence',
  'context_restoration',
] as const
