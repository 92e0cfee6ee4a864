// Adding to a history: order, spelling and limits.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonText } from '../../src/protocol/json-text.ts'
import { MAX_HISTORY_BYTES, MAX_HISTORY_ENTRIES } from '../../src/protocol/limits.ts'
import { appended, entriesOf } from '../../src/session/history.ts'
import { jsonContainerText } from '../support/engine-json.ts'

const text = (value: string) => value as JsonText

describe('A history', () => {
  it('keeps what it is given first as the text that came', () => {
    expect(appended(undefined, text('[ 1 ,2]'))).toEqual({ text: '[ 1 ,2]', forgotten: 0 })
    expect(appended(text('[]'), text('[ 1 ]')).text).toBe('[ 1 ]')
  })

  it('is a list, even of one entry', () => {
    expect(appended(undefined, text('{"a":1}')).text).toBe('[{"a":1}]')
  })

  it('keeps every entry to the letter, in order', () => {
    const additions = fc.array(jsonContainerText, { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(additions, (added) => {
        const all = added.reduce<JsonText | undefined>(
          (kept, next) => appended(kept, text(next)).text,
          undefined
        )
        expect(entriesOf(all ?? text('[]'))).toEqual(added.flatMap((next) => entriesOf(text(next))))
      }),
      { seed: 108, numRuns: 300 }
    )
  })

  it('never exceeds its limits, and keeps the newest entries', () => {
    const entry = fc.integer({ min: 1, max: 3000 }).map((length) => `"${'é'.repeat(length)}"`)
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 300 }), (entries) => {
        const { text: kept, forgotten } = appended(text('["old"]'), text(`[${entries.join()}]`))
        expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(MAX_HISTORY_BYTES)
        expect(entriesOf(kept)).toEqual(['"old"', ...entries].slice(forgotten))
        const one = ['"old"', ...entries].slice(Math.max(0, forgotten - 1)).join()
        if (forgotten > 0) expect(Buffer.byteLength(`[${one}]`)).toBeGreaterThan(MAX_HISTORY_BYTES)
      }),
      { seed: 109, numRuns: 50 }
    )
  })

  it('may fill its bytes to the last one', () => {
    const rest = MAX_HISTORY_BYTES - '["old",""]'.length
    const [fits, exceeds] = [rest, rest + 1].map((length) => text(`"${'x'.repeat(length)}"`))
    expect(appended(text('["old"]'), fits ?? text('')).forgotten).toBe(0)
    expect(appended(text('["old"]'), exceeds ?? text('')).forgotten).toBe(1)
  })

  it('that was set too long is cut when something is added', () => {
    const long = JSON.stringify(Array.from({ length: MAX_HISTORY_ENTRIES + 5 }, (_, n) => n))
    expect(appended(text(long), text('"new"')).forgotten).toBe(6)
    expect(appended(text(long), text('[]'))).toEqual({ text: long, forgotten: 0 })
  })
})
