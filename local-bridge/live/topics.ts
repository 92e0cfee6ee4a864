// What subscribers name. A topic names its client as a whole path segment, so that the topics of one client are never the
// beginning of another's: clients/ann/ does not reach clients/anna/.

import { clientId } from '../../src/protocol/fields.ts'

/** @example topicOf('client_001', 'session.updated') // clients/client_001/session.updated */
export function topicOf(client_id: string, type: string): string {
  return `clients/${client_id}/${type}`
}

/** The bridge's own events. */
export function bridgeTopic(type: string): string {
  return `bridge/${type}`
}

/** The client that a subscription is for; undefined for one that reaches several clients or none. */
export function clientOf(subscription: string): string | undefined {
  const [root, client_id, ...rest] = subscription.split('/')
  if (root !== 'clients' || rest.length === 0) return undefined
  return clientId.safeParse(client_id).success ? client_id : undefined
}
