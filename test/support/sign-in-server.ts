// A place to sign in at the small STUI API, as a real one has it: authorization code with PKCE, strict about all of it.

import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { UserName } from '../../local-bridge/stack/stui-api/users.ts'
import type { TestApi } from './stui-api.ts'

export type SignInServer = AsyncDisposable & {
  /** Its discovery names another place for the tokens' issuer: this is what the Worker is told as issuer. */
  readonly issuer: string
  /** The queries that pages came with. */
  readonly asked: readonly URLSearchParams[]
  /** Who signs in next; undefined refuses. */
  become(user: UserName | undefined): void
}

/** Serves discovery, /authorize and /token in front of a STUI API whose tokens it gives. */
export async function startSignInServer(
  api: () => TestApi,
  clientId: string
): Promise<SignInServer> {
  const codes = new Map<string, { readonly challenge: string; readonly redirect: string }>()
  const asked: URLSearchParams[] = []
  let user: UserName | undefined = 'enzo'
  let issuer = ''

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer)
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    switch (pathname) {
      case '/.well-known/openid-configuration':
        return json(200, {
          issuer,
          jwks_uri: api().jwksUrl,
          token_endpoint: `${issuer}/token`,
          authorization_endpoint: `${issuer}/authorize`,
        })
      case '/authorize': {
        asked.push(searchParams)
        const redirect = new URL(searchParams.get('redirect_uri') ?? issuer)
        redirect.searchParams.set('state', searchParams.get('state') ?? '')
        const isSound =
          searchParams.get('client_id') === clientId &&
          searchParams.get('code_challenge_method') === 'S256'
        if (user === undefined || !isSound) redirect.searchParams.set('error', 'access_denied')
        else {
          const code = randomUUID()
          const challenge = searchParams.get('code_challenge') ?? ''
          codes.set(code, { challenge, redirect: searchParams.get('redirect_uri') ?? '' })
          redirect.searchParams.set('code', code)
        }
        return response.writeHead(302, { location: redirect.href }).end()
      }
      case '/token': {
        const form = await formOf(request)
        const known = codes.get(form.get('code') ?? '')
        codes.delete(form.get('code') ?? '')
        const verifier = form.get('code_verifier') ?? ''
        const isSound =
          form.get('grant_type') === 'authorization_code' &&
          form.get('client_id') === clientId &&
          form.get('redirect_uri') === known?.redirect &&
          createHash('sha256').update(verifier).digest('base64url') === known?.challenge
        if (!isSound || user === undefined) return json(400, { error: 'invalid_grant' })
        const access_token = await api().issueToken(user, { claims: { iss: issuer } })
        return json(200, { access_token, token_type: 'Bearer', expires_in: 900 })
      }
      default:
        return json(404, {})
    }
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    issuer,
    asked,
    become: (next) => {
      user = next
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return new URLSearchParams(Buffer.concat(chunks).toString())
}
