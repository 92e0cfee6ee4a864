// What the page knows: lists replace, events change and name what has to be asked for.

import { describe, expect, it } from 'vitest'
import { createModel, type Told } from '../../../src/panel/view/model.ts'
import { heard, image, listed, NOW } from './scene.ts'

const whole = (its: Partial<Told>): Told => ({
  ...{
    toldAt: NOW,
    image_id: undefined,
    sessions: [],
    images: [],
    isWhole: true,
    hasClosed: false,
  },
  ...its,
})

const ids = (model: ReturnType<typeof createModel>) => [...model.sessions.keys()].sort()

describe('a list', () => {
  it('of everything takes away what it does not name, but for what is known to be closed', () => {
    const model = createModel()
    const closed = listed({ session_id: 'b', status: 'closed', is_active: false })
    model.take(whole({ sessions: [listed({ session_id: 'a' }), closed], images: [image()] }))
    model.take(whole({ sessions: [listed({ session_id: 'c' })] }))
    expect(ids(model)).toEqual(['b', 'c'])
    expect(model.images.size).toBe(0)
  })

  it('that has the closed ones takes away those that it does not name, too', () => {
    const model = createModel()
    const closed = listed({ session_id: 'b', status: 'closed', is_active: false })
    model.take(whole({ sessions: [listed({ session_id: 'a' }), closed] }))
    model.take(whole({ sessions: [listed({ session_id: 'c' })], hasClosed: true }))
    expect(ids(model)).toEqual(['c'])
  })

  it('of one image leaves the sessions of others alone', () => {
    const model = createModel()
    const [one, other] = [listed({ session_id: 'a', image_id: 'x' }), listed({ session_id: 'b' })]
    model.take(whole({ sessions: [one, other], images: [image({ image_id: 'x' })] }))
    model.take(whole({ image_id: 'x', sessions: [] }))
    expect(ids(model)).toEqual(['b'])
    expect([...model.images.keys()]).toEqual(['x'])
  })

  it('of which not every page was read takes nothing away', () => {
    const model = createModel()
    model.take(whole({ sessions: [listed({ session_id: 'a' })] }))
    model.take(whole({ sessions: [listed({ session_id: 'b' })], isWhole: false }))
    expect(ids(model)).toEqual(['a', 'b'])
  })
})

describe('a list that was asked for before an event', () => {
  const { session_id } = heard()
  const closed = heard({ type: 'session.closed', status: 'closed' })

  it('does not undo what was heard meanwhile, and tells the rest', () => {
    const model = createModel()
    model.take(whole({ sessions: [listed({ name: 'before' })] }))
    const mark = model.mark()
    model.hear(closed)
    model.take(whole({ sessions: [listed({ name: 'now' })] }), mark)
    expect(model.sessions.get(session_id)).toMatchObject({ name: 'now', status: 'closed' })
    model.take(whole({ sessions: [] }))
    expect(model.sessions.get(session_id)?.status).toBe('closed')
  })

  it('does not take away a session that came meanwhile', () => {
    const model = createModel()
    model.take(whole({ sessions: [listed({ image_id: 'old' })] }))
    const mark = model.mark()
    model.hear(heard({ type: 'session.moved', image_id: 'new' }))
    model.take(whole({ image_id: 'new', sessions: [] }), mark)
    expect(model.sessions.get(session_id)?.image_id).toBe('new')
    model.take(whole({ image_id: 'new', sessions: [] }))
    expect(model.sessions.size).toBe(0)
  })

  it('does not bring back one that was deleted meanwhile', () => {
    const model = createModel()
    const mark = model.mark()
    model.hear(heard({ type: 'session.deleted', status: 'deleted' }))
    model.take(whole({ sessions: [listed()] }), mark)
    expect(model.sessions.size).toBe(0)
  })
})

describe('an event', () => {
  const session_id = heard().session_id

  it('changes a session at once, and keeps what it does not tell', () => {
    const model = createModel()
    model.take(whole({ sessions: [listed({ name: 'work' })] }))
    expect(model.hear(heard())).toEqual([''])
    expect(model.sessions.get(session_id)).toMatchObject({
      name: 'work',
      revision: 4,
      state_bytes: 300,
      expires_at: NOW + 3_600_000,
    })
  })

  it('of a start of an image is one moment, however many bridges tell of it', () => {
    const model = createModel()
    const restarted = (epoch: string, seconds: number) => {
      const at = NOW + seconds * 1000
      const its = { image_id: 'x', image_status: 'Connected', epoch }
      return model.hear({ type: 'image.restarted', sequence: 1, at, ...its })
    }
    expect(restarted('first', 0)).toEqual(['x'])
    restarted('first', 60)
    restarted('by another bridge', 3)
    restarted('second', 120)
    expect(model.moments.get('x')?.map(({ epoch }) => epoch)).toEqual(['first', 'second'])
  })

  it('of a session that is not known names its image', () => {
    const model = createModel()
    expect(model.hear(heard({ image_id: 'x' }))).toEqual(['x'])
    expect(model.sessions.size).toBe(0)
  })

  it('of a session that moved names both images', () => {
    const model = createModel()
    model.take(whole({ sessions: [listed({ image_id: 'old' })] }))
    expect(model.hear(heard({ type: 'session.moved', image_id: 'new' }))).toEqual(['old', 'new'])
    expect(model.sessions.get(session_id)?.image_id).toBe('new')
  })

  it('of a deletion takes the session away', () => {
    const model = createModel()
    model.take(whole({ sessions: [listed()] }))
    model.hear(heard({ type: 'session.deleted', status: 'deleted' }))
    expect(model.sessions.size).toBe(0)
  })

  it('of an image names it, and is a moment in the lives of its sessions', () => {
    const model = createModel()
    const changed = { type: 'image.changed', sequence: 1, at: NOW, image_id: 'x' } as const
    expect(model.hear({ ...changed, image_status: 'Orphaned' })).toEqual(['x'])
    expect(model.moments.get('x')).toEqual([{ at: NOW, image_status: 'Orphaned' }])
  })

  it('of an image that is late, or slow, is no moment: it is as connected as before', () => {
    const model = createModel()
    const changed = { type: 'image.changed', sequence: 1, at: NOW, image_id: 'x' } as const
    for (const image_status of ['Connected', 'Connected', 'Disconnected', 'Connected']) {
      model.recall({ ...changed, image_status })
    }
    const statuses = model.moments.get('x')?.map(({ image_status }) => image_status)
    expect(statuses).toEqual(['Connected', 'Disconnected', 'Connected'])
  })

  it('from before the page was opened is activity, and changes nothing', () => {
    const model = createModel()
    model.take(whole({ sessions: [listed({ revision: 9 })] }))
    model.recall(heard({ at: NOW - 1000 }))
    expect(model.sessions.get(session_id)?.revision).toBe(9)
    expect(model.activity.get('')).toEqual([NOW - 1000])
  })
})
