// A small STUI API that really speaks HTTP, for a local stack and for tests: users on several tiers, real keys, real tokens.
// It shows what the session service asks of the real one. Never for production: its passwords are known to everybody.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Clock, systemClock } from '../../../src/clock.ts'
import { createSigningKeys, type SigningKeys } from './keys.ts'
import { CREDENTIALS, createRoutes, type Routes } from './routes.ts'
import { type BrowserReply, createSignIn, PANEL_CLIENT_ID, type SignIn } from './sign-in.ts'
import { PAGE_HEADERS } from './sign-in-page.ts'
import { AUDIENCE, createTokens, type Tokens } from './tokens.ts'

/** Lets the right answer through, later or not at all; a test puts faults here. */
export type Intercept = (path: string, response: ServerResponse, right: () => void) => void

export type StuiApiOptions = {
  readonly clock?: Clock
  /** 0 or absent takes a free port. */
  readonly port?: number
  /** New ones if absent. */
  readonly keys?: SigningKeys
  readonly intercept?: Intercept
}

export type StuiApi = {
  /** Its address, which is the `iss` of its tokens. */
  readonly issuer: string
  readonly audience: string
  readonly introspectionUrl: string
  readonly jwksUrl: string
  readonly credentials: typeof CREDENTIALS
  /** What a page is known by that has people signed in. */
  readonly panelClientId: string
  /** The service at this address may have people signed in at `/authorize`. */
  readonly signInFor: SignIn['serve']
  readonly keys: SigningKeys
  readonly issueToken: Tokens['issue']
  readonly revoke: Tokens['revoke']
  readonly rotate: SigningKeys['rotate']
  stop(): Promise<void>
}

/** Starts it on 127.0.0.1; rejects with the system's error if it cannot have the port. */
export async function startStuiApi(options: StuiApiOptions = {}): Promise<StuiApi> {
  const {
    clock = systemClock,
    port = 0,
    intercept = (_path, _response, right) => right(),
  } = options
  const keys = options.keys ?? (await createSigningKeys())
  const signIn = createSignIn(clock)
  const { promise: routes, resolve: begin } = Promise.withResolvers<Routes>()
  const server = createServer(async (request, response) => {
    // A client that gave up has no form, and nobody listens to the answer.
    const form = await formOf(request).catch(() => new URLSearchParams())
    const right = () => {
      if (pathOf(request) === '/authorize') authorize(signIn, request, form, response)
      else void serve(routes, request, form, response)
    }
    intercept(pathOf(request), response, right)
  })
  const issuer = `http://127.0.0.1:${await listening(server, port)}`
  const tokens = createTokens(issuer, keys, clock)
  begin(createRoutes(issuer, keys, tokens, signIn))
  return {
    issuer,
    audience: AUDIENCE,
    introspectionUrl: `${issuer}/introspect`,
    jwksUrl: `${issuer}/jwks`,
    credentials: CREDENTIALS,
    panelClientId: PANEL_CLIENT_ID,
    signInFor: signIn.serve,
    keys,
    issueToken: tokens.issue,
    revoke: tokens.revoke,
    rotate: keys.rotate,
    stop: async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      server.close(() => resolve())
      server.closeAllConnections()
      await promise
    },
  }
}

/** Answers with this body. */
export function reply(response: ServerResponse, status: number, body: string) {
  response.statusCode = status
  response.setHeader('content-type', 'application/json')
  response.setHeader('cache-control', 'no-store')
  response.end(body)
}

/** Gives the port. */
async function listening(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

async function serve(
  routes: Promise<Routes>,
  request: IncomingMessage,
  form: URLSearchParams,
  response: ServerResponse
) {
  const { method = '', headers } = request
  const asked = { method, path: pathOf(request), authorization: headers.authorization ?? '', form }
  const { status, json } = await (await routes)(asked)
  reply(response, status, JSON.stringify(json))
}

/** For people: a page, or the way back. */
function authorize(
  signIn: SignIn,
  { method, url = '/' }: IncomingMessage,
  form: URLSearchParams,
  response: ServerResponse
) {
  response.setHeader('cache-control', 'no-store')
  const query = URL.parse(url, 'http://localhost')?.searchParams ?? new URLSearchParams()
  const answer: BrowserReply = method === 'POST' ? signIn.choose(form) : signIn.ask(query)
  if (answer.status === 303) response.writeHead(303, { location: answer.location }).end()
  else response.writeHead(answer.status, PAGE_HEADERS).end(answer.html)
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return URL.parse(url, 'http://localhost')?.pathname ?? '/'
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return new URLSearchParams(Buffer.concat(chunks).toString())
}
