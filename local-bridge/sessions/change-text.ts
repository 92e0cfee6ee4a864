// One change as a line, for those who watch without a screen that can be drawn anew: a file, a pipe, a log.

import { isoTime } from '../../src/clock.ts'
import type { RestartHeard, SessionHeard } from '../../src/panel/view/heard.ts'
import type { Image, Session } from '../../src/panel/view/listed.ts'
import { bytesText } from '../../src/panel/view/units.ts'
import { harmless } from './harmless.ts'
import { type Line, piece } from './line.ts'
import { sessionName } from './list-text.ts'
import { padded } from './width.ts'

/** Columns of the word that says what happened; the longest is Disconnected. */
const WORD_COLUMNS = 12

/** What happened to a session; `session` is what is known of it, if anything. */
export function sessionLine(heard: SessionHeard, session: Session | undefined): Line {
  const { at, type, client_id, revision, state_bytes, session_id } = heard
  const word = type.slice(type.indexOf('.') + 1)
  const name = sessionName({ session_id, name: session?.name ?? '' })
  return [
    piece(`${timeText(at)}  `, 'faint'),
    piece(padded(harmless(word), WORD_COLUMNS)),
    piece(`  ${harmless(client_id)}  revision ${revision}, ${bytesText(state_bytes)}  `, 'faint'),
    piece(name, 'strong'),
  ]
}

/** How an image is now. */
export function imageLine(image: Image, now: number): Line {
  const { image_status, connection_status, image_name, image_id } = image
  const state = image_status === 'Orphaned' ? image_status : connection_status
  return [
    piece(`${timeText(now)}  `, 'faint'),
    piece(padded(state, WORD_COLUMNS), state === 'Connected' ? 'good' : 'bad'),
    piece('  image  ', 'faint'),
    piece(harmless(image_name || image_id), 'strong'),
  ]
}

/** An image was started anew; `image` is what is known of it, if anything. */
export function restartLine({ at, image_id }: RestartHeard, image: Image | undefined): Line {
  return [
    piece(`${timeText(at)}  `, 'faint'),
    piece(padded('Restarted', WORD_COLUMNS), 'warning'),
    piece('  image  ', 'faint'),
    piece(harmless(image?.image_name || image_id), 'strong'),
  ]
}

function timeText(at: number): string {
  return Number.isFinite(at) ? isoTime(at) : ''
}
