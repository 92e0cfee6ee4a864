// The setting that says where live events are published: --events, --no-events.

import * as z from 'zod'
import { NONE } from '../access-settings.ts'
import type { Setting } from '../command-line.ts'
import { readListenAddress } from '../listen-address.ts'
import type { LiveOptions } from './open-live.ts'

/** What `--events` is where nobody says. */
const AUTOMATIC = 'the port after that of --listen'

export const EVENTS_SETTING: Setting = {
  key: 'events',
  flag: '--events',
  placeholder: 'endpoint',
  canBeNone: true,
  env: 'STUI_EVENTS',
  meaning: 'where live events are published, for SUB sockets; port * takes a free one',
  fallback: AUTOMATIC,
}

export const EVENTS_SHAPE = { events: z.string() }

/** Where events go; undefined if nowhere. Whoever did not choose a port does not mind which one it is, and is told. */
export function readEvents(text: string, listen: string): LiveOptions | undefined {
  if (text === NONE) return undefined
  if (text !== AUTOMATIC) return { endpoint: text }
  const endpoint = listen.replace(/\d+$/, (port) => String(Number(port) + 1))
  return { endpoint, orAnother: true }
}

/** What is wrong with the address, in words that follow the name of the setting; undefined if nothing is. */
export function wrongEvents(
  text: string,
  { listen, encrypted }: { readonly listen: string; readonly encrypted: boolean }
): string | undefined {
  const events = readEvents(text, listen)
  if (events === undefined) return undefined
  const { endpoint } = events
  const address = readListenAddress(endpoint, { encrypted })
  if (address.ok) {
    const isSame = endpoint === listen && !endpoint.endsWith('*')
    return isSame ? 'must not be where clients connect' : undefined
  }
  const couldBe = !encrypted && readListenAddress(endpoint, { encrypted: true }).ok
  return couldBe ? `${address.failure}; --curve-keys encrypts them` : address.failure
}
