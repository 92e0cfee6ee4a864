// What every TUI did and was told in one run: what must be true at the end is read from it.

/** `sure` was acknowledged; `unsure` was not, and may be there or not. */
export type Fate = 'sure' | 'unsure'

/**
 * Whether it may be carried out twice: `may` was sent again to another bridge under a name that is no key, which nothing
 * promises to be done once.
 */
export type Repeats = 'never' | 'may'

export type Entry = {
  readonly kind: 'append' | 'merge' | 'replace'
  readonly writer: string
  /** What nobody else writes. */
  readonly marker: string
  readonly fate: Fate
  readonly repeats: Repeats
}

/** What a read told, and what had been acknowledged before it was asked. */
export type Look = {
  readonly reader: string
  readonly before: readonly string[]
  readonly shown: readonly string[]
}

export type SessionRecord = {
  readonly name: string
  readonly client_id: string
  readonly creator: string
  /** What the creation told; undefined if it told nothing. */
  id: string | undefined
  /** Of its creation. */
  readonly repeats: Repeats
  readonly entries: Entry[]
  readonly looks: Look[]
  closed: Fate | 'never'
}

export type Counts = {
  asked: number
  durable: number
  journaled: number
  refused: number
  retried: number
}

export type Ledger = {
  readonly sessions: SessionRecord[]
  /** What is wrong already. */
  readonly problems: string[]
  readonly counts: Counts
  /** What happened, in order, for whoever looks for the reason. */
  readonly trace: string[]
  note(what: string): void
}

/** `age` gives the milliseconds since the start. */
export function createLedger(age: () => number): Ledger {
  const trace: string[] = []
  return {
    trace,
    note: (what) => trace.push(`${String(Math.round(age())).padStart(6)} ${what}`),
    sessions: [],
    problems: [],
    counts: { asked: 0, durable: 0, journaled: 0, refused: 0, retried: 0 },
  }
}
