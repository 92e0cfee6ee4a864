// What was done on an image within a day, by the hour.

const HOUR_MS = 3_600_000

export const HOURS = 24

/**
 * How many changes there were in each of the last 24 hours, the oldest first. What the service's clock has ahead of this
 * machine's happened just now.
 */
export function byHour(changes: readonly number[], now: number): number[] {
  const counts = new Array<number>(HOURS).fill(0)
  for (const at of changes) {
    const hour = HOURS - 1 - Math.floor(Math.max(0, now - at) / HOUR_MS)
    const count = counts[hour]
    if (count !== undefined) counts[hour] = count + 1
  }
  return counts
}

/** The picture in a sentence. */
export function activityText(counts: readonly number[], restarts = 0): string {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const text = changesText(counts, total)
  if (restarts === 0) return text
  return `${text} The image was started anew ${restarts === 1 ? 'once' : `${restarts} times`}.`
}

function changesText(counts: readonly number[], total: number): string {
  if (total === 0) return 'No changes were seen in the last 24 hours.'
  const most = Math.max(...counts)
  const hoursAgo = HOURS - 1 - counts.lastIndexOf(most)
  const when = hoursAgo === 0 ? 'in the last hour' : `${hoursAgo} h ago`
  return `${total} change${total === 1 ? '' : 's'} in the last 24 hours, most of them ${when} (${most}).`
}
