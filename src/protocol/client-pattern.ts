// How credentials and settings name clients: exact ids, or `prefix*`.

/** True if one of the entries covers the client. */
export function coversClient(entries: readonly string[], clientId: string): boolean {
  return entries.some((entry) =>
    entry.endsWith('*') ? clientId.startsWith(entry.slice(0, -1)) : entry === clientId
  )
}
