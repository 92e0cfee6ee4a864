// Which clients a principal may speak for.

import { describe, expect, it } from 'vitest'
import { LOCAL_PRINCIPAL, LOCAL_TEAM } from '../../src/access/principal.ts'
import { mayUseClient } from '../../src/protocol/client-pattern.ts'

describe('The clients of a principal', () => {
  it.each([
    { client_ids: [], client: 'anything', may: true },
    { client_ids: ['till'], client: 'till', may: true },
    { client_ids: ['till'], client: 'till-2', may: false },
    { client_ids: ['till'], client: 'Till', may: false },
    { client_ids: ['kiosk-*'], client: 'kiosk-7', may: true },
    { client_ids: ['kiosk-*'], client: 'kiosk-', may: true },
    { client_ids: ['kiosk-*'], client: 'kiosk', may: false },
    { client_ids: ['kiosk-*'], client: 'a-kiosk-7', may: false },
    { client_ids: ['till', 'kiosk-*'], client: 'kiosk-7', may: true },
    { client_ids: ['*'], client: 'anything', may: true },
  ])('$client_ids covers $client: $may', ({ client_ids, client, may }) => {
    expect(mayUseClient({ ...LOCAL_PRINCIPAL, client_ids }, client)).toBe(may)
  })

  it('are all clients of the team local on the free tier where authentication is off', () => {
    expect(LOCAL_PRINCIPAL).toMatchObject({ team: LOCAL_TEAM, role: 'admin', tier: 'free' })
    expect(mayUseClient(LOCAL_PRINCIPAL, 'anything')).toBe(true)
  })
})
