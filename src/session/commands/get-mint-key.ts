// get_mint_key: for the owner of the client, or for anybody who may use it while nobody owns it. The engine refuses the rest.

import { succeed } from '../../outcome.ts'
import type { Handler } from '../context.ts'
import { routeOf } from '../session-id.ts'

export const getMintKey: Handler<'get_mint_key'> = ({ client_id }, { ids, caller }) => {
  const owner = { team: caller.team, client_id }
  const key = Buffer.from(ids.keyOf(owner)).toString('base64url')
  return succeed({ client_id, route: routeOf(owner), key })
}
