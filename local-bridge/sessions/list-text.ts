// Sessions by image as lines that a person reads at a glance: of each image what it is and how it is, then its sessions in
// columns with the free text last, so that no name can move a column. Pure: the time comes in.

import { type Group, titleOf } from '../../src/panel/view/groups.ts'
import {
  type Image,
  lastActivity,
  NO_IMAGE_ID,
  type Session,
  standingOf,
} from '../../src/panel/view/listed.ts'
import { bytesText, countText, durationText } from '../../src/panel/view/units.ts'
import { type Bridges, bridgeLines } from './bridge-text.ts'
import { harmless } from './harmless.ts'
import { type Line, type Piece, piece, type Tone } from './line.ts'
import { clipped, padded, widthOf } from './width.ts'

/** Columns that a client id may take. */
const CLIENT_COLUMNS = 24

const GAP = '  '

type Row = { readonly cells: readonly Piece[]; readonly name: Piece }

const HEAD: Row = {
  cells: ['CLIENT', 'STATE', 'SIZE', 'REV', 'USED'].map((text) => piece(text, 'faint')),
  name: piece('SESSION', 'faint'),
}

/** The whole list; without sessions it says so. */
export function listLines(
  groups: readonly Group[],
  now: number,
  bridges: Bridges = new Map()
): Line[] {
  const rows = groups.map(({ image, sessions }) => sessions.map((one) => rowOf(one, image, now)))
  const all = [HEAD, ...rows.flat()]
  const widths = HEAD.cells.map((_, at) =>
    Math.max(...all.map(({ cells }) => widthOf(cells[at]?.text ?? '')))
  )
  const head = rows.flat().length === 0 ? [] : [lineOf(HEAD, widths)]
  return [
    ...head,
    ...groups.flatMap((group, at) => [
      ...(at === 0 ? [] : [[]]),
      ...groupLines(group, now),
      ...sessionLines(rows[at] ?? [], widths),
    ]),
    ...bridgeLines(bridges, now),
    ...(groups.length === 0 ? [] : [[]]),
    [piece(summaryOf(groups, now), 'faint')],
  ]
}

/** The name of a session, or its number among those of its client. */
export function sessionName({ name, session_id }: Pick<Session, 'name' | 'session_id'>): string {
  return name === '' ? `session ${harmless(session_id.split('_')[1] ?? '')}` : harmless(name)
}

function sessionLines(rows: readonly Row[], widths: readonly number[]): Line[] {
  if (rows.length === 0) return [[piece(`${GAP}no sessions`, 'faint')]]
  return rows.map((row) => lineOf(row, widths))
}

function lineOf({ cells, name }: Row, widths: readonly number[]): Line {
  const columns = cells.map(({ text, tone }, at) =>
    piece(`${padded(text, widths[at] ?? 0)}${GAP}`, tone)
  )
  return [piece(GAP), ...columns, name]
}

function rowOf(session: Session, image: Image | undefined, now: number): Row {
  const { client_id, state_bytes, revision } = session
  return {
    cells: [
      piece(clipped(harmless(client_id), CLIENT_COLUMNS)),
      stateOf(session, image, now),
      piece(bytesText(state_bytes)),
      piece(String(revision)),
      piece(`${durationText(now - lastActivity(session))} ago`),
    ],
    name: piece(sessionName(session), 'strong'),
  }
}

function stateOf(session: Session, image: Image | undefined, now: number): Piece {
  const standing = standingOf(session, image, now)
  const left = durationText(session.expires_at - now)
  switch (standing) {
    case 'active':
      return piece(`active ${left}`, 'good')
    case 'expiring':
      return piece(`active ${left}`, 'warning')
    case 'orphaned':
      return piece('orphaned', 'bad')
    case 'expired':
      return piece('expired', 'warning')
    case 'closed':
      return piece('closed', 'faint')
    default:
      return standing satisfies never
  }
}

function groupLines(group: Group, now: number): Line[] {
  const title = piece(harmless(titleOf(group)), 'strong')
  const { image, image_id, sessions } = group
  if (image_id === NO_IMAGE_ID) return [[title]]
  const version = image?.image_version || sessions[0]?.image_version || ''
  const id = titleOf(group) === image_id ? '' : image_id
  const rest = [version, id].filter((text) => text !== '').map((text) => harmless(text))
  const about: Line = [
    piece('Image '),
    title,
    ...rest.map((text) => piece(`${GAP}${text}`, 'faint')),
  ]
  return image === undefined ? [about] : [about, factsOf(image, now)]
}

function factsOf(image: Image, now: number): Line {
  const { connection_status, connection_health, round_trip_ms, last_seen, image_address } = image
  const isKnown = image.image_status !== 'Unknown'
  const state = image.image_status === 'Orphaned' ? 'Orphaned' : connection_status
  const facts = [
    ...(round_trip_ms !== undefined && image.status === 'Connected'
      ? [`${Math.round(round_trip_ms * 10) / 10} ms`]
      : []),
    ...(isKnown ? [`seen ${durationText(now - Date.parse(last_seen))} ago`] : []),
    ...(image_address === '' ? [] : [harmless(image_address)]),
  ]
  return [
    piece(`${GAP}${state}`, TONES[state]),
    ...(isKnown ? [piece(`${GAP}${connection_health}`, HEALTHS[connection_health])] : []),
    ...facts.map((fact) => piece(`${GAP}${fact}`, 'faint')),
  ]
}

const TONES: Readonly<Record<Image['connection_status'] | 'Orphaned', Tone>> = {
  Connected: 'good',
  Reconnecting: 'warning',
  Disconnected: 'bad',
  Failed: 'bad',
  Orphaned: 'bad',
  Unknown: 'faint',
}

const HEALTHS: Readonly<Record<Image['connection_health'], Tone>> = {
  Healthy: 'good',
  Warning: 'warning',
  Critical: 'bad',
  Unknown: 'faint',
}

function summaryOf(groups: readonly Group[], now: number): string {
  const sessions = groups.flatMap((group) =>
    group.sessions.map((one) => standingOf(one, group.image, now))
  )
  const images = groups.filter(({ image_id }) => image_id !== NO_IMAGE_ID).length
  const orphaned = sessions.filter((standing) => standing === 'orphaned').length
  const rest = orphaned === 0 ? '' : `, ${orphaned} orphaned`
  return `${countText(sessions.length, 'session')}${rest}, ${countText(images, 'image')}`
}
