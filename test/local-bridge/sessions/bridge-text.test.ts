// How far bridges are behind, as a terminal shows it below the sessions.

import { describe, expect, it } from 'vitest'
import { bridgeLines } from '../../../local-bridge/sessions/bridge-text.ts'
import { rendered } from '../../../local-bridge/sessions/line.ts'
import { listJson } from '../../../local-bridge/sessions/list-json.ts'
import { listLines } from '../../../local-bridge/sessions/list-text.ts'
import { bridgesByClient } from '../../../src/panel/view/bridge-line.ts'
import { EXAMPLE_BRIDGE } from '../../../src/protocol/bridge-fields.ts'
import { NOW } from '../../panel/view/scene.ts'

const [{ oldest_at: _, ...example }] = EXAMPLE_BRIDGE.clients
const quiet = { ...example, records: 0, bytes: 0 }

/** A bridge that serves these clients. */
const bridges = (name: string, ...clients: object[]) =>
  bridgesByClient([
    { ...EXAMPLE_BRIDGE, name, clients: clients.map((its) => ({ ...quiet, ...its })) },
  ])

const text = (lines: ReturnType<typeof bridgeLines>) =>
  lines.map((line) => rendered(line, { columns: 80, isColoured: false }))

describe('the bridges below a list', () => {
  it('have a line for each client, in the words of the page', () => {
    const known = bridges('', { client_id: 'till', refused: 3 }, { client_id: 'client_001' })
    expect(text(bridgeLines(known, NOW))).toEqual([
      '',
      'Bridges',
      '  client_001  bridge in step',
      '  till        3 refused on the bridge',
    ])
    expect(text(listLines([], NOW, known))).toEqual(
      expect.arrayContaining(['  client_001  bridge in step'])
    )
  })

  it('are left out where none is known', () => {
    expect(bridgeLines(new Map(), NOW)).toEqual([])
  })

  it('can be called anything without a terminal acting on it', () => {
    const known = bridges('\u001b[2Jdesk\u202e', { client_id: 'client_001' })
    expect(text(bridgeLines(known, NOW)).at(-1)).toBe(
      '  client_001  bridge in step (‹ESC›[2Jdesk‹RLO›)'
    )
    expect(listJson([], NOW, known)).not.toContain('\u001b')
  })
})
