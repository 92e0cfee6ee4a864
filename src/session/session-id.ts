// Session ids are addresses (protocol specification section 2): `session_<ordinal>_<unix seconds>_<random>`,
// where random = route (which object), nonce (unguessable) and MAC (nobody else made it).

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Whose sessions: a client within a team. Equal client ids in two teams never meet. */
export type Owner = { readonly team: string; readonly client_id: string }

/** Random bytes from the system's CSPRNG; only composition roots choose the source. */
export type RandomBytes = (count: number) => Uint8Array

/** Makes ids for an owner, and knows the ids that it or a bridge made. */
export type SessionIds = {
  mint(owner: Owner, ordinal: number, nowMs: number): string
  /** True if the id is authentic and was made for this owner. */
  isOf(owner: Owner, sessionId: string): boolean
  /** The key that signs ids of this owner, for a bridge of theirs. */
  keyOf(owner: Owner): Uint8Array
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ROUTE_LENGTH = 22
const NONCE_LENGTH = 16
const MAC_LENGTH = 10
const SHAPE = new RegExp(
  `^session_\\d{1,15}_\\d{1,15}_([${DIGITS}]{${ROUTE_LENGTH}})[${DIGITS}]{${NONCE_LENGTH}}([${DIGITS}]{${MAC_LENGTH}})$`
)

/** The name of an owner's object: the first 128 bits of SHA-256 over team NUL client_id, in base62. */
export function routeOf({ team, client_id }: Owner): string {
  const digest = createHash('sha256').update(`${team}\0${client_id}`).digest()
  return base62(digest.subarray(0, 16), ROUTE_LENGTH)
}

/** The key with which ids of one route are signed; a bridge may be handed it for its own clients. */
export function mintKey(secret: Uint8Array, route: string): Uint8Array {
  return createHmac('sha256', secret).update(`mint\0${route}`).digest()
}

/** The route that an id names, whoever has made it: enough to find a copy, never to authorise. */
export function claimedRoute(sessionId: string): string | undefined {
  return SHAPE.exec(sessionId)?.[1]
}

/** The ordinal that an id names: the first session of a client has 1, one that a bridge has minted 0. */
export function ordinalOf(sessionId: string): number {
  return Number(sessionId.split('_')[1])
}

/** Gives the route of an authentic id; undefined for one that nobody with a secret has made. */
export function verifiedRoute(
  sessionId: string,
  secrets: readonly Uint8Array[]
): string | undefined {
  const [, route, mac] = SHAPE.exec(sessionId) ?? []
  if (route === undefined || mac === undefined) return undefined
  const signed = sessionId.slice(0, -MAC_LENGTH)
  return secrets.some((secret) => hasSigned(secret, route, signed, mac)) ? route : undefined
}

/** Keys of routes that were verified lately: an active client sends an id with every command. */
const verifiedKeys = new WeakMap<Uint8Array, Map<string, Uint8Array>>()
const VERIFIED_KEYS_AT_MOST = 1000

function hasSigned(secret: Uint8Array, route: string, signed: string, mac: string): boolean {
  const keys = verifiedKeys.get(secret) ?? new Map<string, Uint8Array>()
  const key = keys.get(route) ?? mintKey(secret, route)
  if (!sameText(macOf(key, signed), mac)) return false
  if (keys.size >= VERIFIED_KEYS_AT_MOST) keys.clear()
  verifiedKeys.set(secret, keys.set(route, key))
  return true
}

/** Session ids signed with the newest of `secrets`; ids signed with any of them are known. */
export function sessionIds(options: {
  readonly secrets: readonly Uint8Array[]
  readonly random: RandomBytes
}): SessionIds {
  const { secrets, random } = options
  const newest = secrets[0]
  if (newest === undefined) throw new Error('session ids need at least one secret')
  return {
    mint: (owner, ordinal, nowMs) => {
      const route = routeOf(owner)
      return signedId({ route, ordinal, nowMs, key: mintKey(newest, route), random })
    },
    isOf: (owner, sessionId) => verifiedRoute(sessionId, secrets) === routeOf(owner),
    keyOf: (owner) => mintKey(newest, routeOf(owner)),
  }
}

/** Session ids of a host that has the key of one client alone, such as a bridge: it mints them with ordinal 0. */
export function sessionIdsWithKey(options: {
  readonly key: Uint8Array
  readonly random: RandomBytes
}): SessionIds {
  const { key, random } = options
  return {
    mint: (owner, _, nowMs) => signedId({ route: routeOf(owner), ordinal: 0, nowMs, key, random }),
    isOf: (owner, sessionId) => {
      const [, route, mac] = SHAPE.exec(sessionId) ?? []
      if (mac === undefined || route !== routeOf(owner)) return false
      return sameText(macOf(key, sessionId.slice(0, -MAC_LENGTH)), mac)
    },
    keyOf: () => key,
  }
}

function signedId(parts: {
  readonly route: string
  readonly ordinal: number
  readonly nowMs: number
  readonly key: Uint8Array
  readonly random: RandomBytes
}): string {
  const { route, ordinal, nowMs, key, random } = parts
  const seconds = Math.floor(nowMs / 1000)
  const signed = `session_${ordinal}_${seconds}_${route}${nonce(random)}`
  return signed + macOf(key, signed)
}

/** The first 64 bits of HMAC-SHA256, as ten base62 digits. */
function macOf(key: Uint8Array, signed: string): string {
  const mac = createHmac('sha256', key).update(signed).digest()
  return base62(mac.subarray(0, 8), MAC_LENGTH)
}

/** Writes big-endian bytes in base62 with a fixed width; more significant digits are dropped. */
function base62(bytes: Uint8Array, width: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let digits = ''
  for (let place = 0; place < width; place += 1) {
    digits = DIGITS.charAt(Number(rest % 62n)) + digits
    rest /= 62n
  }
  return digits
}

/** Uniform digits: bytes of 248 and above are thrown away, because 248 = 4 × 62. */
function nonce(random: RandomBytes): string {
  let digits = ''
  while (digits.length < NONCE_LENGTH) {
    for (const byte of random(2 * NONCE_LENGTH)) {
      if (byte < 248 && digits.length < NONCE_LENGTH) digits += DIGITS.charAt(byte % 62)
    }
  }
  return digits
}

function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
