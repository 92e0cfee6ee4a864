// CURVE for the bridge's socket: encryption, and only listed keys may connect. Fails closed: without its ZAP handler the
// socket lets nobody in, and with an allow list that cannot be read nobody new.

import { Context, type Router } from 'zeromq'
import type { Outcome } from '../src/outcome.ts'
import { succeed } from '../src/outcome.ts'
import { readAllowed, readServerKeys } from './curve-folder.ts'
import type { Log } from './events.ts'
import { createHandshakeLog } from './handshake-log.ts'
import type { Timer } from './timer.ts'
import { openZapHandler, ZAP_DOMAIN } from './zap-handler.ts'

export type CurveServer = {
  /** What the socket is made with. */
  readonly options: {
    readonly context: Context
    readonly curveServer: true
    readonly curveSecretKey: string
    readonly zapDomain: string
    readonly zapEnforceDomain: true
  }
  /** Tells the log of handshakes that fail. */
  watch(events: Router['events']): void
  /** From now on nobody can connect. */
  close(): void
}

export type CurveDependencies = {
  /** What `stui-bridge keys` made. */
  readonly folder: string
  readonly log: Log
  readonly timer: Timer
}

/** Reads the keys and starts the ZAP handler; the failure says in one sentence what is wrong with the folder. */
export async function openCurveServer({
  folder,
  log,
  timer,
}: CurveDependencies): Promise<Outcome<CurveServer, string>> {
  const keys = readServerKeys(folder)
  if (!keys.ok) return keys
  const clients = readAllowed(folder)
  if (!clients.ok) return clients
  const context = new Context({ blocky: false })
  const handshakes = createHandshakeLog(log, timer)
  const zap = await openZapHandler({
    context,
    nameOf: allowedIn(folder, log),
    onRefusal: handshakes.refused,
    onFailure: (detail) => log({ event: 'zap_failed', detail }),
  })
  const { publicKey, secretKey } = keys.value
  log({ event: 'curve_ready', public_key: publicKey, allowed: clients.value.length })
  return succeed({
    options: {
      context,
      curveServer: true,
      curveSecretKey: secretKey,
      zapDomain: ZAP_DOMAIN,
      zapEnforceDomain: true,
    },
    watch: handshakes.watch,
    close: zap.close,
  })
}

/** Reads the list for each client that connects, so that whoever edits it need not start the bridge again. */
function allowedIn(folder: string, log: Log) {
  let unreadable: string | undefined
  return (publicKey: string): string | undefined => {
    const clients = readAllowed(folder)
    const detail = clients.ok ? undefined : clients.failure
    if (detail !== undefined && detail !== unreadable) {
      log({ event: 'allow_list_unreadable', detail })
    }
    unreadable = detail
    return clients.ok
      ? clients.value.find((client) => client.publicKey === publicKey)?.name
      : undefined
  }
}
