// The fields that commands share, each described once: type, limits and meaning.

import * as z from 'zod'
import { imageAddress } from './image-address.ts'
import type { JsonText } from './json-text.ts'
import * as limits from './limits.ts'

declare const opaque: unique symbol

/** A result's opaque value: an array or object that belongs to the developer. Handlers give it as `JsonText`. */
export type Opaque = { readonly [opaque]: true }

export const clientId = z
  .string()
  .regex(
    limits.CLIENT_ID,
    '1 to 128 of letters, digits and . _ : @ -, beginning with a letter or digit'
  )
  .describe('The client whose sessions these are; the unit of isolation.')

export const sessionId = z
  .string()
  .min(1)
  .max(limits.MAX_ID_LENGTH)
  .describe('A session id as create_session gave it. Opaque: it routes, it never authorises.')

export const timestamp = z.iso.datetime().describe('ISO 8601, UTC.')

export const timeout = z
  .int()
  .min(limits.MIN_TIMEOUT_S)
  .max(limits.MAX_TIMEOUT_S)
  .describe('Seconds without activity after which the lease of the session ends.')

export const revision = z
  .int()
  .min(1)
  .describe('Counts the effective changes of a session, from 1.')

export const name = z.string().min(1).max(limits.MAX_NAME_LENGTH).describe('A name for people.')

/** A session's name in a result. */
export const nameResult = z.string().describe('The name for people, or empty.')

export const status = z
  .enum(['active', 'expired', 'closed'])
  .describe('Where the session is in its life.')

export const timeUntilExpiry = z
  .int()
  .min(0)
  .describe('Seconds until the lease ends; 0 for a session that is not active.')

export const isActive = z.boolean().describe('Neither closed nor expired.')

export const isExpired = z.boolean().describe('The lease ended; the session can be revived.')

export const isClosed = z.boolean().describe('It was closed; it can be revived.')

export const createdAt = timestamp.describe('When the session was created.')

export const lastModified = timestamp.describe('When its state last changed.')

export const expiresAt = timestamp.describe('When the lease ends unless it is renewed.')

export const restorableUntil = timestamp.describe('Until when the session can be revived.')

export const changed = z
  .array(z.string())
  .describe('What the change touched; empty if nothing differed.')

export const recoveredFrom = z
  .record(z.string(), revision)
  .describe('Only after a repair: the damaged components and the revisions they came back from.')

export const bytes = z.int().min(0).describe('Bytes of JSON text in UTF-8.')

export const capabilities = z.array(z.string()).describe('What the server can do for this client.')

const ownWords = (description: string) => z.string().max(limits.MAX_ID_LENGTH).describe(description)

export const clientInfo = z
  .looseObject({
    platform: ownWords('The operating system it runs on.').optional(),
    version: ownWords('The version of the client.').optional(),
    capabilities: z
      .array(z.string().max(limits.MAX_ID_LENGTH))
      .max(limits.MAX_CLIENT_CAPABILITIES)
      .describe('What the client can do.')
      .optional(),
    subscription_tier: ownWords(
      'A claim of the client: kept and told as `claimed_tier`, never believed.'
    ).optional(),
  })
  .refine(
    (info) => JSON.stringify(info).length <= limits.MAX_CLIENT_INFO_LENGTH,
    `at most ${limits.MAX_CLIENT_INFO_LENGTH} characters of JSON`
  )
  .describe(
    `What the client says of itself; further members are kept. At most ${limits.MAX_CLIENT_INFO_LENGTH} characters of JSON.`
  )

const imageText = (description: string) =>
  z.string().max(limits.MAX_ID_LENGTH).describe(description)

/** STUI types the facts about an image as texts; a client that sends a number or a boolean means the same. */
function asText(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
}

