import { describe, expect, it } from 'vitest'
import { createSessionImages, tellsImage } from '../../../local-bridge/images/session-images.ts'

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))

describe('the image of a session', () => {
  const told = { session_id: 's', image_id: 'main', image_address: '127.0.0.1:1' }

  it.each([
    ['dialect A', { id: 1, status: 'success', result: told }],
    ['dialect D', { response_type: 'CreateSession', data: told }],
    ['dialect C', { payload: { type: 'Response', data: { data: told } } }],
  ])('is learned from an answer of %s', (_, answer) => {
    const sessions = createSessionImages(10)
    sessions.learn(bytes(answer))
    expect(sessions.get('s')).toEqual({ image_id: 'main', image_address: '127.0.0.1:1' })
  })

  it('is not taken from the state that belongs to the developer', () => {
    const sessions = createSessionImages(10)
    const session_state = { session_id: 's', image_id: 'other', result: told }
    sessions.learn(bytes({ result: { session_id: 's', image_id: '', session_state } }))
    expect(sessions.get('s')).toEqual({})
  })

  it('is known to be none when an answer says that there is none any more', () => {
    const sessions = createSessionImages(10)
    sessions.learn(bytes({ result: told }))
    sessions.learn(bytes({ result: { session_id: 's', image_id: '', image_address: '' } }))
    expect(sessions.get('s')).toEqual({})
  })

  it('is not another one because somebody has asked what moving it would do', () => {
    const sessions = createSessionImages(10)
    sessions.learn(bytes({ result: told }))
    const asked = { session_id: 's', to_image_id: 'other', image_id: 'other', dry_run: true }
    sessions.learn(bytes({ result: asked }))
    expect(sessions.get('s')).toEqual({ image_id: 'main', image_address: '127.0.0.1:1' })
  })

  it('is asked of what is kept on this machine where no answer has told it', () => {
    const kept = (id: string) => (id === 's' ? { image_id: 'kept' } : undefined)
    const sessions = createSessionImages(10, kept)
    expect([sessions.get('s'), sessions.get('t')]).toEqual([{ image_id: 'kept' }, undefined])
    sessions.learn(bytes({ result: told }))
    expect(sessions.get('s')).toMatchObject({ image_id: 'main' })
  })

  it('is remembered for as many sessions as there is room', () => {
    const sessions = createSessionImages(2)
    for (const session_id of ['a', 'b', 'c'])
      sessions.learn(bytes({ result: { ...told, session_id } }))
    expect(['a', 'b', 'c'].map((id) => sessions.get(id) !== undefined)).toEqual([false, true, true])
  })

  it('is not looked for where no answer tells it', () => {
    expect(tellsImage('restore_session', undefined)).toBe(true)
    expect(tellsImage('update_session_state', undefined)).toBe(false)
    expect(tellsImage('update_session_state', { image_id: 'main' })).toBe(true)
    expect(tellsImage('close_session', undefined)).toBe(false)
    const sessions = createSessionImages(2)
    for (const nothing of ['', 'null', '[]', '{"result":{}}']) sessions.learn(Buffer.from(nothing))
  })
})
