// What the bridge tells its log. Never bodies, state, tokens or session ids.

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
  | { readonly event: 'fault'; readonly request_id: string; readonly stack: string }
  | { readonly event: 'stopping'; readonly running: number }
  | { readonly event: 'stopped'; readonly unanswered: number }

export type Log = (event: BridgeEvent) => void
