// What the demo shows, and what it counts. Ids and long JSON are shortened here and nowhere else.

import { styleText } from 'node:util'

export type Tally = { messages: number; answers: number; checks: number; differences: number }

export type Show = {
  readonly tally: Readonly<Tally>
  heading(text: string): void
  note(text: string): void
  message(who: string, text: string): void
  answer(who: string, text: string, isSuccess: boolean): void
  /** Says whether a claim holds. */
  check(claim: string, holds: boolean): void
}

export type Screen = {
  readonly isTerminal: boolean
  readonly columns: number
  write(text: string): void
}

type Style = 'bold' | 'dim' | 'cyan' | 'green' | 'red' | 'yellow'

const NAME_COLUMNS = 6

/** What stands behind the name and the arrow is aligned. */
const INDENT = ' '.repeat(2 + NAME_COLUMNS + 3)

const MOST_LINES = 3

export function createShow({ isTerminal, columns, write }: Screen): Show {
  const tally: Tally = { messages: 0, answers: 0, checks: 0, differences: 0 }
  const styled = (style: Style, text: string) => (isTerminal ? styleText(style, text) : text)

  function line(who: string, sign: string, style: Style, text: string) {
    const [first = '', ...more] = wrapped(shortIds(text), columns - INDENT.length)
    write(`  ${who.padEnd(NAME_COLUMNS)} ${styled(style, sign)} ${first}\n`)
    for (const rest of more) write(`${INDENT}${rest}\n`)
  }

  return {
    tally,
    heading: (text) => write(`\n${styled('bold', text)}\n`),
    note: (text) => write(`  ${styled('dim', text)}\n`),
    message: (who, text) => {
      tally.messages += 1
      line(who, '→', 'cyan', text)
    },
    answer: (who, text, isSuccess) => {
      tally.answers += 1
      line(who, '←', isSuccess ? 'green' : 'yellow', text)
    },
    check: (claim, holds) => {
      tally.checks += 1
      if (!holds) tally.differences += 1
      write(`  ${holds ? styled('green', '✓') : styled('red', '✗ NOT TRUE:')} ${claim}\n`)
    },
  }
}

/** `session_1_1735567800_0a1b…y9Z0` */
function shortIds(text: string): string {
  return text.replace(/(session_\d+_\d+_\w{4})\w+(\w{4})/g, '$1…$2')
}

function wrapped(text: string, room: number): string[] {
  const most = room * MOST_LINES
  const shown = text.length <= most ? text : `${text.slice(0, most - 1)}…`
  return shown.match(new RegExp(`.{1,${room}}`, 'gs')) ?? []
}
