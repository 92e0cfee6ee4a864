// Keeps the order of each peer's messages: they go upstream and are answered one after another.
// Never globally: a peer waits for nobody else.

export type PeerOrder = {
  /**
   * Runs `work` at once and gives its value after everything the peer sent before has been answered.
   * `turn` resolves at that same moment.
   */
  inOrder<Value>(peer: string, work: (turn: Promise<void>) => Promise<Value>): Promise<Value>
}

export function createPeerOrder(): PeerOrder {
  const last = new Map<string, Promise<void>>()
  return {
    async inOrder(peer, work) {
      const turn = last.get(peer) ?? Promise.resolve()
      const { promise: answered, resolve } = Promise.withResolvers<void>()
      last.set(peer, answered)
      try {
        return await work(turn)
      } finally {
        // What fails is told in its turn too, and lets nothing pass what came before it.
        await turn
        if (last.get(peer) === answered) last.delete(peer)
        resolve()
      }
    },
  }
}
