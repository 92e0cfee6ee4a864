// How fast a client may create sessions: a bucket in its own row, which also counts the sessions and says whose they are.

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import type { ClientRow } from '../storage/clients.ts'
import type { Context } from './context.ts'
import { fullBucket, takeToken } from './token-bucket.ts'

/** The client's row with one more session and one token less; refused while its bucket is empty. */
export function admitted(
  client_id: string,
  { store, limits, caller, now }: Context
): Outcome<ClientRow, Failure> {
  const owner = store.clients.find()
  const before =
    owner === undefined
      ? fullBucket(limits.creations, now)
      : { tokens: owner.creation_tokens, at: owner.creation_refilled_at }
  const { bucket, waitMs } = takeToken(before, limits.creations, now)
  if (waitMs > 0) return fail({ reason: 'rate_limited', retry_after_ms: waitMs })
  return succeed({
    team: caller.team,
    client_id,
    owner: owner?.owner ?? caller.subject,
    created_at: owner?.created_at ?? now,
    sessions_created: (owner?.sessions_created ?? 0) + 1,
    creation_tokens: bucket.tokens,
    creation_refilled_at: bucket.at,
  })
}

/** Writes the row; the first one makes the object the client's. */
export function saveClient(client: ClientRow, { store, owner, now }: Context): void {
  if (owner === undefined) {
    store.prepare(now)
    store.clients.insert(client)
    return
  }
  const { sessions_created, creation_tokens, creation_refilled_at } = client
  store.clients.countCreation(sessions_created, creation_tokens, creation_refilled_at)
}
