// Calls of one object in the order in which they arrived: while one that changes something waits for somebody else, what
// came after it waits behind it. While nobody waits, everything is answered at once.

export type Line = {
  /** Does the work when it is its turn; what `holds` lets nothing pass before it is done. */
  inTurn<T>(holds: boolean, work: () => T | Promise<T>): T | Promise<T>
}

export function createLine(): Line {
  /** The end of the line; undefined while nobody is in it. It never fails. */
  let last: Promise<void> | undefined

  return {
    inTurn: (holds, work) => {
      const result = last === undefined ? work() : last.then(work)
      if (holds && result instanceof Promise) {
        const over = () => {
          if (last === end) last = undefined
        }
        const end = result.then(over, over)
        last = end
      }
      return result
    },
  }
}
