// get_bridge_status: the caller's own bridges, and to admins of the whole team those of everybody.

import { succeed } from '../../outcome.ts'
import { mayUseClient } from '../../protocol/client-pattern.ts'
import { MAX_BRIDGES_TOLD } from '../../protocol/limits.ts'
import { viewerOf } from '../admins-only.ts'
import { spokenFor } from '../bridge-clients.ts'
import { toldBridge } from '../bridge-reports.ts'
import type { TeamHandler } from '../context.ts'
import type { BridgeReport } from '../storage/bridge-table.ts'

export const getBridgeStatus: TeamHandler<'get_bridge_status'> = (
  _,
  { store, bridges, caller, now }
) => {
  const told: BridgeReport[] = []
  for (const bridge of bridges.all(now, viewerOf(caller))) {
    // Whose a client is may have become known since it was reported.
    const isOf = spokenFor(store, bridge.subject)
    const clients = bridge.clients.filter(
      ({ client_id }) => mayUseClient(caller, client_id) && isOf(client_id)
    )
    if (clients.length > 0) told.push({ ...bridge, clients })
    if (told.length === MAX_BRIDGES_TOLD) break
  }
  return succeed({
    bridges: told.map((bridge) => toldBridge(bridge, { viewer: caller.subject, now })),
  })
}
