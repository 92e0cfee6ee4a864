// What was heard of sessions while a list was on its way: it is newer than the list, which must not undo it.

import type { SessionHeard } from './heard.ts'

export type Meanwhile = {
  /** How much was heard until now; a list that is asked for is marked with it. */
  mark(): number
  note(heard: SessionHeard): void
  /** The last that was heard of a session since the mark. */
  since(mark: number, session_id: string): SessionHeard | undefined
  /** The lists with this mark are taken: what is older concerns no other one. */
  settle(mark: number): void
  forget(): void
}

export function createMeanwhile(): Meanwhile {
  const last = new Map<string, { readonly nth: number; readonly heard: SessionHeard }>()
  let count = 0
  return {
    mark: () => count,
    note: (heard) => {
      count += 1
      last.set(heard.session_id, { nth: count, heard })
    },
    since: (mark, session_id) => {
      const noted = last.get(session_id)
      return noted !== undefined && noted.nth > mark ? noted.heard : undefined
    },
    settle: (mark) => {
      for (const [session_id, { nth }] of last) if (nth <= mark) last.delete(session_id)
    },
    forget: () => last.clear(),
  }
}
