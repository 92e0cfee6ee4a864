// What the bridge tells its log. Never bodies, state, tokens, secret keys or session ids.

export type BridgeEvent =
  | { readonly event: 'listening'; readonly endpoint: string; readonly upstream: string }
  | {
      /** One for each message that was answered. */
      readonly event: 'command'
      readonly request_id: string
      /** A name of the registry; absent where none could be read, and where the message went to an image. */
      readonly command?: string
      /** "success" or the error code of the answer; "passed" for an image's own answer, which is not read. */
      readonly outcome: string
      readonly duration_ms: number
      readonly bytes_in: number
      readonly bytes_out: number
      /** The image that answered. */
      readonly image?: string
      /** The request whose call answered this one too. */
      readonly joined?: string
    }
  | {
      readonly event: 'upstream_retry'
      readonly request_id: string
      readonly detail: string
      readonly wait_ms: number
    }
  /** The lease of a session had ended, and its owner has gone on with it. */
  | { readonly event: 'session_revived'; readonly request_id: string }
  | {
      /** A call ended after everybody who waited for it had been answered. */
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
  /** The image has shaken hands. */
  | { readonly event: 'image_up'; readonly image: string; readonly address: string }
  /** It was started anew, or may have been: ids of objects that were given before are no longer good. */
  | { readonly event: 'image_restarted'; readonly image: string; readonly address: string }
  | {
      /** The connection is gone: the image has ended, is frozen or cannot be reached any more. */
      readonly event: 'image_down'
      readonly image: string
      readonly address: string
      readonly detail: string
      /** True if it worked on a request, whose outcome is unknown now. */
      readonly in_flight: boolean
    }
  | {
      /** The image is connected, but has been working on one request for a long time. */
      readonly event: 'image_silent'
      readonly image: string
      readonly address: string
      readonly after_ms: number
    }
  /** It was silent and has answered now. */
  | { readonly event: 'image_answers'; readonly image: string; readonly address: string }
  /** What the directory says to reports about an image; told when that is new. */
  | { readonly event: 'image_reported'; readonly image: string; readonly outcome: string }
  /** What the directory says to reports about the journal; told when that is new. */
  | { readonly event: 'journal_reported'; readonly outcome: string }
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
  /** The session service cannot be reached; from now on this machine answers. */
  | { readonly event: 'uplink_down' }
  | { readonly event: 'uplink_up'; readonly away_ms: number }
  | {
      /** Work that was acknowledged here is on its way to the service; told at its beginning, then once a second. */
      readonly event: 'replaying'
      readonly done: number
      readonly total: number
      readonly per_second?: number
      readonly rest_s?: number
    }
  /** Everything that was acknowledged here has reached the service, or was refused by it. */
  | { readonly event: 'caught_up'; readonly delivered: number; readonly refused?: number }
  /** Work waits that the keys of this folder do not open. */
  | { readonly event: 'journal_locked'; readonly detail: string }
  /** The service does not take something now; it is delivered again. */
  | { readonly event: 'delivery_put_off'; readonly outcome: string }
  /** The service does not take something that was acknowledged: it stays in the journal. */
  | {
      readonly event: 'delivery_refused'
      readonly command: string
      readonly outcome: string
      /** What shows it and saves it. */
      readonly next: string
    }
  /** Changes that the service had refused were taken out of the journal, because somebody said so. */
  | { readonly event: 'refused_dropped'; readonly changes: number }
  /** Changes that the service had refused wait again, because somebody said so. */
  | { readonly event: 'refused_retried'; readonly changes: number }
  /** Work that was done here met a change made elsewhere and became a session of its own. */
  | { readonly event: 'conflict_kept'; readonly command: string }
  /** Every session that the bridge has seen is completely on this machine. */
  | { readonly event: 'replica_complete' }
  /** There is no replica: while the service is away nothing is answered. */
  | { readonly event: 'replica_off'; readonly detail: string }
  /** What kept it off has been put right. */
  | { readonly event: 'replica_on' }
  | { readonly event: 'replica_unusable'; readonly detail: string }
  /** A file was put aside; so many entries of its journal could be read, and so many not: absent if nobody can say. */
  | { readonly event: 'replica_damaged'; readonly kept: number; readonly lost?: number }
  | {
      /** Where subscribers connect; another port than the usual one if that is in use. */
      readonly event: 'events_listening'
      readonly endpoint: string
      readonly instead_of?: string
    }
  /** The events of a client do not come any more; told once, until they do again. */
  | { readonly event: 'stream_lost'; readonly detail: string }
  /** Events come again, from where they ended. */
  | { readonly event: 'stream_resumed'; readonly away_ms: number }
  /** The service will not tell the events of a client: nobody asks again until somebody subscribes again. */
  | { readonly event: 'stream_stopped'; readonly detail: string }
  /** Somebody subscribed to one client more than can be watched. */
  | { readonly event: 'streams_full'; readonly limit: number }
  | { readonly event: 'fault'; readonly request_id: string; readonly stack: string }
  | { readonly event: 'stopping'; readonly running: number }
  | { readonly event: 'stopped'; readonly unanswered: number }

export type Log = (event: BridgeEvent) => void
