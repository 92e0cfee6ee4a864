import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { askToken, type Keyboard } from '../../local-bridge/ask-token.ts'

/** A terminal as the platform shows it, with somebody typing. */
function terminal(isTTY = true) {
  const raw: boolean[] = []
  const events = new EventEmitter<{ data: [Buffer] }>()
  const keyboard: Keyboard = {
    isTTY,
    setRawMode: (on) => raw.push(on),
    resume: () => {},
    pause: () => {},
    on: (event, hear) => events.on(event, hear),
    off: (event, hear) => events.off(event, hear),
  }
  const shown: string[] = []
  return {
    ...{ raw, shown },
    ask: () => askToken(keyboard, (text) => shown.push(text)),
    type: (text: string) => events.emit('data', Buffer.from(text)),
    listeners: () => events.listenerCount('data'),
  }
}

describe('the question for a token', () => {
  it('shows nothing of what is typed and takes erasing into account', async () => {
    const { ask, type, shown, raw, listeners } = terminal()
    const token = ask()
    for (const typed of ['abX', '\u007f', 'cd', '\r']) type(typed)
    expect(await token).toBe('abcd')
    expect(shown.join('')).toBe('Token (not shown): \n')
    expect(raw).toEqual([true, false])
    expect(listeners()).toBe(0)
  })

  it('takes what is pasted with its line end', async () => {
    const { ask, type } = terminal()
    const token = ask()
    type('pasted\n')
    expect(await token).toBe('pasted')
  })

  it('is given up with Ctrl-C', async () => {
    const { ask, type, raw } = terminal()
    const token = ask()
    type('ab\u0003')
    expect(await token).toBeUndefined()
    expect(raw).toEqual([true, false])
  })

  it('is not put where there is no terminal', async () => {
    const { ask, shown } = terminal(false)
    expect(await ask()).toBeUndefined()
    expect(shown).toEqual([])
  })
})
