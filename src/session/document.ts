// The document that a session is exported as and imported from: its version, its members, and how STON spells them.

/** Counts the versions of the format; a reader refuses what is newer than it knows. */
export const FORMAT_VERSION = 1

/** What the document says it is, as JSON and as a class of the Pharo image (seed 001). */
export const KIND = 'stui-session'
export const STON_CLASS = 'STUISessionData'

/** Members about the session that an import takes over. */
export const TAKEN_FIELDS = [
  'name',
  'timeout',
  'client_info',
  'image_id',
  'image_address',
  'image_name',
  'image_version',
  'image_metadata',
] as const

/** Members about the export, and about the life of the session that was exported; a new one has its own. */
export const TOLD_FIELDS = [
  'kind',
  'format_version',
  'exported_at',
  'session_id',
  'client_id',
  'revision',
  'created_at',
  'last_modified',
] as const

/** The members that say which start of which image the ids of a component are of; absent where nobody noted it. */
export const ORIGIN_FIELDS = {
  object_registry: 'object_registry_origin',
  inspector_state: 'inspector_state_origin',
} as const

/** The member that holds the components in JSON; in STON they stand beside the others, as instance variables do. */
export const COMPONENTS_FIELD = 'components'

/** The member with the SHA-256 of each component's text. */
export const CHECKSUMS_FIELD = 'sha256'

/** A member's name as an instance variable: `workspace_context` is `workspaceContext`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** An instance variable as a member's name. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
