// Sizes and times as people read them.

const KB = 1000
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** 950 B, 2.1 KB, 1 MB. */
export function bytesText(bytes: number): string {
  if (bytes < KB) return `${bytes} B`
  const isLarge = bytes >= KB * KB
  const value = bytes / (isLarge ? KB * KB : KB)
  const digits = value < 10 ? Math.round(value * 10) / 10 : Math.round(value)
  return `${digits} ${isLarge ? 'MB' : 'KB'}`
}

/** 45 s, 4 min 05 s, 2 h 10 min, 3 days. */
export function durationText(milliseconds: number): string {
  const ms = Math.max(0, milliseconds)
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR)
    return `${Math.floor(ms / MINUTE)} min ${two(Math.floor((ms % MINUTE) / SECOND))} s`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ${two(Math.floor((ms % HOUR) / MINUTE))} min`
  const days = Math.floor(ms / DAY)
  return days === 1 ? '1 day' : `${days} days`
}

/** just now, 4 min ago. */
export function agoText(milliseconds: number): string {
  return milliseconds < 10 * SECOND ? 'just now' : `${roughText(milliseconds)} ago`
}

/** 40 s, 4 min, 2 h, 3 days. Coarser than a duration, so that it changes seldom. */
export function roughText(milliseconds: number): string {
  const ms = Math.max(0, milliseconds)
  if (ms < MINUTE) return `${Math.floor(ms / SECOND / 10) * 10} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  return ms < DAY ? `${Math.floor(ms / HOUR)} h` : durationText(ms)
}

/** 1 session, 2 sessions. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
