// By which subscription a command goes: the caller's own, or, where an admin acts on what is somebody else's, the owner's.

import type { Caller } from '../protocol/call.ts'
import type { Owner } from '../storage/clients.ts'
import type { Store } from '../storage/store.ts'
import { isOwner } from './allowance.ts'
import { TOKEN } from './audit-rules.ts'

/**
 * Undefined where nothing is known of one: then the operator's own limits count. Of the owner the audit log knows it, which
 * has a row for each new token that something was done with.
 */
export function tierFor(
  { audit }: Pick<Store, 'audit'>,
  caller: Caller,
  owner: Owner | undefined
): string | undefined {
  if (owner === undefined || isOwner(owner, caller)) return caller.tier
  const detail = audit.newest(TOKEN, owner.owner)?.detail ?? '{}'
  const { tier }: { readonly tier?: unknown } = JSON.parse(detail)
  return typeof tier === 'string' ? tier : undefined
}
