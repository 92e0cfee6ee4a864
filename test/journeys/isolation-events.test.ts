// Nobody hears what is not theirs: sockets of a client and of a team × everybody with a good token. To a stranger the
// stream of somebody else's client is one of a client that was never there: it opens alike and stays silent.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UserName } from '../../local-bridge/stack/stui-api/users.ts'
import type { Members } from '../support/fixtures.ts'
import { type IdentityStack, startIdentityStack } from '../support/identity-stack.ts'
import { type Query, watchRaw } from '../support/raw-watcher.ts'
import { createStage, type Ids, nobodys, type Stage } from './isolation-stage.ts'

type Person = readonly [string, UserName, Members]

const ADMIN: Person = ['an admin of the team', 'enzo', {}]

const STRANGERS: readonly Person[] = [
  ['another member of the team', 'priya', {}],
  ['a token of the team for other clients', 'kiosk', {}],
  ['an admin whose token is for other clients', 'enzo', { client_ids: ['kiosk-*'] }],
  ['somebody of another team', 'olga', {}],
  ['a namesake in another team', 'olga', { sub: 'user-frida' }],
]

let stack: IdentityStack
let owner: string
let stage: Stage
let theirs: Ids

beforeAll(async () => {
  stack = await startIdentityStack('jwt')
  owner = await stack.api.issueToken('frida')
  stage = createStage(stack, owner)
  theirs = await stage.owned('get_events')
})

afterAll(() => stack.stop())

const tokenOf = ([, user, claims]: Person) => stack.api.issueToken(user, { claims })
const watch = (query: Query, token: string) => watchRaw(stack.url, query, token)

/** A change by the owner; gives a part of the event that tells of it. */
async function change(note: string): Promise<string> {
  const { session_id } = theirs
  const message = { command: 'update_session_state', session_id, state_data: { note } }
  const { reply } = await stack.ask(message, owner)
  expect(reply).toMatchObject({ status: 'success' })
  return `"revision":${(reply.result as Members).revision},`
}

/** What was heard, but for ids and times. */
function told(heard: readonly string[], { client_id }: Ids): string[] {
  return heard.map((text) =>
    text.replaceAll(client_id, '<client>').replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"<time>"')
  )
}

describe.each(STRANGERS)('%s', (...person) => {
  it('hears of no change of a client that is not theirs, whether it is there or not', async () => {
    const token = await tokenOf(person)
    const nowhere = nobodys(theirs)
    for (const more of [{}, { after: '0' }, { after: '1' }]) {
      using own = await watch({ client_id: theirs.client_id }, owner)
      using foreign = await watch({ client_id: theirs.client_id, ...more }, token)
      using absent = await watch({ client_id: nowhere.client_id, ...more }, token)
      const event = await change(`${person[0]} ${JSON.stringify(more)}`)
      await own.until(1, event)
      const heard = told(await foreign.settled(), theirs)
      expect(heard).toHaveLength(1)
      expect(heard).toEqual(told(await absent.settled(), nowhere))
    }
  })

  it('hears of no session on the stream of the team', async () => {
    using all = await watch({ scope: 'team' }, await tokenOf(ADMIN))
    using stranger = await watch({ scope: 'team', after: '0' }, await tokenOf(person))
    const event = await change(`to the team of ${person[0]}`)
    await all.until(1, event)
    const heard = await stranger.settled()
    expect(heard.filter((text) => text.includes(theirs.client_id))).toEqual([])
    expect(heard.filter((text) => text.includes('"session.'))).toEqual([])
  })
})

describe('the owner and an admin of the team', () => {
  it('hear of each change, and none of it holds state', async () => {
    const { client_id } = theirs
    using own = await watch({ client_id, after: '0' }, owner)
    using admins = await watch({ client_id, after: '0' }, await tokenOf(ADMIN))
    using all = await watch({ scope: 'team' }, await tokenOf(ADMIN))
    const event = await change('never told')
    await all.until(1, event)
    const heard = [own, admins].map((watcher) => watcher.until(1, event))
    const [ownHeard = [], adminHeard = []] = await Promise.all(heard)
    expect(told(ownHeard, theirs)).toEqual(told(adminHeard, theirs))
    expect(ownHeard.at(-1)).toContain('"type":"session.updated"')
    expect([...ownHeard, ...adminHeard, ...all.heard].join()).not.toContain('never told')
  })
})
