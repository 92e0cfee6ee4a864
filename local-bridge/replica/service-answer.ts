// Reads an answer of the service: the fields that the replica keeps, and components as the texts that came.

import * as z from 'zod'
import type { JsonObject } from '../../src/protocol/command.ts'
import { COMPONENTS, type Component, OPAQUE_FIELDS } from '../../src/protocol/components.ts'
import { isObjectText, type JsonText, objectText, outline } from '../../src/protocol/json-text.ts'
import { withoutComponents } from './skimmed.ts'

/** An answer of so many bytes carries state, which is not read twice. */
const LARGE = 65_536

const time = z.iso.datetime().transform((text) => Date.parse(text))
const count = z.number().int().min(0)

const statuses = z.enum(['active', 'expired', 'closed'])

const listed = z.looseObject({
  session_id: z.string(),
  revision: count,
  status: statuses.optional(),
})

/** What any result may say of a session; everything is absent in some of them. */
const resultSchema = z.looseObject({
  session_id: z.string().optional(),
  client_id: z.string().optional(),
  name: z.string().optional(),
  status: statuses.optional(),
  is_active: z.boolean().optional(),
  timeout: count.optional(),
  created_at: time.optional(),
  last_modified: time.optional(),
  expires_at: time.optional(),
  closed_at: time.optional(),
  restorable_until: time.optional(),
  revision: count.optional(),
  changed: z.array(z.string()).optional(),
  state_bytes: count.optional(),
  max_concurrent_clients: count.optional(),
  components: z
    .record(z.string(), z.object({ bytes: count, sha256: z.string(), revision: count }))
    .optional()
    .catch(undefined),
  client_info: z.record(z.string(), z.unknown()).optional(),
  inherited: z.array(z.string()).optional(),
  object_registry_stale: z.boolean().optional(),
  inspector_state_stale: z.boolean().optional(),
  stale_ids: z.array(z.string()).optional(),
  stale_ids_truncated: z.boolean().optional(),
  image_id: z.string().optional(),
  image_address: z.string().optional(),
  image_name: z.string().optional(),
  image_version: z.string().optional(),
  image_metadata: z.record(z.string(), z.string()).optional(),
  conflict: z.object({ session_id: z.string() }).optional(),
  recovered_from: z.record(z.string(), z.number()).optional(),
  sessions: z.array(listed).optional(),
  next_cursor: z.string().optional(),
  key: z.string().optional(),
})

export type Result = z.output<typeof resultSchema>

const errorSchema = z.looseObject({
  error: z.string(),
  error_code: z.string(),
  details: z.looseObject({ retry_after_ms: z.number().optional() }).optional(),
})

export type ServiceAnswer =
  | {
      readonly ok: true
      readonly result: Result
      /** The result as it was told, without its components. */
      readonly told: JsonObject
      readonly texts: () => ReadonlyMap<Component, JsonText>
      readonly replayed: boolean
    }
  | { readonly ok: false; readonly code: string; readonly retryAfterMs: number | undefined }

/** Reads a reply in any dialect; undefined for a success whose result is none that we know. */
export function readServiceAnswer(bytes: Uint8Array): ServiceAnswer | undefined {
  const { buffer, byteOffset, length } = bytes
  return readAnswerText(Buffer.from(buffer, byteOffset, length).toString() as JsonText)
}

/** The same where the components are hardly ever asked for: only then is a text made of them. */
export function skimServiceAnswer(bytes: Buffer): ServiceAnswer | undefined {
  if (bytes.length < LARGE) return readServiceAnswer(bytes)
  const answer = readAnswerText(withoutComponents(bytes))
  return answer?.ok === true ? { ...answer, texts: () => textsIn(bytes) } : answer
}

function textsIn(bytes: Buffer): ReadonlyMap<Component, JsonText> {
  const answer = readServiceAnswer(bytes)
  return answer?.ok === true ? answer.texts() : new Map()
}

/** The same for one whose text is at hand. */
export function readAnswerText(text: JsonText): ServiceAnswer | undefined {
  const top = outline(text).members
  if (top.get('status') === '"error"') return readError(text)
  const found = resultText(top)
  if (found === undefined || !isObjectText(found)) return undefined
  const { members } = outline(found)
  const texts = new Map<Component, JsonText>()
  for (const component of COMPONENTS) {
    const value = members.get(component)
    if (value !== undefined) texts.set(component, value)
  }
  const plain = objectText([...members].filter(([name]) => !OPAQUE_FIELDS.has(name)))
  const told: JsonObject = JSON.parse(plain)
  const result = resultSchema.safeParse(told)
  if (!result.success) return undefined
  const replayed = /"replayed":true/.test(top.get('meta') ?? '')
  return { ok: true, result: result.data, told, texts: () => texts, replayed }
}

function readError(text: JsonText): ServiceAnswer | undefined {
  const error = errorSchema.safeParse(JSON.parse(text))
  if (!error.success) return undefined
  const { error_code: code, details } = error.data
  return { ok: false, code, retryAfterMs: details?.retry_after_ms }
}

/** Dialects A and B have a result; C wraps it in a payload, D has it as data. */
function resultText(top: ReadonlyMap<string, JsonText>): JsonText | undefined {
  const direct = top.get('result')
  if (direct !== undefined) return direct
  const payload = inside(top.get('payload'))
  return inside(payload?.get('data') ?? undefined)?.get('data') ?? top.get('data')
}

function inside(text: JsonText | undefined): ReadonlyMap<string, JsonText> | undefined {
  return text !== undefined && isObjectText(text) ? outline(text).members : undefined
}
