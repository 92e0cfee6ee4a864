// STUI's own two descriptions of images, read as its Rust code reads them (conflict C-12): every field must be there and
// of its type, nothing may be null that is no Option, enums know their variants only, times parse; other keys are ignored.

type Json = Readonly<Record<string, unknown>>

type Decoder<T> = (value: unknown, path: string) => T

class DecodeError extends Error {
  override readonly name = 'DecodeError'
}

const text: Decoder<string> = (value, path) =>
  typeof value === 'string' ? value : wrong(value, path, 'a string')

const flag: Decoder<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : wrong(value, path, 'a boolean')

const usize: Decoder<number> = (value, path) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : wrong(value, path, 'a usize')

/** chrono's DateTime<Utc>: RFC 3339 with a zone. */
const dateTime: Decoder<number> = (value, path) => {
  const isTime =
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    Number.isFinite(Date.parse(value))
  return isTime ? Date.parse(value) : wrong(value, path, 'a time')
}

const variant =
  (...names: readonly string[]): Decoder<string> =>
  (value, path) =>
    typeof value === 'string' && names.includes(value)
      ? value
      : wrong(value, path, names.join(' or '))

const vec =
  <T>(item: Decoder<T>): Decoder<readonly T[]> =>
  (value, path) =>
    Array.isArray(value)
      ? value.map((each, index) => item(each, `${path}[${index}]`))
      : wrong(value, path, 'an array')

const option =
  <T>(inner: Decoder<T>): Decoder<T | undefined> =>
  (value, path) =>
    value === null || value === undefined ? undefined : inner(value, path)

const hashMap: Decoder<Json> = (value, path) => {
  const map = object(value, path)
  for (const [key, each] of Object.entries(map)) text(each, `${path}.${key}`)
  return map
}

const struct =
  (fields: Readonly<Record<string, Decoder<unknown>>>): Decoder<Json> =>
  (value, path) => {
    const given = object(value, path)
    return Object.fromEntries(
      Object.entries(fields).map(([name, decode]) => [name, decode(given[name], `${path}.${name}`)])
    )
  }

/** The enums that type `status`: one of each document, and both must read what we send. */
const imageStatus = variant('Connected', 'Disconnected', 'Orphaned', 'Unknown')
const connectionStatus = variant('Connected', 'Disconnected', 'Reconnecting', 'Failed', 'Unknown')
const connectionHealth = variant('Healthy', 'Warning', 'Critical', 'Unknown')

/** The plan's structs (MULTI_IMAGE_ARCHITECTURE.md). */
export const PLAN = {
  ImageConnectionStatus: struct({
    image_id: text,
    status: imageStatus,
    last_seen: dateTime,
    connection_address: text,
    metadata: hashMap,
  }),
  ListImageSessionsResponse: struct({
    image_id: text,
    sessions: vec(
      struct({ session_id: text, image_id: text, image_address: text, image_metadata: hashMap })
    ),
    total_count: usize,
    orphaned_count: usize,
  }),
  CleanupImageSessionsResponse: struct({
    image_id: text,
    sessions_cleaned: usize,
    sessions_remaining: usize,
    cleanup_details: hashMap,
  }),
  GetImageSessionStatsResponse: struct({
    image_id: text,
    total_sessions: usize,
    active_sessions: usize,
    orphaned_sessions: usize,
    total_context_size: usize,
    last_activity: dateTime,
  }),
  SwitchImageContextResponse: struct({
    from_image_id: text,
    to_image_id: text,
    session_id: text,
    context_preserved: flag,
  }),
} as const

/** The solution's structs (feature-multi-image-architecture). */
export const SOLUTION = {
  ImageConnectionStatus: struct({
    image_id: text,
    address: text,
    status: connectionStatus,
    last_seen: dateTime,
    connection_health: connectionHealth,
    session_count: usize,
    last_activity: dateTime,
  }),
  /** The session that a list shows; the fields of seed 000 stand for its "existing" ones. */
  SessionMetadata: struct({
    session_id: text,
    created_at: dateTime,
    last_modified: dateTime,
    timeout: usize,
    is_active: flag,
    time_until_expiry: usize,
    image_id: text,
    image_address: text,
    image_name: option(text),
    image_version: option(text),
    connection_status: connectionStatus,
  }),
} as const

function object(value: unknown, path: string): Json {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Json) : wrong(value, path, 'an object')
}

function wrong(value: unknown, path: string, expected: string): never {
  throw new DecodeError(`${path} is ${JSON.stringify(value)}, not ${expected}`)
}
