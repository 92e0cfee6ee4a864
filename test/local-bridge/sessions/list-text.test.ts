import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rendered } from '../../../local-bridge/sessions/line.ts'
import { listLines } from '../../../local-bridge/sessions/list-text.ts'
import { widthOf } from '../../../local-bridge/sessions/width.ts'
import { groupsOf } from '../../../src/panel/view/groups.ts'
import type { Image, ListedSession as Session } from '../../../src/panel/view/listed.ts'
import { createModel } from '../../../src/panel/view/model.ts'
import { listImageSessions } from '../../../src/protocol/commands/list-image-sessions.ts'

const { sessions, images } = listImageSessions.result.parse(listImageSessions.example.result)
const SESSION = first(sessions)
const IMAGE = first(images)
const NOW = Date.parse('2025-08-30T10:50:00.000Z')

function first<Value>([value]: readonly Value[]): Value {
  if (value === undefined) throw new Error('the example names none')
  return value
}

/** The lines of a list as they are written. */
function shown(
  sessions: readonly Partial<Session>[],
  images: readonly Partial<Image>[] = [{}],
  columns?: number
): string[] {
  const model = createModel()
  model.take({
    ...{ toldAt: NOW, image_id: undefined, isWhole: true, hasClosed: true },
    sessions: sessions.map((its, n) => ({
      ...SESSION,
      session_id: `session_${n + 1}_1_x`,
      ...its,
    })),
    images: images.map((its) => ({ ...IMAGE, ...its })),
  })
  const lines = listLines(groupsOf(model, { text: '', closed: true, now: NOW }), NOW)
  return lines.map((line) => rendered(line, { columns, isColoured: false }))
}

describe('the list for people', () => {
  it('shows each image with its sessions, and those without an image last', () => {
    const lines = shown(
      [
        { image_id: '', name: 'Loose ends' },
        { name: 'Refactoring', state_bytes: 2100 },
        { status: 'closed', client_id: 'till', name: '' },
      ],
      [{ last_seen: '2025-08-30T10:49:48.000Z', round_trip_ms: 0.6 }]
    )
    expect(lines).toEqual([
      '  CLIENT      STATE               SIZE    REV  USED            SESSION',
      'Image Pharo 12  12.0  pharo-12',
      '  Connected  Healthy  0.6 ms  seen 12 s ago  localhost:5555',
      '  client_001  active 55 min 00 s  2.1 KB  3    5 min 00 s ago  Refactoring',
      '  till        closed              216 B   3    5 min 00 s ago  session 3',
      '',
      'No image',
      '  client_001  active 55 min 00 s  216 B   3    5 min 00 s ago  Loose ends',
      '',
      '3 sessions, 1 image',
    ])
  })

  it('shows how each session stands', () => {
    const standing = (its: Partial<Session>, image: Partial<Image> = {}) =>
      shown([its], [image])[3]?.slice(14, 34).trim()
    expect(standing({ time_until_expiry: 60 })).toMatch(/^active 1 min 00 s/)
    expect(standing({ status: 'expired', time_until_expiry: 0 })).toMatch(/^expired/)
    expect(standing({}, { image_status: 'Orphaned' })).toMatch(/^orphaned/)
    expect(shown([{}], [{ image_status: 'Orphaned' }]).at(-1)).toBe(
      '1 session, 1 orphaned, 1 image'
    )
  })

  it('shows an image without sessions, and the state of one that is away', () => {
    const away = { status: 'Disconnected', connection_status: 'Failed' } as const
    expect(
      shown([], [{ ...away, image_status: 'Disconnected', connection_health: 'Critical' }])
    ).toEqual([
      'Image Pharo 12  12.0  pharo-12',
      '  Failed  Critical  seen 2 s ago  localhost:5555',
      '  no sessions',
      '',
      '0 sessions, 1 image',
    ])
    expect(shown([], [])).toEqual(['0 sessions, 0 images'])
  })

  it('is harmless and no wider than the terminal, whatever anybody called anything', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\u001b[2J<script>',
        '\u202eabc',
        '👩‍🚀'.repeat(120),
        'שלום\n',
        '漢'.repeat(99)
      )
    )
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 1, max: 120 }), (a, b, c, columns) => {
        const named = { image_id: a, image_name: b, image_version: c, image_address: a }
        const lines = shown([{ ...named, name: c, client_id: b, session_id: a }], [named], columns)
        for (const line of lines) {
          expect(line).not.toMatch(/\p{Control}/u)
          expect(line).not.toMatch(/[\u202a-\u202e\u2066\u2067]/)
          expect(widthOf(line)).toBeLessThanOrEqual(columns)
        }
      }),
      { numRuns: 300 }
    )
  })

  it('keeps its columns one below the other, whatever stands in a name', () => {
    const names = ['a', '👩‍🚀'.repeat(9), '漢字', '\u202e\u001b[9C']
    const at = shown(names.map((name) => ({ name })))
      .filter((line) => line.startsWith('  client_001'))
      .map((line) => line.indexOf(' ago  '))
    expect(new Set(at).size).toBe(1)
  })
})
