// A process with a bridge and, beside it, a bare ROUTER that gives every message back. Ends with the process that forked it.

import { Router } from 'zeromq'
import { startBridge } from '../../local-bridge/start-bridge.ts'

/** What the parent hears when both listen. */
export type Endpoints = { readonly bridge: string; readonly echo: string }

const LISTEN = 'tcp://127.0.0.1:*'

const upstream = process.argv[2]
if (upstream === undefined) throw new Error('the address of the session service is missing')

const bridge = await startBridge({ listen: LISTEN, upstream, log: () => {} })
const echo = new Router()
await echo.bind(LISTEN)
process.once('disconnect', async () => {
  echo.close()
  await bridge.stop()
})
process.send?.({ bridge: bridge.endpoint, echo: echo.lastEndpoint ?? '' } satisfies Endpoints)
for await (const frames of echo) await echo.send(frames)
