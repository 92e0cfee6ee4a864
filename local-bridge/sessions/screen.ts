// Where lines are written: a terminal, on which a picture is drawn over the one before, or anything else, where lines follow
// lines. Knows nothing of sessions.

import { type Line, piece, rendered } from './line.ts'

export type Screen = {
  /** True for a terminal. */
  readonly canRedraw: boolean
  /** Writes lines behind those that are there. */
  print(lines: readonly Line[]): void
  /** Draws lines in the place of those that are there, as many as fit above `foot`. */
  draw(lines: readonly Line[], foot: Line): void
  write(text: string): void
}

/** The part of `process.stdout` that is needed here. */
export type Output = {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
}

/** Of a terminal that does not say. */
const ROWS = 24

const HOME = '\u001b[H'
const CLEAR_LINE = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'

export function createScreen(output: Output, mayColour: boolean): Screen {
  const isTerminal = output.isTTY === true
  const text = (line: Line) =>
    rendered(line, {
      columns: isTerminal ? output.columns : undefined,
      isColoured: isTerminal && mayColour,
    })

  return {
    canRedraw: isTerminal,
    print: (lines) => void output.write(lines.map((line) => `${text(line)}\n`).join('')),
    draw: (lines, foot) => {
      // The last row stays empty: a line break in it would move the picture up.
      const room = Math.max(1, (output.rows ?? ROWS) - 2)
      const picture = [...fitting(lines, room), foot].map((line) => `${text(line)}${CLEAR_LINE}\n`)
      output.write(`${HOME}${picture.join('')}${CLEAR_BELOW}`)
    },
    write: (written) => void output.write(written),
  }
}

function fitting(lines: readonly Line[], room: number): readonly Line[] {
  if (lines.length <= room) return lines
  const hidden = lines.length - room + 1
  return [...lines.slice(0, room - 1), [piece(`… ${hidden} more lines`, 'faint')]]
}
