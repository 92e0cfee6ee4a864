import { describe, expect, it } from 'vitest'
import { routeOf, sessionIdsWithKey, verifiedRoute } from '../../src/session/session-id.ts'
import { engineHost, SECRET } from '../support/engine-host.ts'
import { seededBytes } from '../support/engine-random.ts'
import { openNodeSql } from '../support/node-sql.ts'

const OWNER = { team: 'local', client_id: 'desk' }

describe('the key of a client', () => {
  it('mints ids that the service knows as its own, with ordinal 0', () => {
    const host = engineHost(openNodeSql())
    const { key, route } = host.done('get_mint_key', { client_id: 'desk' }).result
    const ids = sessionIdsWithKey({
      key: Buffer.from(key, 'base64url'),
      random: seededBytes(3),
    })
    const minted = ids.mint(OWNER, 7, 1_756_549_800_000)
    expect(minted).toMatch(/^session_0_1756549800_/)
    expect(route).toBe(routeOf(OWNER))
    expect(verifiedRoute(minted, [SECRET])).toBe(route)
    expect(ids.isOf(OWNER, minted)).toBe(true)
    const created = host.done('create_session', { client_id: 'desk', session_id: minted })
    expect(created.result.session_id).toBe(minted)
  })

  it('knows the ids that the service has made, and no others', () => {
    const host = engineHost(openNodeSql())
    const key = Buffer.from(
      host.done('get_mint_key', { client_id: 'desk' }).result.key,
      'base64url'
    )
    const ids = sessionIdsWithKey({ key, random: seededBytes(3) })
    const { session_id } = host.done('create_session', { client_id: 'desk' }).result
    expect(ids.isOf(OWNER, session_id)).toBe(true)
    expect(ids.isOf({ ...OWNER, client_id: 'other' }, session_id)).toBe(false)
    expect(ids.isOf(OWNER, `${session_id.slice(0, -1)}~`)).toBe(false)
    const last = session_id.endsWith('0') ? '1' : '0'
    expect(ids.isOf(OWNER, session_id.slice(0, -1) + last)).toBe(false)
  })

  it('mints for no other client', () => {
    const host = engineHost(openNodeSql())
    const { key } = host.done('get_mint_key', { client_id: 'desk' }).result
    const ids = sessionIdsWithKey({ key: Buffer.from(key, 'base64url'), random: seededBytes(3) })
    const other = { team: 'local', client_id: 'other' }
    expect(verifiedRoute(ids.mint(other, 1, 0), [SECRET])).toBeUndefined()
  })

  it('is given to the owner, and to whoever may use a client that nobody owns; to nobody else', () => {
    const host = engineHost(openNodeSql())
    const { key } = host.done('get_mint_key', { client_id: 'desk' }, { subject: 'priya' }).result
    host.done('create_session', { client_id: 'desk' }, { subject: 'frida' })
    expect(host.done('get_mint_key', { client_id: 'desk' }, { subject: 'frida' }).result.key).toBe(
      key
    )
    for (const stranger of [
      { subject: 'priya' },
      { subject: 'frida', team: 'another' },
      { subject: 'frida', client_ids: ['kiosk-*'] },
    ]) {
      const refused = host.refused('get_mint_key', { client_id: 'desk' }, stranger)
      expect(refused.failure).toEqual({ reason: 'client_not_allowed', client_id: 'desk' })
    }
  })

  it('stores nothing when it is asked for', () => {
    const sql = openNodeSql()
    engineHost(sql).done('get_mint_key', { client_id: 'desk' })
    expect(sql.exec('SELECT name FROM sqlite_master')).toEqual([])
  })
})
