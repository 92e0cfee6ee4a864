// Who may see a client's object. The id routes, it never authorises: the object checks whose it is on every command.

import type { Caller } from '../protocol/call.ts'
import { mayUseClient } from '../protocol/client-pattern.ts'
import type { Declaration } from '../protocol/command.ts'
import type { Owner } from '../storage/clients.ts'
import { openStore, type Store } from '../storage/store.ts'
import { isOwner } from './allowance.ts'
import type { Context } from './context.ts'

/** True for its owner, and for an admin of the same team where the command says that admins may run it. */
export function maySee(
  row: Owner,
  caller: Caller,
  claimed: unknown,
  declaration: Pick<Declaration, 'admins'> | undefined
): boolean {
  const isAdmin = caller.role === 'admin' && declaration?.admins === true
  return (
    row.team === caller.team &&
    (row.owner === caller.subject || isAdmin) &&
    (claimed === undefined || claimed === row.client_id) &&
    mayUseClient(caller, row.client_id)
  )
}

/** True for somebody who may work with a session that is not theirs: an admin. */
export function isAnothers({ owner, caller }: Pick<Context, 'owner' | 'caller'>): boolean {
  return owner !== undefined && !isOwner(owner, caller)
}

/** What somebody else sees of this object. */
export function nobodysStore(): Store {
  return openStore({ exec: () => [], transaction: (work) => work() }, 0)
}
