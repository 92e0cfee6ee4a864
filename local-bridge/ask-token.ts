// Asks for a token on the terminal and shows nothing of what is typed.

/** The part of a terminal's input that is needed here. */
export type Keyboard = {
  readonly isTTY?: boolean
  setRawMode(raw: boolean): unknown
  resume(): unknown
  pause(): unknown
  on(event: 'data', hear: (chunk: Buffer) => void): unknown
  off(event: 'data', hear: (chunk: Buffer) => void): unknown
}

const ENDS: ReadonlySet<string> = new Set(['\r', '\n', '\u0004'])
const ERASES: ReadonlySet<string> = new Set(['\b', '\u007f'])
const CTRL_C = '\u0003'

/** What was typed before Enter; undefined where there is no terminal, or after Ctrl-C. */
export async function askToken(
  keyboard: Keyboard,
  show: (text: string) => void
): Promise<string | undefined> {
  if (keyboard.isTTY !== true) return undefined
  show('Token (not shown): ')
  // Raw: the terminal repeats nothing, and Ctrl-C comes as a character.
  keyboard.setRawMode(true)
  try {
    return await typed(keyboard)
  } finally {
    keyboard.setRawMode(false)
    keyboard.pause()
    show('\n')
  }
}

function typed(keyboard: Keyboard): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = ''
    const end = (result: string | undefined) => {
      keyboard.off('data', hear)
      resolve(result)
    }
    const hear = (chunk: Buffer) => {
      for (const character of chunk.toString()) {
        if (character === CTRL_C) return end(undefined)
        if (ENDS.has(character)) return end(text)
        text = ERASES.has(character) ? text.slice(0, -1) : text + character
      }
    }
    keyboard.on('data', hear)
    keyboard.resume()
  })
}
