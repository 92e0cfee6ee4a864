// A move that tells which classes are missing, from end to end inside workerd: the object asks the directory, which keeps
// one list for each image and bridge.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { LOCAL_TEAM } from '../../src/access/principal.ts'
import { MAX_REPORTED_CLASSES } from '../../src/protocol/limits.ts'
import { classNames } from '../support/class-names.ts'
import { ask, openSession } from '../support/engine-door.ts'

const directory = () => env.TEAMS.getByName(LOCAL_TEAM)

const report = (image_id: string, more: object = {}) =>
  ask('report_image_status', { image_id, status: 'Connected', ...more })

const opened = (client_id: string) =>
  openSession(client_id, {
    image_id: 'here',
    object_registry: { o1: { class: 'MyParser' }, o2: { class: 'Point' } },
  })

describe('A session that is switched to another image', () => {
  it('hears what is missing there, from a directory that has slept since', async () => {
    const classes = [...classNames(MAX_REPORTED_CLASSES - 1), 'Point']
    expect((await report('there', { classes })).status).toBe('success')
    await evictDurableObject(directory())
    await report('there')
    const session_id = await opened('mo')
    const move = { session_id, from_image_id: 'here', to_image_id: 'there' }
    const { result } = await ask('switch_image_context', move)
    expect(result).toMatchObject({ missing_classes: ['MyParser'], missing_class_count: 1 })
  })

  it('hears nothing of classes from a bridge that told the image alone', async () => {
    await report('untold')
    const session_id = await opened('una')
    const move = { session_id, from_image_id: 'here', to_image_id: 'untold' }
    const { result } = await ask('switch_image_context', move)
    expect(result).toMatchObject({ image_id: 'untold' })
    expect(result).not.toHaveProperty('missing_classes')
  })
})

describe('The largest list of classes', () => {
  it('is one row, of half the bytes that a row may have', async () => {
    const classes = classNames(MAX_REPORTED_CLASSES)
    await report('large', { classes })
    const rows = await runInDurableObject(directory(), (_, { storage }) =>
      storage.sql
        .exec<{ bytes: number }>(
          "SELECT length(classes) AS bytes FROM class_list WHERE image_id = 'large'"
        )
        .toArray()
    )
    expect(rows).toEqual([{ bytes: JSON.stringify(classes).length }])
    expect(rows[0]?.bytes).toBeLessThan(1024 * 1024)
  })

  it('is refused with a name more, and the image is told nothing', async () => {
    const refused = await report('larger', { classes: classNames(MAX_REPORTED_CLASSES + 1) })
    expect(refused).toMatchObject({ status: 'error', error_code: 'invalid_parameter' })
    const { result } = await ask('get_image_connection_status', { image_id: 'larger' })
    expect(result).toMatchObject({ status: 'Unknown' })
  })
})
