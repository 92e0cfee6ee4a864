// Addresses of images, and which of them a message may make the bridge connect to: by default only this machine's,
// so that nobody reaches through the bridge what he could not reach himself.

import { isIP } from 'node:net'
import { imageAddress } from '../../src/protocol/image-address.ts'
import { isLoopback } from '../listen-address.ts'

/** Which addresses may be connected to that a message names and the operator does not. */
export const ADDRESS_RULES = ['none', 'loopback', 'any'] as const
export type AddressRule = (typeof ADDRESS_RULES)[number]

export type ImageAddress = {
  /** host:port; equal texts are the same place. */
  readonly text: string
  readonly host: string
  readonly port: number
}

/** Reads tcp://host:port or host:port; undefined for what is none. */
export function readImageAddress(given: string): ImageAddress | undefined {
  const address = imageAddress(given)
  if (address === undefined || address === '') return undefined
  const colon = address.lastIndexOf(':')
  const named = address.slice(0, colon)
  const host = named === 'localhost' ? '127.0.0.1' : named
  const port = Number(address.slice(colon + 1))
  return { text: `${host}:${port}`, host, port }
}

/** Names are refused from messages: what they stand for is decided elsewhere, and may change after it was looked at. */
export function mayConnect({ host }: ImageAddress, rule: AddressRule): boolean {
  switch (rule) {
    case 'none':
      return false
    case 'loopback':
      return isLoopback(host)
    case 'any':
      return isIP(host.replace(/^\[|\]$/g, '')) !== 0
    default:
      return rule satisfies never
  }
}

/** True if this is where the bridge itself listens: what is sent there would come back for ever. */
export function isOwnAddress({ host, port }: ImageAddress, listening: string): boolean {
  const own = readImageAddress(listening)
  if (own === undefined || own.port !== port) return false
  const isEverywhere = own.host === '0.0.0.0' || own.host === '[::]'
  return own.host === host || (isEverywhere && isLoopback(host))
}
