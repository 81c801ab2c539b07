/** What a client takes at most (TUF 1.0 §5): as the reference clients have it. */
export const tufLimits = {
  rootBytes: 512_000,
  timestampBytes: 16_384,
  snapshotBytes: 2_000_000,
  targetsBytes: 5_000_000,
  /** What metadata whose length is signed may be long. */
  signedLengthBytes: 64_000_000,
  /** A target is held in memory until its hashes were right. */
  targetBytes: 256_000_000,
  /** Roots that one refresh goes through. */
  rootRotations: 256,
  /** Delegated roles that one search visits. */
  delegations: 32,
} as const;
