// The address of an image (M-225): `tcp://host:port` and `host:port` arrive, `host:port` is kept; IPv6 in brackets.

const TCP = /^tcp:\/\//i
const NAME_OR_IPV4 = /^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?$/
const IPV6 = /^\[[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9_.-]{1,32})?\]$/
const MAX_PORT = 65_535

/** The address as host:port; empty for an empty one, undefined for what is none. */
export function imageAddress(text: string): string | undefined {
  const address = text.trim().replace(TCP, '')
  if (address === '') return text.trim() === '' ? '' : undefined
  const colon = address.lastIndexOf(':')
  const host = address.slice(0, Math.max(0, colon))
  const port = address.slice(colon + 1)
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > MAX_PORT) return undefined
  return isHost(host) ? `${host.toLowerCase()}:${Number(port)}` : undefined
}

function isHost(host: string): boolean {
  if (!host.startsWith('[')) return NAME_OR_IPV4.test(host)
  return IPV6.test(host) && host.split(':').length >= 3
}
