// The classes of an image, as many as are asked for.

/** Names as long as those of a Smalltalk image are on average. */
export function classNames(count: number): string[] {
  return Array.from(
    { length: count },
    (_, n) => `RBProgramNodeVisitor${String(n).padStart(5, '0')}`
  )
}
