// The token of a socket that a browser opens: a page cannot send an Authorization header with it, so the token travels as
// a subprotocol beside the one that is chosen. Never in the address, which ends up in logs and histories.

/** The subprotocol that is spoken. */
export const SUBPROTOCOL = 'stui.v1'

const BEARER = /^bearer\.([A-Za-z0-9_-]{1,12000})$/

/** The request with its token where every other request has it; a header that is there already wins. */
export function withSocketToken(request: Request): Request {
  const bearer = offered(request.headers).map((name) => BEARER.exec(name)?.[1])
  const encoded = bearer.find((one) => one !== undefined)
  if (encoded === undefined || request.headers.has('authorization')) return request
  const headers = new Headers(request.headers)
  headers.delete('sec-websocket-protocol')
  headers.set('authorization', `Bearer ${printable(Buffer.from(encoded, 'base64url').toString())}`)
  return new Request(request.url, { headers })
}

/** The answer to somebody who offered subprotocols: it must choose one of them, and the token is none. */
export function choosing(request: Request, opened: Response): Response {
  if (!offered(request.headers).includes(SUBPROTOCOL)) return opened
  return new Response(null, {
    status: opened.status,
    headers: { 'sec-websocket-protocol': SUBPROTOCOL },
    webSocket: opened.webSocket,
  })
}

function offered(headers: Headers): string[] {
  const text = headers.get('sec-websocket-protocol') ?? ''
  return text.split(',').map((name) => name.trim())
}

/** A header takes no other characters; whatever else the text had, it is no token then. */
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '"')
}
