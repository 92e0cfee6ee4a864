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
    expect(sessions.get('s')).toBeUndefined()
  })

  it('is forgotten when an answer says that there is none any more', () => {
    const sessions = createSessionImages(10)
    sessions.learn(bytes({ result: told }))
    sessions.learn(bytes({ result: { session_id: 's', image_id: '', image_address: '' } }))
    expect(sessions.get('s')).toBeUndefined()
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
