// How far a stream has been told: which change is the next one, which was told before, and whether one is missing.

export type Sequence = {
  /** The last sequence that was told; undefined before the stream was opened for the first time. */
  position(): number | undefined
  /** The stream was opened behind `after`; true if that is not where it ended. */
  opened(after: number): boolean
  /**
   * What a change is: the next one; told before; behind a gap that asking again may fill; or behind one that stays,
   * because it is the first of a stream that was asked for from the last position.
   */
  take(sequence: number): 'next' | 'told' | 'gap' | 'jump'
}

/** `hasGaps` is true for a stream that tells its listener only some of its changes. */
export function createSequence(hasGaps = false): Sequence {
  let position: number | undefined
  let isFirst = false

  function take(sequence: number): ReturnType<Sequence['take']> {
    const last = position ?? 0
    if (sequence <= last) return 'told'
    const isNext = hasGaps || sequence === last + 1
    if (!isNext && !isFirst) return 'gap'
    position = sequence
    isFirst = false
    return isNext ? 'next' : 'jump'
  }

  return {
    position: () => position,
    opened: (after) => {
      const isElsewhere = after !== position
      position = after
      isFirst = true
      return isElsewhere
    },
    take,
  }
}
