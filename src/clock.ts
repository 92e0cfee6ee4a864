// Time arrives from outside: rules never ask the machine what time it is.

/** A source of the current time. */
export type Clock = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
}

/** The machine's own clock; only composition roots use it. */
export const systemClock: Clock = { now: () => Date.now() }

/** Formats epoch milliseconds as the wire's ISO 8601 UTC time (seed 000, "timestamp"). */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
