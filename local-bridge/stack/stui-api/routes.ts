// The endpoints of the small STUI API: what src/access/README.md asks of the real one, and no more.

import type { SigningKeys } from './keys.ts'
import type { SignIn } from './sign-in.ts'
import { TOKEN_LIFETIME_S, type Tokens } from './tokens.ts'
import { signedIn, type UserName } from './users.ts'

/** What the session service is known by. */
export const CREDENTIALS = { id: 'stui-sessions', secret: 'local secret: 100% not one' }

export type ApiRequest = {
  readonly method: string
  readonly path: string
  readonly authorization: string
  readonly form: URLSearchParams
}

export type ApiReply = { readonly status: number; readonly json: unknown }

export type Routes = (request: ApiRequest) => Promise<ApiReply>

/** With a sign-in for browsers it publishes that, and redeems its codes. */
export function createRoutes(
  issuer: string,
  keys: SigningKeys,
  tokens: Tokens,
  signIn?: Pick<SignIn, 'redeem'>
): Routes {
  const grants = new Map<string, (form: URLSearchParams) => UserName | undefined>([
    ['password', (form) => signedIn(form.get('username'), form.get('password'))],
  ])
  if (signIn !== undefined) grants.set('authorization_code', signIn.redeem)

  return async (request) => {
    switch (`${request.method} ${request.path}`) {
      case 'GET /.well-known/openid-configuration':
        return ok({ ...configuration(issuer), ...(signIn !== undefined && forBrowsers(issuer)) })
      case 'GET /jwks':
        return ok({ keys: keys.published().map(({ jwk }) => jwk) })
      case 'POST /token':
        return issue(request.form)
      case 'POST /introspect':
        return introspect(request)
      case 'POST /revoke':
        return revoke(request)
      default:
        return { status: 404, json: { error: 'not_found' } }
    }
  }

  async function issue(form: URLSearchParams): Promise<ApiReply> {
    const grant = grants.get(form.get('grant_type') ?? '')
    if (grant === undefined) return refused(400, 'unsupported_grant_type')
    const user = grant(form)
    if (user === undefined) return refused(400, 'invalid_grant')
    const access_token = await tokens.issue(user)
    return ok({ access_token, token_type: 'Bearer', expires_in: TOKEN_LIFETIME_S })
  }

  async function introspect({ authorization, form }: ApiRequest): Promise<ApiReply> {
    const token = form.get('token') ?? ''
    const verdict = await tokens.introspect(token)
    if (isService(authorization)) return ok(verdict)
    // A token may ask about itself (RFC 7662 section 2.1); one that is not active may ask nothing.
    const asksItself = authorization === `Bearer ${token}` && verdict.active === true
    return asksItself ? ok(verdict) : refused(401, 'invalid_token')
  }

  function revoke({ authorization, form }: ApiRequest): ApiReply {
    if (!isService(authorization)) return refused(401, 'invalid_client')
    tokens.revoke(form.get('token') ?? '')
    return ok({})
  }
}

function configuration(issuer: string) {
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    token_endpoint: `${issuer}/token`,
    introspection_endpoint: `${issuer}/introspect`,
    revocation_endpoint: `${issuer}/revoke`,
    grant_types_supported: ['password'],
    response_types_supported: ['token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256', 'EdDSA'],
  }
}

/** What a place to sign in adds to it. */
function forBrowsers(issuer: string) {
  return {
    authorization_endpoint: `${issuer}/authorize`,
    grant_types_supported: ['authorization_code', 'password'],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
  }
}

/** HTTP Basic with form-encoded id and secret (RFC 6749 section 2.3.1). */
function isService(authorization: string): boolean {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(authorization)?.[1] ?? ''
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':')
  return formDecoded(id) === CREDENTIALS.id && formDecoded(secret) === CREDENTIALS.secret
}

function formDecoded(text: string): string {
  return new URLSearchParams(`v=${text}`).get('v') ?? ''
}

function ok(json: unknown): ApiReply {
  return { status: 200, json }
}

function refused(status: number, error: string): ApiReply {
  return { status, json: { error } }
}
