// Where a client connects to a bridge that listens at an address: every address of a machine is reached at its loopback.

import type { Outcome } from '../../src/outcome.ts'
import { succeed } from '../../src/outcome.ts'
import { readListenAddress } from '../listen-address.ts'

/** Gives the address, or what is wrong with it in words that follow the name of the setting. */
export function connectAddress(listen: string): Outcome<string, string> {
  const address = readListenAddress(listen, { encrypted: true })
  if (!address.ok) return address
  const { endpoint } = address.value
  if (endpoint.endsWith(':*')) {
    return {
      ok: false,
      failure: 'must name the port at which the bridge listens; its log says which one it took',
    }
  }
  return succeed(
    endpoint
      .replace('//0.0.0.0:', '//127.0.0.1:')
      .replace('//*:', '//127.0.0.1:')
      .replace('//[::]:', '//[::1]:')
  )
}
