// What is known of a Smalltalk image, as the team's directory has it. Plain data: it crosses from object to object.

/** What bridges say of an image. `Unknown` is said by nobody: it stands for an image that nobody has reported. */
export type ReportedStatus = 'Connected' | 'Disconnected' | 'Failed' | 'Unknown'

/** Times are epoch milliseconds. */
export type ImageRecord = {
  readonly image_id: string
  /** host:port, or empty. */
  readonly image_address: string
  readonly image_name: string
  readonly image_version: string
  readonly image_metadata: Readonly<Record<string, string>>
  /** Changes when the image starts anew; empty if nobody has told one. */
  readonly epoch: string
  /** All epochs that count as the present one: each bridge may have a name of its own for it. Absent for `epoch` alone. */
  readonly epochs?: readonly string[]
  readonly reported_status: ReportedStatus
  /** Null if it was not measured. */
  readonly round_trip_ms: number | null
  readonly first_seen: number
  /** When somebody last saw it connected; `first_seen` if nobody ever did. */
  readonly last_seen: number
  /** True for what none of one's own bridges says: it is told, but nothing is orphaned by it. */
  readonly is_hearsay?: boolean
  /** The subject whose bridges say this; absent if nobody does. */
  readonly seen_by?: string
  /** When it was last reported, or may have been: after a restart of the directory it is the latest time that fits. */
  readonly last_report: number
}

/** An image as the directory tells it: with what the sessions of the whole team say of it. */
export type KnownImage = ImageRecord & {
  /** Active sessions of the team that work on it. */
  readonly session_count: number
  /** When the last of its sessions was used; `last_seen` if it has none. */
  readonly last_activity: number
  /** Those of the classes asked for that it does not have; absent if that was not asked, or nobody has said what it has. */
  readonly missing_classes?: readonly string[]
}

/**
 * What the bridges of `subject` know of images: these, and at most so many others of the team. Without a subject it is
 * what all bridges know, as admins of the whole team are told it.
 */
export type WantedImages = {
  readonly ids: readonly string[]
  readonly others: number
  readonly subject: string | undefined
  /** Names of classes: of each image in `ids` it is told which of them are missing there. */
  readonly classes?: readonly string[]
}

/** An image that is named by somebody and reported by nobody. */
export function unreported(image_id: string, at: number): KnownImage {
  return {
    image_id,
    image_address: '',
    image_name: '',
    image_version: '',
    image_metadata: {},
    epoch: '',
    reported_status: 'Unknown',
    round_trip_ms: null,
    first_seen: at,
    last_seen: at,
    last_report: at,
    session_count: 0,
    last_activity: at,
  }
}
