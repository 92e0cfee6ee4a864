// The list of images and sessions. Elements stay where they are and are filled anew; a long list is built in steps, so that
// the page answers meanwhile.

import type { Group } from '../view/groups.ts'
import type { Image, Session } from '../view/listed.ts'
import { h, put } from './dom.ts'
import { type ImageSection, imageSection } from './image-section.ts'
import type { Panel } from './panel.ts'
import { type SessionRow, sessionRow } from './session-row.ts'

type Row = SessionRow & { session: Session; image: Image | undefined }

/** Rows that are made at once. */
const STEP = 30

export type GroupsView = {
  readonly element: HTMLElement
  show(groups: readonly Group[]): void
  tick(now: number): void
}

export function groupsView(panel: Panel): GroupsView {
  const element = h('div', { class: 'groups' })
  const sections = new Map<string, ImageSection>()
  const rows = new Map<string, Row>()
  let wanted: readonly Group[] = []
  let isGoingOn = false

  function show(groups: readonly Group[]): void {
    wanted = groups
    if (!isGoingOn) step()
  }

  function step(): void {
    isGoingOn = false
    let room = STEP
    for (const [place, group] of wanted.entries()) {
      const section = sectionOf(group)
      put(element, section.element, place)
      section.show(group)
      const clients = new Set<string>()
      for (const [index, session] of group.sessions.entries()) {
        const isNew = !rows.has(session.session_id)
        if (isNew && room === 0) {
          goOn()
          return
        }
        if (isNew) room -= 1
        const row = rowOf(session, group.image)
        row.tellBridges(!clients.has(session.client_id))
        clients.add(session.client_id)
        put(section.list, row.element, index)
      }
    }
    sweep()
    element.setAttribute('aria-busy', 'false')
  }

  function goOn(): void {
    isGoingOn = true
    element.setAttribute('aria-busy', 'true')
    panel.machine.after(0, step)
  }

  function sectionOf({ image_id }: Group): ImageSection {
    const section = sections.get(image_id) ?? imageSection(panel, image_id)
    sections.set(image_id, section)
    return section
  }

  function rowOf(session: Session, image: Image | undefined): Row {
    const known = rows.get(session.session_id)
    if (known === undefined) {
      const made = { ...sessionRow(panel, session, image), session, image }
      rows.set(session.session_id, made)
      return made
    }
    if (known.session !== session || known.image !== image) known.show(session, image)
    known.session = session
    known.image = image
    return known
  }

  /** Takes away what is not wanted any more; focus that was in there goes to the list. */
  function sweep(): void {
    const ids = new Set(
      wanted.flatMap(({ sessions }) => sessions.map(({ session_id }) => session_id))
    )
    const images = new Set(wanted.map(({ image_id }) => image_id))
    for (const [id, { element: row }] of rows) if (!ids.has(id)) drop(rows, id, row)
    for (const [id, { element: section }] of sections)
      if (!images.has(id)) drop(sections, id, section)
  }

  function drop(map: Map<string, unknown>, id: string, gone: HTMLElement): void {
    const hadFocus = gone.contains(document.activeElement)
    gone.remove()
    map.delete(id)
    if (hadFocus) document.querySelector<HTMLElement>('#main')?.focus()
  }

  return {
    element,
    show,
    tick: (now) => {
      for (const section of sections.values()) section.tick(now)
      for (const row of rows.values()) row.tick(now)
    },
  }
}
