import type { Bytes } from "./bytes.ts";
import type { Instant } from "./instant.ts";

/** The time. Floors 0–2 never read it; floor 3 is handed one. */
export interface Clock {
  now(): Instant;
}

/** Cryptographically secure random bytes. */
export interface Random {
  bytes(count: number): Bytes;
}
