// Reads the address to listen on. Loopback only without CURVE: nothing on the way to other machines would be encrypted.

import { isIPv4, isIPv6 } from 'node:net'
import { type Outcome, refuse, succeed } from '../src/outcome.ts'

export type ListenAddress = {
  /** As libzmq takes it. */
  readonly endpoint: string
  readonly ipv6: boolean
}

const ADDRESS = /^tcp:\/\/(\[[^\]]*\]|[^:[\]]+):(\d{1,5}|\*)$/
const MAX_PORT = 65_535

export type ListenRules = {
  /** True if the socket speaks CURVE: then other machines may connect. */
  readonly encrypted: boolean
}

/** Gives the address, or what is wrong with it in words that follow the name of the setting. */
export function readListenAddress(
  text: string,
  { encrypted }: ListenRules = { encrypted: false }
): Outcome<ListenAddress, string> {
  const [, host, port] = ADDRESS.exec(text) ?? []
  if (host === undefined || port === undefined || Number(port) > MAX_PORT) {
    return refuse(`must look like tcp://127.0.0.1:5555, not "${text}"`)
  }
  if (!isLoopback(host) && !encrypted) {
    return refuse(
      `must be a loopback address such as tcp://127.0.0.1:5555, not "${text}": connections from other machines would not be encrypted`
    )
  }
  if (!isLoopback(host) && !isAddress(host)) {
    return refuse(`must be an IP address of this machine such as tcp://0.0.0.0:5555, not "${text}"`)
  }
  const name = host === 'localhost' ? '127.0.0.1' : host
  const endpoint = `tcp://${name}:${Number(port) === 0 ? '*' : port}`
  return succeed({ endpoint, ipv6: name.startsWith('[') })
}

export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '[::1]') return true
  return isIPv4(host) && host.startsWith('127.')
}

/** Names are refused: what they stand for may change, and with it who can connect. */
function isAddress(host: string): boolean {
  return host === '*' || isIPv4(host) || (host.startsWith('[') && isIPv6(host.slice(1, -1)))
}