/** How a request names the Smalltalk image a session works on (seed 003). */
export const imageParameters = {
  image_id: imageText('Identifies the Smalltalk image.').optional(),
  image_address: imageText('host:port of the image; tcp://host:port is taken too.')
    .refine((text) => imageAddress(text) !== undefined, 'host:port, IPv6 in brackets')
    .optional(),
  image_name: imageText('The name of the image.').optional(),
  image_version: imageText('The version of the image.').optional(),
  image_metadata: z
    .record(
      z.string().max(limits.MAX_METADATA_KEY_LENGTH),
      z.preprocess(asText, z.string().max(limits.MAX_METADATA_VALUE_LENGTH))
    )
    .refine(
      (entries) => Object.keys(entries).length <= limits.MAX_METADATA_ENTRIES,
      `at most ${limits.MAX_METADATA_ENTRIES} entries`
    )
    .meta({
      description: 'Further facts about the image; numbers and booleans are taken as text.',
      maxProperties: limits.MAX_METADATA_ENTRIES,
    })
    .optional(),
}

/** How a result names the image: empty where there is none, never null (seed 003 types them as plain strings). */
export const imageResult = {
  image_id: z.string().describe('The image the session works on, or empty.'),
  image_address: z.string().describe('host:port, or empty.'),
  image_name: z.string().describe('The name of the image, or empty.'),
  image_version: z.string().describe('The version of the image, or empty.'),
  image_metadata: z.record(z.string(), z.string()).describe('Further facts about the image.'),
}

/** Tells a reader of the JSON Schema that the value belongs to the developer and travels unchanged. */
export const CONTAINER_SCHEMA = { 'x-opaque': true, type: ['object', 'array'] } as const

/** A component as a parameter: any JSON array or object, kept as the text that came. */
export const component = (description: string) =>
  z
    .custom<JsonText>(isContainerText, 'an object or an array')
    .meta({ ...CONTAINER_SCHEMA, description })

/** A component in a result. */
export const componentResult = (description: string) =>
  z
    .custom<Opaque>((value) => typeof value === 'object' && value !== null)
    .meta({ ...CONTAINER_SCHEMA, description })

/** The components that update_session_state replaces or merges; create_session takes them as initial state. */
export const componentParameters = {
  state_data: component(
    'The session state. Members named like another component go to that component.'
  ).optional(),
  workspace_context: component('Variables and bindings of the workspace.').optional(),
  object_registry: component('Registered objects and their references.').optional(),
  inspector_state: component('Selection, views and navigation of inspectors.').optional(),
  user_preferences: component("The developer's settings.").optional(),
  evaluation_history: component('Recent evaluations and their results.').optional(),
}

/** The components of a session, all of them. */
export const stateResult = {
  session_state: componentResult('What update_session_state got as state_data.'),
  workspace_context: componentResult('Variables and bindings of the workspace.'),
  inspector_state: componentResult('Selection, views and navigation of inspectors.'),
  object_registry: componentResult('Registered objects and their references.'),
  user_preferences: componentResult("The developer's settings."),
  evaluation_history: componentResult('Recent evaluations and their results.'),
}

const shown = componentResult('Only if state was asked for.').optional()

/** The components of an answer that tells them only if it was asked to. */
export const shownState = {
  session_state: shown,
  workspace_context: shown,
  inspector_state: shown,
  object_registry: shown,
  user_preferences: shown,
  evaluation_history: shown,
}

export const objectRegistryStale = z
  .boolean()
  .describe(
    'object_registry has ids of another image, or of an earlier start of this one. Only for a session that has an image.'
  )

export const inspectorStateStale = z
  .boolean()
  .describe(
    'inspector_state shows objects of another image, or of an earlier start of this one. Only for a session that has an image.'
  )

/** How a result tells ids that lead nowhere since the image was started anew. */
export const staleResult = {
  object_registry_stale: objectRegistryStale.optional(),
  inspector_state_stale: inspectorStateStale.optional(),
  stale_ids: z
    .array(z.string())
    .describe(
      'Which ids, of both together. Only if some are stale; an answer that is given a second time has none.'
    )
    .optional(),
  stale_ids_truncated: z
    .literal(true)
    .describe(`Only if there are more than ${limits.MAX_STALE_IDS}.`)
    .optional(),
}

/** The fields with which every answer about one live session begins (seed 000). */
export const sessionResult = {
  session_id: sessionId,
  client_id: clientId,
  created_at: createdAt,
  last_modified: lastModified,
  timeout,
  is_active: isActive,
}

function isContainerText(value: unknown): boolean {
  if (typeof value !== 'string') return false
  const first = value.trimStart().charAt(0)
  return first === '{' || first === '['
}
