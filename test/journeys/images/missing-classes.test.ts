// A session that goes on in another image hears which of its classes that image lacks: from an image that says what it has,
// through the bridge like any other message, in each dialect that the TUI speaks.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classNames } from '../../support/class-names.ts'
import { HOUR, MINUTE, SECOND } from '../../support/fixed-clock.ts'
import type { Members } from '../../support/fixtures.ts'
import { type DeskTui, type ImageDesk, startImageDesk } from '../../support/image-desk.ts'
import { type ImageStage, startImageStage } from '../../support/image-stage.ts'
import { TUI_DIALECTS } from '../../support/tui.ts'

const NAMES = ['old', 'new'] as const

/** What a fresh image has, and nothing of anybody's own. */
const FRESH = ['Object', 'OrderedCollection', 'Point', ...classNames(12_000)]

/** The bridge says nothing by the clock: what it says is of a change. */
const ONLY_CHANGES = HOUR

const WORK = {
  object_registry: { o1: { class: 'MyParser' }, o2: { class: 'OrderedCollection' } },
  workspace_context: { variables: { node: { value: 'o1', type: 'MyNode class' } } },
  inspector_state: { selected_object: 'o1', selection: { class: 'Point' } },
}

let stage: ImageStage
let desk: ImageDesk<(typeof NAMES)[number]>

beforeAll(async () => {
  stage = await startImageStage()
  desk = await startImageDesk(stage.url, NAMES, ONLY_CHANGES)
  await desk.log.nth('image_up', NAMES.length)
  for (const name of NAMES) await stage.until(name, 'Connected')
})

afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  await stage[Symbol.asyncDispose]()
})

describe.each(TUI_DIALECTS)('To a TUI that speaks dialect %s', (dialect) => {
  let tui: DeskTui

  beforeAll(async () => {
    tui = desk.tui(dialect)
    // Whoever asked often before may ask again.
    await stage.advance(MINUTE)
  })

  const begun = async (client_id: string, image_id: string) => {
    const { session_id } = await tui.run('create_session', { client_id, image_id, ...WORK })
    return (to_image_id: string, more: Members = {}) =>
      tui.run('switch_image_context', {
        ...{ session_id, from_image_id: image_id, to_image_id, ...more },
      })
  }

  /** Resolves when the bridge has told the directory of this start of the image; nobody runs out of tokens meanwhile. */
  const heardStart = async (epoch: string) => {
    for (;;) {
      await stage.advance(SECOND)
      const told = await tui.run('get_image_connection_status', { image_id: 'new' })
      if (told.epoch === epoch) return
    }
  }

  it('nothing is said of an image that has not told its classes', async () => {
    const move = await begun(`silent-${dialect}`, 'new')
    expect(await move('old')).not.toHaveProperty('missing_classes')
  })

  it('a trial and the move itself name what is missing, until the image has it', async () => {
    const report = { image_id: 'new', status: 'Connected' }
    await tui.run('report_image_status', { ...report, classes: FRESH })
    const move = await begun(`moved-${dialect}`, 'old')
    const missing = { missing_classes: ['MyNode', 'MyParser'], missing_class_count: 2 }
    expect(await move('new', { dry_run: true })).toMatchObject(missing)
    await tui.run('report_image_status', { ...report, classes: [...FRESH, 'MyNode'] })
    expect(await move('new', { dry_run: true })).toMatchObject({
      ...{ missing_classes: ['MyParser'], missing_class_count: 1 },
    })
    await tui.run('report_image_status', { ...report, classes: [...FRESH, 'MyNode', 'MyParser'] })
    expect(await move('new')).toMatchObject({ missing_classes: [], missing_class_count: 0 })
  })

  it('what the bridge says of its health, and another start of the image, change nothing of it', async () => {
    await tui.run('report_image_status', { image_id: 'new', status: 'Connected', classes: FRESH })
    await desk.images.new.kill()
    await desk.images.new.start(`another-${dialect}`)
    await heardStart(`another-${dialect}`)
    const move = await begun(`kept-${dialect}`, 'old')
    expect(await move('new')).toMatchObject({ missing_classes: ['MyNode', 'MyParser'] })
  })
})
