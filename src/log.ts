// What the Worker logs: one JSON line an event. Never state, parameters, session ids or tokens.

export type WorkerEvent =
  | {
      readonly event: 'command'
      readonly request_id: string
      readonly command: string
      readonly client_id?: string
      /** `success` or the error code. */
      readonly outcome: string
      readonly status: number
      readonly duration_ms: number
      readonly bytes_in: number
      readonly bytes_out: number
      readonly replayed: boolean
      readonly traceparent?: string
    }
  | {
      readonly event: 'fault'
      readonly where: 'http' | 'client_object' | 'team_directory' | 'event_stream'
      readonly request_id?: string
      readonly command?: string
      readonly error: string
    }
  | {
      readonly event: 'token_refused'
      readonly request_id: string
      readonly reason: 'unauthenticated' | 'token_expired'
      /** As the failures of an address are counted: of IPv6 the network. */
      readonly address: string
    }
  | {
      readonly event: 'socket_asked_for'
      readonly request_id: string
      /** Absent for a whole team. */
      readonly client_id?: string
      /** `success` or the error code. */
      readonly outcome: string
    }
  | {
      readonly event: 'socket_closed'
      /** Of the request that opened it; empty if that is not known any more. */
      readonly request_id: string
      readonly code: number
    }
  | { readonly event: 'refused_to_serve'; readonly detail: string }
  | { readonly event: 'cleanup'; readonly expired: number; readonly deleted: number }
  | { readonly event: 'report_failed'; readonly error: string }
  | { readonly event: 'images_unknown'; readonly error: string }

/** Writes one event as a JSON line. */
export function log(event: WorkerEvent): void {
  // biome-ignore lint/suspicious/noConsole: the console is where a Worker's log goes
  console.log(JSON.stringify(event))
}

/** What a fault says in the log: class, message and stack, but no values. */
export function faultText(error: unknown): string {
  return error instanceof Error
    ? (error.stack ?? `${error.name}: ${error.message}`)
    : 'not an Error'
}
