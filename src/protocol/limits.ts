// The figures of the wire: what a message may measure. Limits that an operator may set live in session/limits.ts.

/** Bytes of one message over HTTP, and the soft limit of one ZeroMQ body; more is answered with `payload_too_large`. */
export const MAX_MESSAGE_BYTES = 2 * 1024 * 1024

/** Messages of one batch; its bytes are those of one message. */
export const MAX_BATCH_ENTRIES = 50

/** Bytes of answers beyond which a batch is not gone on with. */
export const MAX_BATCH_REPLY_BYTES = 2 * 1024 * 1024

/** Bytes of JSON text that all components of one session may take together. */
export const MAX_SESSION_BYTES = 1_000_000

/** Members of an envelope, and of its parameters; those that no command knows count, too. */
export const MAX_MEMBERS = 20_000

/** Levels of arrays and objects inside one parameter. */
export const MAX_NESTING = 64

/** Characters of a message id, an image id or an idempotency key. */
export const MAX_ID_LENGTH = 255

/** Characters of a session's name, and of a revision's label. */
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

/** Characters of a cursor that names a session. */
export const MAX_CURSOR_LENGTH = 512

/** Entries of `image_metadata`, and characters of a key and of a value. */
export const MAX_METADATA_ENTRIES = 64
export const MAX_METADATA_KEY_LENGTH = 64
export const MAX_METADATA_VALUE_LENGTH = 1024

/** Entries that `evaluation_history` holds, and bytes of their JSON text. */
export const MAX_HISTORY_ENTRIES = 1000
export const MAX_HISTORY_BYTES = 256_000

/** Ids of objects that one answer calls stale. */
export const MAX_STALE_IDS = 10_000

/** Characters of the metadata that a bridge may report of an image, as JSON. */
export const MAX_REPORTED_METADATA_LENGTH = 4096

/** Names of classes that an image may report, and bytes of them as JSON; a name is no longer than an id. */
export const MAX_REPORTED_CLASSES = 30_000
export const MAX_REPORTED_CLASSES_BYTES = 1_000_000

/** Classes of a session that are looked for in another image, and missing ones that one answer names. */
export const MAX_CLASSES_SOUGHT = 10_000
export const MAX_MISSING_CLASSES = 200

/** Images that one answer tells. */
export const MAX_IMAGES_TOLD = 200

/** Images of a team, and of them those that the bridges of one subject report: each counted once for every bridge. */
export const MAX_TEAM_IMAGES = 1000
export const MAX_SUBJECT_IMAGES = 100

/** Bridges of one subject that one image is reported by; one more takes the place of the one heard least recently. */
export const MAX_REPORTERS = 8

/** How often a bridge reports an image that it is connected to. */
export const IMAGE_HEARTBEAT_MS = 5_000

/** Reports in a row that may be missing before an image counts as reconnecting. */
export const IMAGE_MISSED_REPORTS = 2

/** Silence after which an image counts as disconnected, and after which its sessions are orphaned. */
export const IMAGE_DISCONNECTED_AFTER_MS = 30_000
export const IMAGE_ORPHANED_AFTER_MS = 300_000

/** Round trips to an image beyond which its connection is a warning, and critical. */
export const IMAGE_SLOW_ROUND_TRIP_MS = 250
export const IMAGE_CRITICAL_ROUND_TRIP_MS = 1_000

/** How often a bridge reports what it holds: not more often than this, and at least as often as that. */
export const BRIDGE_REPORT_GAP_MS = 5_000
export const BRIDGE_HEARTBEAT_MS = 45_000

/** Silence after which a bridge counts as silent: two of its reports may have got lost by then. */
export const BRIDGE_SILENT_AFTER_MS = 60_000

/** Clients of one report of a bridge, bridges of one subject and of a team, and those that one answer tells. */
export const MAX_BRIDGE_CLIENTS = 64
export const MAX_SUBJECT_BRIDGES = 16
export const MAX_TEAM_BRIDGES = 1000
export const MAX_BRIDGES_TOLD = 200

/** Sessions that one cleanup closes of one client, and clients that one step of a team's cleanup visits. */
export const MAX_CLEANED = 200
export const MAX_CLIENTS_CLEANED = 20

/** The major version of the protocol that is served; `"1"`, `"1.0"` and `"1.0.0"` all name it. */
export const PROTOCOL_VERSION = '1.0.0'

/** What the server can do, as told by `create_session` and `describe` (seed 001). */
export const CAPABILITIES = [
  'context_preservation',
  'object_registry',
  'session_persistence',
  'context_restoration',
] as const
