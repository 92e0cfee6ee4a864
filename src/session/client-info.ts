// What a client says of itself: nothing of it is believed.

/** A tier that a client names is kept as a claim; what it may do is decided by its verified token. */
export function asClaimed(
  info: Readonly<Record<string, unknown>>
): Readonly<Record<string, unknown>> {
  const { subscription_tier: claimed_tier, ...rest } = info
  return claimed_tier === undefined ? info : { ...rest, claimed_tier }
}
