// report_bridge_status: a bridge tells what it holds for clients that its developer may use. Those that are known to belong
// to somebody else are left out: nobody speaks for them.

import { succeed } from '../../outcome.ts'
import { mayUseClient } from '../../protocol/client-pattern.ts'
import { fail } from '../../protocol/failures.ts'
import { isAllowed } from '../../session/limits.ts'
import { spokenFor } from '../bridge-clients.ts'
import { toldBridge } from '../bridge-reports.ts'
import type { TeamHandler } from '../context.ts'

export const reportBridgeStatus: TeamHandler<'report_bridge_status'> = (
  { bridge_id, name = '', version, clients },
  { store, bridges, caller, limits, now }
) => {
  const foreign = clients.find(
    ({ client_id }) => !mayUseClient(caller, client_id) || !isAllowed(limits.clients, client_id)
  )
  if (foreign !== undefined) {
    return fail({ reason: 'client_not_allowed', client_id: foreign.client_id })
  }
  const isOwn = spokenFor(store, caller.subject)
  const own = clients.filter(({ client_id }) => isOwn(client_id))
  const journals = own.map(({ oldest_at, ...journal }) => ({
    ...journal,
    ...(oldest_at !== undefined && { oldest_at: Date.parse(oldest_at) }),
  }))
  const told = { subject: caller.subject, bridge_id, name, version, clients: journals }
  return succeed(toldBridge(bridges.report(told, now), { viewer: caller.subject, now }))
}
