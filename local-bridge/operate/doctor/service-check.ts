// Bridge to service, hop by hop: name, connection, encryption, the service itself, its settings, its clock.

import { lookup } from 'node:dns/promises'
import { connect, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import * as z from 'zod'
import { systemClock } from '../../../src/clock.ts'
import { systemTimer } from '../../timer.ts'
import { duration } from '../words.ts'
import { broken, type Finding, ok, warning } from './finding.ts'
import { asked, codeOf, opened, placeOf, since } from './probes.ts'

/** A certificate that ends sooner is told of. */
const CERTIFICATE_MS = 14 * 86_400_000

/** Tokens are judged by the time: clocks that differ by more get good ones refused. */
const SKEW_MS = 30_000

/** Looks at one hop after the other, up to the first that is broken. */
export async function* checkService(upstream: string): AsyncGenerator<Finding> {
  const url = new URL(`${upstream.replace(/\/+$/, '')}/`)
  for (const check of [checkName, checkConnection, checkTls, checkHealth, checkReady, checkClock]) {
    const finding = await check(url)
    if (finding !== undefined) yield finding
    if (finding?.state === 'broken') return
  }
}

async function checkName({ hostname }: URL): Promise<Finding | undefined> {
  const hop = 'name'
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return undefined
  try {
    const addresses = await lookup(hostname, { all: true })
    return ok(hop, `${hostname} is ${addresses.map(({ address }) => address).join(', ')}`)
  } catch (error) {
    return broken(
      hop,
      `${hostname} has no address (${codeOf(error)})`,
      'look at the name in --upstream, and whether this machine has a network'
    )
  }
}

async function checkConnection(url: URL): Promise<Finding> {
  const hop = 'connection'
  const began = systemTimer.ticks()
  const failure = await opened(connect(placeOf(url)), 'connect')
  if (failure === undefined) return ok(hop, `${url.host} connects in ${since(began)}`)
  return broken(
    hop,
    `${url.host} cannot be connected to (${failure})`,
    failure === 'ECONNREFUSED'
      ? 'nothing listens there: start the service, or name the right port in --upstream'
      : 'look at the network, a firewall or a VPN between this machine and the service'
  )
}

async function checkTls(url: URL): Promise<Finding | undefined> {
  if (url.protocol !== 'https:') return undefined
  const hop = 'encryption'
  const { host, port } = placeOf(url)
  const name = isIP(host) === 0 ? { servername: host } : {}
  const socket = connectTls({ host, port, ...name })
  let ends = Number.NaN
  socket.once('secureConnect', () => {
    ends = Date.parse(socket.getPeerCertificate().valid_to)
  })
  const failure = await opened(socket, 'secureConnect')
  if (failure !== undefined) {
    return broken(
      hop,
      `the certificate of ${url.host} is not accepted (${failure})`,
      'if the service has a certificate of your own authority, name that in NODE_EXTRA_CA_CERTS; never turn the check off'
    )
  }
  const left = ends - systemClock.now()
  const seen = `the certificate of ${url.host} is good for ${duration(left)}`
  return left < CERTIFICATE_MS ? warning(hop, seen, 'renew it before it ends') : ok(hop, seen)
}

const health = z.looseObject({ status: z.literal('ok'), version: z.string() })

async function checkHealth(url: URL): Promise<Finding> {
  const hop = 'service'
  const answer = await asked(new URL('healthz', url))
  const { data } = health.safeParse(answer.json)
  if (data !== undefined) return ok(hop, `answers in ${answer.took}; version ${data.version}`)
  return broken(
    hop,
    `what answers at ${url.host} is not the session service (${answer.told})`,
    'name the service in --upstream; a proxy or a sign-in page of the network may answer in its place'
  )
}

const fault = z.looseObject({ error: z.string() })

const readiness = z.looseObject({ warnings: z.array(z.string()).default([]) })

async function checkReady(url: URL): Promise<Finding> {
  const hop = 'readiness'
  const answer = await asked(new URL('readyz', url))
  if (answer.status === 200) {
    const warnings = readiness.safeParse(answer.json).data?.warnings ?? []
    if (warnings.length === 0) return ok(hop, 'its settings are complete')
    return warning(hop, warnings.join('; '), 'whoever runs the service should see to it')
  }
  const { data } = fault.safeParse(answer.json)
  const seen = `it serves nothing (${data?.error ?? answer.told})`
  return broken(hop, seen, 'whoever runs the service must complete its settings')
}

const pong = z.looseObject({ timestamp: z.iso.datetime() })

async function checkClock(url: URL): Promise<Finding> {
  const hop = 'clock'
  const before = systemClock.now()
  const body = JSON.stringify({ id: 'doctor', command: 'ping', parameters: {} })
  const { json, told } = await asked(new URL('v1/messages', url), body)
  const { data } = pong.safeParse(json)
  if (data === undefined) {
    return broken(
      hop,
      `the service does not answer messages (${told})`,
      'look at the log of the service'
    )
  }
  const here = (before + systemClock.now()) / 2
  const skew = Date.parse(data.timestamp) - here
  const seen = `this machine is ${duration(Math.abs(skew))} ${skew > 0 ? 'behind' : 'ahead of'} the service`
  if (Math.abs(skew) > SKEW_MS)
    return warning(hop, seen, 'set the clock: good tokens may be refused')
  return ok(hop, 'this machine and the service agree on the time')
}
