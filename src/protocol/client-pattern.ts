// How credentials and settings name clients: exact ids, or `prefix*`.

/** True if one of the entries covers the client. */
export function coversClient(entries: readonly string[], clientId: string): boolean {
  return entries.some((entry) =>
    entry.endsWith('*') ? clientId.startsWith(entry.slice(0, -1)) : entry === clientId
  )
}

/** Whom credentials speak for; an empty list covers every client. */
export type Covering = { readonly client_ids: readonly string[] }

/** True if the credentials cover the client; who owns a client id within the team is decided where it is stored. */
export function mayUseClient({ client_ids }: Covering, clientId: string): boolean {
  return client_ids.length === 0 || coversClient(client_ids, clientId)
}
