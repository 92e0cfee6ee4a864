// What the bridge tells its log. Never bodies, state, tokens, secret keys or session ids.

export type BridgeEvent =
  | { readonly event: 'listening'; readonly endpoint: string; readonly upstream: string }
  | {
      /** One for each message that was answered. */
      readonly event: 'command'
      readonly request_id: string
      /** A name of the registry; absent where none could be read. */
      readonly command?: string
      /** "success" or the error code of the answer. */
      readonly outcome: string
      readonly duration_ms: number
      readonly bytes_in: number
      readonly bytes_out: number
      /** The request whose upstream call answered this one too. */
      readonly joined?: string
    }
  | {
      readonly event: 'upstream_retry'
      readonly request_id: string
      readonly detail: string
      readonly wait_ms: number
    }
  | {
      /** An upstream call ended after everybody who waited for it had been answered. */
      readonly event: 'late_outcome'
      readonly request_id: string
      readonly outcome: string
    }
  | {
      readonly event: 'reply_dropped'
      readonly cause: 'peer_gone' | 'peer_stalled' | 'queue_full' | 'not_sent'
      readonly bytes: number
      readonly code?: string
    }
  | {
      /** The STUI API said yes; told when something about it is new. */
      readonly event: 'token_accepted'
      readonly subject: string
      readonly team: string
      readonly role: string
      readonly tier: string
      readonly features: readonly string[]
      readonly expires_at?: string
    }
  | {
      readonly event: 'token_refused'
      readonly reason: 'unauthenticated' | 'token_expired'
      readonly detail?: string
      readonly expired_at?: string
    }
  | {
      /** The STUI API could not be asked; it is asked again after `wait_ms`. */
      readonly event: 'token_unchecked'
      readonly detail: string
      readonly wait_ms: number
      /** True in the time of grace: messages are relayed all the same. */
      readonly known_good: boolean
    }
  /** The token's file cannot be read; what was read before goes on. */
  | { readonly event: 'token_unreadable'; readonly detail: string }
  /** The session service refuses a token that the STUI API called good. */
  | { readonly event: 'token_contested' }
  | { readonly event: 'curve_ready'; readonly public_key: string; readonly allowed: number }
  | {
      /** Somebody could not connect. Told once in a while for each cause and peer. */
      readonly event: 'handshake_refused'
      readonly cause: 'key_not_allowed' | 'bad_request' | 'protocol' | 'other'
      readonly code?: string
      readonly peer?: string
      /** The key that is not on the allow list; adding it there lets its owner in. */
      readonly public_key?: string
    }
  /** Nobody can connect any more until the bridge is started again. */
  | { readonly event: 'zap_failed'; readonly detail: string }
  /** The allow list cannot be read: nobody new is let in. */
  | { readonly event: 'allow_list_unreadable'; readonly detail: string }
  | { readonly event: 'fault'; readonly request_id: string; readonly stack: string }
  | { readonly event: 'stopping'; readonly running: number }
  | { readonly event: 'stopped'; readonly unanswered: number }

export type Log = (event: BridgeEvent) => void
