import type { Bytes, Clock, Crypto } from "custody/ground";

/** What a client acts through. */
export interface TufClientPorts {
  readonly crypto: Crypto;
  /** Read once a refresh (TUF 1.0 §5.1). */
  readonly clock: Clock;
  readonly remote: TufRemote;
  readonly store: TufTrustStore;
}

/**
 * A repository, elsewhere. Nothing that it says is believed.
 *
 * Both answer `undefined` only where the repository itself says that it has no such file (for HTTP: 403, 404, 410):
 * that ends the chain of roots, so a failure must not look like it. They take no more than `limitBytes`.
 *
 * @throws CustodyError `tuf/limit` for a longer file, `tuf/unreachable` for everything else that went wrong.
 */
export interface TufRemote {
  /** A file of metadata by its name, such as `2.root.json`; names are percent-encoded already. */
  fetchMetadata(name: string, limitBytes: number): Promise<Bytes | undefined>;
  /** A target by its path, whose segments are percent-encoded already. */
  fetchTarget(path: string, limitBytes: number): Promise<Bytes | undefined>;
}

/**
 * The metadata that a client trusts, byte for byte as they came, by the name of their role (not encoded).
 *
 * `write` replaces a role as a whole and answers when that is durable; `remove` of an absent one does nothing. One
 * client at a time uses a store.
 */
export interface TufTrustStore {
  read(role: string): Promise<Bytes | undefined>;
  write(role: string, bytes: Bytes): Promise<void>;
  remove(role: string): Promise<void>;
}
