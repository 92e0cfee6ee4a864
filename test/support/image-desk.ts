// A developer's desk: Smalltalk images, a bridge that is connected to them, and TUIs before it.

import { IMAGE_LIMITS } from '../../local-bridge/images/image-limits.ts'
import { startBridge } from '../../local-bridge/start-bridge.ts'
import { createEventLog, type EventLog } from './event-log.ts'
import { type ImageStandIn, startImage } from './image-stand-in.ts'
import { PATIENT } from './patience.ts'
import { connectReq, type ReqClient } from './req-client.ts'
import { createTui, type Tui, type TuiDialect } from './tui.ts'

/** A TUI that can also ask the image of a session something. */
export type DeskTui = Tui & {
  /** Sends an evaluation under this id; gives the reply as it came. */
  evaluate(session_id: unknown, id: string): Promise<Buffer>
}

export type ImageDesk<Name extends string> = AsyncDisposable & {
  readonly images: { readonly [N in Name]: ImageStandIn }
  readonly log: EventLog
  /** Another TUI, with a socket of its own. */
  tui(dialect: TuiDialect): DeskTui
}

/** How often a bridge tells how its images are where a test's time passes faster than the machine's. */
const REPORT_MS = 100

/** Starts one image of each name, and a bridge that knows them; it tells of changes at once, and otherwise as said. */
export async function startImageDesk<Name extends string>(
  upstream: string,
  names: readonly Name[],
  reportMs = REPORT_MS
): Promise<ImageDesk<Name>> {
  await using started = new AsyncDisposableStack()
  const images = new Map<Name, ImageStandIn>()
  for (const name of names) images.set(name, started.use(await startImage()))
  const log = createEventLog()
  const bridge = await startBridge({
    listen: 'tcp://127.0.0.1:*',
    upstream,
    log: log.log,
    limits: PATIENT,
    images: [...images].map(([name, { address }]) => ({ name, address })),
    imageLimits: { ...IMAGE_LIMITS, reportMs },
  })
  started.defer(bridge.stop)
  await log.nth('image_up', names.length)
  const clients: ReqClient[] = []
  started.defer(() => {
    for (const client of clients) client.close()
  })
  const rest = started.move()

  function tui(dialect: TuiDialect): DeskTui {
    const client = connectReq(bridge.endpoint)
    clients.push(client)
    return {
      ...createTui(dialect, async (message) => (await client.send(message)).toString()),
      evaluate: (session_id, id) =>
        client.send(JSON.stringify({ id, command: 'evaluate', parameters: { session_id } })),
    }
  }

  return {
    images: Object.fromEntries(images) as { readonly [N in Name]: ImageStandIn },
    log,
    tui,
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  }
}
