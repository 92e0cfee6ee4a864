// Ids of objects over whole histories of sessions, held against a model that remembers for each id when it was given.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unreported } from '../../src/image/record.ts'
import { testCipher } from '../support/engine-cipher.ts'
import { engineHost } from '../support/engine-host.ts'
import type { SendOptions } from '../support/engine-send.ts'
import { CLIENT } from '../support/engine-sessions.ts'
import { openNodeSql } from '../support/node-sql.ts'

type Image = 'x' | 'y'

type Given = { readonly image_id: string; readonly epoch: string }

type Step =
  | { readonly kind: 'replace' | 'save'; readonly ids: readonly string[] }
  | { readonly kind: 'merge'; readonly ids: readonly string[]; readonly gone: readonly string[] }
  | { readonly kind: 'restart' | 'move' | 'switch' | 'update' }

const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'é', '7'), {
  maxLength: 5,
})

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('replace' as const, 'save' as const), ids }),
  fc.record({ kind: fc.constant('merge' as const), ids, gone: ids }),
  fc.record({ kind: fc.constantFrom('restart', 'move', 'switch', 'update') })
)

/** A step, and whether the directory can be asked at that moment. */
const steps = fc.array(fc.tuple(step, fc.boolean(), fc.boolean()), { maxLength: 24 })

/** A registry as text; its ids stand at the top or in `objects`. */
function registryText(members: readonly (readonly [string, string])[], isInner: boolean): string {
  const inner = members.map(([id, value]) => `${JSON.stringify(id)}:${value}`).join(',')
  return isInner ? `{"objects":{${inner}}}` : `{${inner}}`
}

function play(history: readonly (readonly [Step, boolean, boolean])[], isInner: boolean): void {
  using sql = openNodeSql()
  const host = engineHost(sql, {
    limits: { commands: { perMinute: 1, burst: 1e9 } },
    cipher: testCipher('a'),
  })
  const starts: Record<string, number> = { x: 1, y: 1 }
  let image: Image = 'x'
  let known = new Map<string, Given>()
  const epochOf = (id: string) => `${id} ${starts[id]}`
  const directory: SendOptions = {
    images: ({ ids: wanted }) => wanted.map((id) => ({ ...unreported(id, 0), epoch: epochOf(id) })),
  }
  const value = (n: number) => ['1', `"${n}"`, '{"refs":["a"]}'][n % 3] ?? '1'
  const parameters = { client_id: CLIENT, image_id: image }
  const { session_id } = host.done('create_session', parameters, directory).result
  const registry = (text: string, more = '') =>
    `{"session_id":"${session_id}",${more}"object_registry":${text}}`

  for (const [n, [{ kind, ...change }, isAway, hasEpoch]] of history.entries()) {
    const told = isAway ? {} : directory
    const given: Given = { image_id: image, epoch: isAway ? '' : epochOf(image) }
    const [named, gone] = ['ids' in change ? change.ids : [], 'gone' in change ? change.gone : []]
    const members = named.map((id) => [id, value(n)] as const)
    switch (kind) {
      case 'replace':
      case 'save': {
        const text = registryText(members, isInner)
        if (kind === 'replace') host.done('update_session_state', registry(text), told)
        else {
          const save = `{"session_id":"${session_id}","components":{"object_registry":${text}}}`
          host.done('save_context', save, told)
        }
        known = new Map(named.map((id) => [id, given]))
        break
      }
      case 'merge': {
        const removed = gone.filter((id) => !named.includes(id))
        const patch = [...members, ...removed.map((id) => [id, 'null'] as const)]
        const merge = registry(registryText(patch, isInner), '"mode":"merge",')
        host.done('update_session_state', merge, told)
        for (const id of named) known.set(id, given)
        for (const id of removed) known.delete(id)
        break
      }
      case 'restart':
        starts[image] = (starts[image] ?? 0) + 1
        break
      case 'move':
      case 'switch': {
        const to: Image = image === 'x' ? 'y' : 'x'
        if (kind === 'move') {
          host.done('update_session_state', { session_id, image_id: to }, told)
        } else {
          const asked = { session_id, from_image_id: image, to_image_id: to }
          host.done('switch_image_context', asked, told)
        }
        image = to
        break
      }
      case 'update':
        host.done('update_session_state', { session_id, state_data: { n } }, told)
    }
    const now = { image_id: image, epoch: hasEpoch ? epochOf(image) : '' }
    const stale = [...known].filter(([, from]) => isOver(from, now)).map(([id]) => id)
    const { result } = host.done('restore_session', { session_id }, hasEpoch ? directory : {})
    expect(result.object_registry_stale).toBe(stale.length > 0)
    expect([...(result.stale_ids ?? [])].sort()).toEqual(stale.sort())
  }
}

function isOver(from: Given, now: Given): boolean {
  if (from.image_id !== now.image_id) return true
  return from.epoch !== '' && now.epoch !== '' && from.epoch !== now.epoch
}

describe('The ids of a registry', () => {
  it.each([false, true])(
    'are stale exactly if they were given before the last start, or in another image (in objects: %s)',
    (isInner) => {
      fc.assert(
        fc.property(steps, (history) => play(history, isInner)),
        { seed: 12, numRuns: 150 }
      )
    }
  )
})

describe('Ids under encryption', () => {
  it('are sealed, and known all the same; a row that cannot be opened makes nothing stale', () => {
    using sql = openNodeSql()
    const host = engineHost(sql, { cipher: testCipher('a') })
    const at = (epoch: string): SendOptions => ({
      images: ({ ids: wanted }) => wanted.map((id) => ({ ...unreported(id, 0), epoch })),
    })
    const first = { client_id: CLIENT, image_id: 'x', object_registry: { a: 1 } }
    const { session_id } = host.done('create_session', first, at('1')).result
    const merge = { session_id, mode: 'merge', object_registry: { 'my object': 2 } }
    host.done('update_session_state', merge, at('2'))
    const rows = () => sql.exec<{ later: string | Uint8Array }>('SELECT later FROM registry_epoch')
    expect(rows().map(({ later }) => typeof later)).toEqual(['string', 'object'])
    expect(Buffer.from(rows()[1]?.later ?? '').toString('latin1')).not.toContain('my object')
    expect(host.done('restore_session', { session_id }, at('2')).result.stale_ids).toEqual(['a'])
    sql.exec("UPDATE registry_epoch SET later = x'00' WHERE revision = 2")
    expect(host.done('restore_session', { session_id }, at('2')).result).toMatchObject({
      object_registry_stale: false,
    })
  })
})
