import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { openKeyFile } from "@custody/node/crypto";
import { openTufFiles } from "@custody/node/tuf-files";
import { formatTrustedRoot, formatWitnessDemand } from "custody/evidence";
import type { TrustedRoot } from "custody/evidence";
import { instantOf, utf8 } from "custody/ground";
import type { Bytes, Crypto, Clock, PublicKey, Signer } from "custody/ground";
import { createTufRoot, tufKeyId, tufKeyOf, TufRepository } from "custody/tuf";
import type { TufFiles, TufMetadata, TufState } from "custody/tuf";
import type { Logger } from "pino";

import { signingConfigOf } from "./signing-config.ts";
import { witnessPolicyName } from "./witness-policy-file.ts";

/** What the repository of a server is made of. */
export interface TrustRepositoryOptions {
  readonly directory: string;
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly diagnostics: Logger;
  /** What it says, asked anew each time. */
  readonly targets: () => ReadonlyMap<string, Bytes>;
}

const rootDays = 365;
const warnDays = 30;
const dayMilliseconds = 24 * 3_600_000;
const everyMilliseconds = 600_000;
const onlineKey = /^tuf-online(?:-[1-9]\d{0,4})?\.key$/;

/**
 * The server's TUF repository: made on first start, and every ten minutes what has changed or will soon end is signed
 * anew. `keys/tuf-root.key` signs only the first root: it can be moved elsewhere afterwards.
 */
export class TrustRepository {
  readonly #options: TrustRepositoryOptions;
  readonly #repository: TufRepository;
  readonly files: TufFiles;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<unknown> = Promise.resolve();

  constructor(options: TrustRepositoryOptions) {
    this.#options = options;
    this.files = openTufFiles(join(options.directory, "tuf"));
    const { crypto, clock } = options;
    const onlineSigners = async () => [...(await this.#onlineKeys()).values()];
    this.#repository = new TufRepository({ crypto, clock, files: this.files, onlineSigners });
  }

  /** Makes it where there is none, says what is true now, and keeps it so. */
  async start(): Promise<void> {
    const keys = join(this.#options.directory, "keys");
    await this.#repository.begin(async () => {
      const online = await openKeyFile(join(keys, "tuf-online.key"), "ed25519");
      const root = await openKeyFile(join(keys, "tuf-root.key"), "ed25519");
      return createTufRoot(this.#options, root, online, rootDays);
    });
    await this.reconcile();
    this.#timer = setInterval(() => void this.reconcile(), everyMilliseconds);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#working;
  }

  /** What fails is told, and tried again the next time: what is in force stays in force until it ends. */
  async reconcile(): Promise<void> {
    const { diagnostics, targets } = this.#options;
    try {
      const damage = await this.#inTurn(() => this.#repository.findDamage());
      for (const error of damage) diagnostics.error({ error }, "a file of the trust repository is damaged");
      await this.#inTurn(() => this.#repository.reconcile(targets()));
      await this.#warn();
    } catch (error) {
      diagnostics.error({ error }, "the trust repository could not be brought up to date");
    }
  }

  state(): Promise<TufState> {
    return this.#inTurn(() => this.#repository.state());
  }

  /**
   * Puts the next root in force and has everything else follow it. Online keys that it does not list are deleted.
   *
   * @throws CustodyError `tuf/…`.
   */
  async acceptRoot(bytes: Bytes): Promise<TufMetadata<"root">> {
    const root = await this.#inTurn(() => this.#repository.acceptRoot(bytes));
    for (const [name, signer] of await this.#onlineKeys()) {
      if (!(this.#idOf(signer) in root.signed.keys)) await rm(join(this.#options.directory, "keys", name));
    }
    await this.reconcile();
    return root;
  }

  /** A new key for the roles of every day; it signs when a root lists it. */
  async makeOnlineKey(): Promise<PublicKey> {
    return this.#inTurn(async () => {
      const taken = [...(await this.#onlineKeys()).keys()].map((name) => Number(/\d+/.exec(name)?.[0] ?? 1));
      const name = `tuf-online-${Math.max(1, ...taken) + 1}.key`;
      return (await openKeyFile(join(this.#options.directory, "keys", name), "ed25519")).publicKey;
    });
  }

  async #onlineKeys(): Promise<ReadonlyMap<string, Signer>> {
    const folder = join(this.#options.directory, "keys");
    const names = (await readdir(folder)).filter((name) => onlineKey.test(name)).toSorted();
    const keys = new Map<string, Signer>();
    for (const name of names) keys.set(name, await openKeyFile(join(folder, name), "ed25519"));
    return keys;
  }

  #idOf({ publicKey }: Signer): string {
    return tufKeyId(this.#options.crypto, tufKeyOf(publicKey));
  }

  async #warn(): Promise<void> {
    const { clock, diagnostics } = this.#options;
    const { root } = await this.state();
    const days = Math.floor((root.signed.expires - clock.now()) / dayMilliseconds);
    if (days >= warnDays) return;
    diagnostics.warn({ days }, "the root of the trust repository ends soon: custody trust rotate-root");
  }

  // One at a time: a root and what follows it are read and written together.
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#working.then(work);
    this.#working = done.catch(() => undefined);
    return done;
  }
}

/**
 * What the repository says: Sigstore's two files, the second under the name that its clients ask for and under the plain one, and
 * the witnesses that signatures are held to, where there are any.
 */
export function trustTargets(
  trustedRoot: TrustedRoot,
  operator: string,
  publicUrl: string,
): ReadonlyMap<string, Bytes> {
  const text = (value: object): Bytes => utf8(`${JSON.stringify(value, undefined, 2)}\n`);
  const { witnesses } = trustedRoot;
  const signingConfig = text(signingConfigOf(trustedRoot, operator, publicUrl));
  return new Map([
    ["trusted_root.json", text(formatTrustedRoot(trustedRoot))],
    ["signing_config.json", signingConfig],
    ["signing_config.v0.2.json", signingConfig],
    ...(witnesses
      ? [
          [
            witnessPolicyName,
            text(formatWitnessDemand(witnesses.text, witnesses.start ?? instantOf(0))),
          ] as const,
        ]
      : []),
  ]);
}
