// How far the bridges of each client are behind, as lines for a terminal: what the page says beside the client.

import { type BridgeLine, bridgeLine, type ClientBridge } from '../../src/panel/view/bridge-line.ts'
import { harmless } from './harmless.ts'
import { type Line, piece, type Tone } from './line.ts'
import { clipped, padded, widthOf } from './width.ts'

/** What is known of the bridges of each client. */
export type Bridges = ReadonlyMap<string, readonly ClientBridge[]>

/** Columns that a client id may take. */
const CLIENT_COLUMNS = 24

const GAP = '  '

const KINDS: Readonly<Record<BridgeLine['kind'], Tone>> = {
  in_step: 'faint',
  behind: 'warning',
  silent: 'warning',
  stuck: 'bad',
}

/** Nothing where no bridge is known. */
export function bridgeLines(bridges: Bridges, now: number): Line[] {
  const clients = [...bridges.keys()].sort()
  const width = Math.min(CLIENT_COLUMNS, Math.max(...clients.map((id) => widthOf(harmless(id)))))
  const lines = clients.map((client_id): Line => {
    const line = bridgeLine(bridges.get(client_id), now)
    const client = padded(clipped(harmless(client_id), CLIENT_COLUMNS), width)
    if (line === undefined) return []
    return [piece(`${GAP}${client}${GAP}`), piece(harmless(line.text), KINDS[line.kind])]
  })
  return lines.length === 0 ? [] : [[], [piece('Bridges', 'strong')], ...lines]
}
