// One image with its sessions.

import { type Group, titleOf } from '../view/groups.ts'
import { type Image, NO_IMAGE_ID } from '../view/listed.ts'
import { agoText, countText } from '../view/units.ts'
import { visible } from '../view/visible-text.ts'
import { openCleanup } from './cleanup.ts'
import { button } from './dialog.ts'
import { fill, h, say } from './dom.ts'
import type { Panel } from './panel.ts'
import { activityPicture } from './pictures.ts'

export type ImageSection = {
  readonly element: HTMLElement
  readonly list: HTMLElement
  show(group: Group): void
  tick(now: number): void
}

let sections = 0

export function imageSection(panel: Panel, image_id: string): ImageSection {
  sections += 1
  const id = `image-${sections}`
  const title = h('bdi')
  const count = h('span', { class: 'count' })
  const badges = h('p', { class: 'badges' })
  const facts = h('dl', { class: 'facts' })
  const seen = h('dd')
  const picture = h('div', { class: 'picture' })
  const cleanup = button('Clean up…', () => openCleanup(panel, image_id))
  const list = h('ul', { class: 'sessions' })
  const empty = h('p', { class: 'quiet' }, 'No session works on this image.')
  const isReal = image_id !== NO_IMAGE_ID
  const element = h(
    'section',
    { class: 'image', 'aria-labelledby': id },
    h(
      'div',
      { class: 'image-head' },
      h('h2', { id, tabindex: -1 }, title, ' ', count),
      badges,
      isReal && picture,
      facts,
      isReal && cleanup
    ),
    list,
    empty
  )
  let image: Image | undefined
  let shown = ''
  let drawn = ''

  function show(group: Group): void {
    image = group.image
    const name = visible(titleOf(group))
    say(title, name)
    say(count, countText(group.sessions.length, 'session'))
    cleanup.setAttribute('aria-label', `Clean up ${name}…`)
    list.hidden = group.sessions.length === 0
    list.setAttribute('aria-labelledby', id)
    empty.hidden = !list.hidden
    const text = JSON.stringify(image)
    if (image !== undefined && text !== shown) showImage(image)
    shown = text
    tick(panel.machine.now())
  }

  function showImage(its: Image): void {
    element.dataset.status = its.image_status
    fill(badges, ...badgesOf(its))
    fill(
      facts,
      ...fact('Version', its.image_version),
      ...fact('Address', its.image_address),
      ...fact('Id', its.image_id),
      ...fact('Round trip', roundTripText(its)),
      h('div', {}, h('dt', {}, 'Last seen'), seen)
    )
  }

  function tick(now: number): void {
    if (!isReal) return
    const isThere = image?.connection_status === 'Connected'
    const last = Date.parse(image?.last_seen ?? '')
    say(seen, isThere || Number.isNaN(last) ? 'just now' : agoText(now - last))
    const changes = panel.model.activity.get(image_id) ?? []
    const restarts = restartsOf(panel, image_id)
    // The picture moves with the minutes, and with what happens.
    const drawing = [Math.floor(now / 60_000), changes.length, restarts.length].join()
    if (drawing === drawn) return
    drawn = drawing
    fill(picture, activityPicture(changes, restarts, now))
  }

  return { element, list, show, tick }
}

/** When the image was started anew, as far as somebody heard of it. */
function restartsOf({ model }: Panel, image_id: string): number[] {
  const moments = model.moments.get(image_id) ?? []
  return moments.filter(({ epoch }) => epoch !== undefined).map(({ at }) => at)
}

function badgesOf({ image_status, connection_status, connection_health }: Image): HTMLElement[] {
  const status = image_status === 'Connected' ? connection_status : image_status
  const badges = [h('span', { class: 'badge status', 'data-status': status }, status)]
  if (image_status === 'Connected' && connection_health !== 'Unknown') {
    badges.push(
      h('span', { class: 'badge health', 'data-health': connection_health }, connection_health)
    )
  }
  return badges
}

function roundTripText({ round_trip_ms, image_status }: Image): string {
  return round_trip_ms === undefined || image_status !== 'Connected'
    ? ''
    : `${Math.round(round_trip_ms)} ms`
}

function fact(term: string, text: string): HTMLElement[] {
  const told = h('dd', {}, h('bdi', {}, visible(text)))
  return text === '' ? [] : [h('div', {}, h('dt', {}, term), told)]
}
