// Why a cleanup closed a session: the words stand in its row, and its report says them to the team's directory.

export const CLEANING_REASONS = ['orphaned', 'expired', 'idle', 'forced'] as const

export type CleaningReason = (typeof CLEANING_REASONS)[number]

/** What the row of a session says that a cleanup has closed. */
export function closeReasonOf(reason: CleaningReason): string {
  return `cleanup_image_sessions: ${reason}`
}

/** Why a cleanup closed the session; undefined if it is open, or somebody else has closed it. */
export function cleanedFor(session: {
  readonly status: string
  readonly close_reason: string | null
}): CleaningReason | undefined {
  if (session.status !== 'closed') return undefined
  return CLEANING_REASONS.find((reason) => session.close_reason === closeReasonOf(reason))
}
