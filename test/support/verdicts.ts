// What a verifier says of a token, as far as most tests care.

export const GOOD = { ok: true }
export const AWAY = { ok: false, failure: { reason: 'upstream_unavailable' } }
export const REFUSED = { ok: false, failure: { reason: 'unauthenticated' } }
