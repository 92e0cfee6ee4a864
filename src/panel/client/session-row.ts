// One session in the list. Its facts change in place, so that nothing jumps and whoever reads it is not interrupted.

import { bridgeLine } from '../view/bridge-line.ts'
import {
  type Image,
  isRunning,
  lastActivity,
  type Session,
  type Standing,
  standingOf,
} from '../view/listed.ts'
import { agoText, bytesText, durationText } from '../view/units.ts'
import { visible } from '../view/visible-text.ts'
import { h, say } from './dom.ts'
import { menuButton } from './menu.ts'
import { nameOf } from './named.ts'
import type { Panel } from './panel.ts'
import { sessionMenu } from './session-actions.ts'

export type SessionRow = {
  readonly element: HTMLElement
  /** Shows what is known now. */
  show(session: Session, image: Image | undefined): void
  /** Whether the row speaks of the bridges of its client: one of those that stand together does. */
  tellBridges(isTelling: boolean): void
  /** Lets time pass. */
  tick(now: number): void
}

const WORDS: { readonly [S in Standing]: string } = {
  active: 'Active',
  expiring: 'Expiring',
  expired: 'Expired',
  orphaned: 'Orphaned',
  closed: 'Closed',
}

export function sessionRow(
  panel: Panel,
  first: Session,
  firstImage: Image | undefined
): SessionRow {
  let session = first
  let image = firstImage
  let isTelling = false
  const name = h('bdi', { class: 'name' })
  const client = h('bdi')
  const bridge = h('bdi', { class: 'bridge', hidden: true })
  const standing = h('span', { class: 'badge' })
  const lease = h('span', { class: 'lease' })
  const size = h('span')
  const meter = h('meter', {
    min: 0,
    max: panel.config.session_bytes,
    'aria-label': 'Size against the limit',
  })
  const revision = h('span')
  const used = h('span')
  const menu = menuButton('', () => sessionMenu(panel, session))
  const element = h(
    'li',
    { class: 'session' },
    h('span', { class: 'who' }, name, h('small', {}, 'client ', client), bridge),
    h('span', { class: 'state' }, standing, lease),
    h('span', { class: 'size' }, meter, size),
    h('span', { class: 'revision' }, revision),
    h('span', { class: 'used' }, used),
    menu
  )

  function show(next: Session, nextImage: Image | undefined): void {
    session = next
    image = nextImage
    say(name, session.name === '' ? nameOf(session) : visible(session.name))
    name.classList.toggle('unnamed', session.name === '')
    say(client, visible(session.client_id))
    menu.setAttribute(
      'aria-label',
      `Actions for ${nameOf(session)} of ${visible(session.client_id)}`
    )
    meter.value = session.state_bytes
    meter.high = panel.config.session_bytes * 0.8
    say(size, bytesText(session.state_bytes))
    say(revision, `revision ${session.revision}`)
    tick(panel.machine.now())
  }

  function tick(now: number): void {
    const stands = standingOf(session, image, now)
    if (element.dataset.standing !== stands) {
      element.dataset.standing = stands
      say(standing, WORDS[stands])
    }
    const left = session.expires_at - now
    say(lease, isRunning(session, now) ? `${durationText(left)} left` : '')
    say(used, `used ${agoText(now - lastActivity(session))}`)
    tickBridges(now)
  }

  function tickBridges(now: number): void {
    const bridges = isTelling ? panel.model.bridges.get(session.client_id) : undefined
    const line = bridgeLine(bridges, now)
    bridge.hidden = line === undefined
    bridge.dataset.kind = line?.kind ?? ''
    say(bridge, visible(line?.text ?? ''))
  }

  function tellBridges(isNow: boolean): void {
    if (isNow === isTelling) return
    isTelling = isNow
    tickBridges(panel.machine.now())
  }

  show(first, firstImage)
  return { element, show, tellBridges, tick }
}
