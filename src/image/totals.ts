// Sums over the sessions of images, as get_image_session_stats tells them.

type Sums = {
  readonly image_id: string
  readonly active: number
  readonly expired: number
  readonly closed: number
  readonly bytes: number
}

/** Totals over the sums of several images. Orphaned are the active and expired sessions of an orphaned image. */
export function totalsOf(images: readonly Sums[], isOrphaned: (image_id: string) => boolean) {
  const sum = (count: (sums: Sums) => number, of = images) =>
    of.reduce((total, sums) => total + count(sums), 0)
  const orphaned = images.filter(({ image_id }) => isOrphaned(image_id))
  return {
    total_sessions: sum(({ active, expired, closed }) => active + expired + closed),
    active_sessions: sum(({ active }) => active),
    orphaned_sessions: sum(({ active, expired }) => active + expired, orphaned),
    expired_sessions: sum(({ expired }) => expired),
    closed_sessions: sum(({ closed }) => closed),
    total_context_size: sum(({ bytes }) => bytes),
  }
}
