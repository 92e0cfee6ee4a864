// What the door tells the page about itself and about the person: the shapes of /panel/config.json and /panel/me.

/** How people sign in: not at all, with a token that they paste, or at the STUI API. */
export type PanelConfig = {
  readonly version: string
  /** Bytes that one session may have. */
  readonly session_bytes: number
} & (
  | { readonly auth: 'off' }
  | { readonly auth: 'token'; readonly issuer: string }
  | {
      readonly auth: 'pkce'
      readonly issuer: string
      readonly client_id: string
      readonly authorization_endpoint: string
      readonly audience: string
    }
)

/** Who is signed in. */
export type Me = {
  readonly subject: string
  readonly team: string
  readonly role: 'member' | 'admin'
  /** Client ids that the token covers: exact, or `prefix*`; empty means every one of the team. */
  readonly client_ids: readonly string[]
  readonly tier: string
  /** When the token ends, if it says. */
  readonly expires_at?: string
}
