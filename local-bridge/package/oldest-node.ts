// The oldest Node that can run the bridge: it needs AsyncDisposableStack, which V8 has since then, and node:sqlite without
// a flag. Imports nothing, so that a Node that is older can read it.

export const OLDEST_NODE = 24
