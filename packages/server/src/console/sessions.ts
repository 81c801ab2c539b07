import { createHash, randomBytes } from "node:crypto";

import type { SessionStore } from "@custody/node/console-store";
import type { Clock, Instant } from "custody/ground";
import { instantOf } from "custody/ground";

const linkMilliseconds = 10 * 60_000;
const sessionMilliseconds = 12 * 3_600_000;
const secretPattern = /^[A-Za-z0-9_-]{43}$/;

/** A secret that was just made, and until when it can be used. */
export interface Issued {
  /** 256 random bits, base64url. */
  readonly secret: string;
  readonly expiresAt: Instant;
}

/** Sign-in at the console: a link that works once, for a session that ends by itself. Only hashes of the secrets are kept. */
export class Sessions {
  readonly #store: SessionStore;
  readonly #clock: Clock;

  constructor(store: SessionStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The secret of a sign-in link, for ten minutes and one use. */
  async issueLink(): Promise<Issued> {
    const issued = this.#issue(linkMilliseconds);
    await this.#store.addLink(hashOf(issued.secret), issued.expiresAt);
    return issued;
  }

  /** A session for the secret of a link; undefined for one that was used, has run out, or never was. */
  async redeem(link: string): Promise<Issued | undefined> {
    if (!secretPattern.test(link)) return undefined;
    const session = this.#issue(sessionMilliseconds);
    const { secret, expiresAt } = session;
    return (await this.#store.redeem(hashOf(link), { hash: hashOf(secret), expiresAt }))
      ? session
      : undefined;
  }

  /** When the session of this secret ends; undefined when there is none. */
  async find(secret: string | undefined): Promise<Instant | undefined> {
    return secret !== undefined && secretPattern.test(secret) ? this.#store.find(hashOf(secret)) : undefined;
  }

  async end(secret: string): Promise<void> {
    await this.#store.end(hashOf(secret));
  }

  #issue(milliseconds: number): Issued {
    return {
      secret: randomBytes(32).toString("base64url"),
      expiresAt: instantOf(this.#clock.now() + milliseconds),
    };
  }
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
