import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { makeClock } from "custody/authority/attestor.testing";
import type { TestClock } from "custody/authority/attestor.testing";
import type { Bytes, Signer } from "custody/ground";
import { utf8 } from "custody/ground";

import { createTufRoot, memoryTufFiles, nextTufRoot, signTufMetadata, TufRepository } from "./index.ts";
import type { RootChange, TufMetadata } from "./index.ts";

export const day = 24 * 3_600_000;

/** A repository in memory, with the keys that its first root lists. */
export interface TufScene {
  readonly repository: TufRepository;
  readonly files: Map<string, Bytes>;
  readonly clock: TestClock;
  readonly rootSigner: Signer;
  readonly online: Signer[];
  /** The files take so many writes and fail then. */
  crashAfter(writes: number): void;
  /** The next root, signed by these. */
  next(change: Partial<RootChange>, signers: readonly Signer[]): Promise<TufMetadata<"root">>;
}

export const targets = new Map([
  ["trusted_root.json", utf8("whom to trust")],
  ["signing_config.json", utf8("where to sign")],
]);

export async function makeTufScene(clock = makeClock(Date.now())): Promise<TufScene> {
  const { files, ...memory } = memoryTufFiles();
  let writesLeft = Infinity;
  const [rootSigner, first] = await Promise.all([generateSigner("ed25519"), generateSigner("ed25519")]);
  const online = [first];
  const repository = new TufRepository({
    crypto: nodeCrypto,
    clock,
    files: {
      ...memory,
      write: (name, bytes) =>
        writesLeft-- > 0 ? memory.write(name, bytes) : Promise.reject(new Error("crash")),
    },
    onlineSigners: () => Promise.resolve(online),
  });
  await repository.begin(() => createTufRoot({ crypto: nodeCrypto, clock }, rootSigner, first, 365));
  return {
    repository,
    files,
    clock,
    rootSigner,
    online,
    crashAfter: (writes) => {
      writesLeft = writes;
    },
    async next(change, signers) {
      const { root } = await repository.state();
      const content = nextTufRoot({ crypto: nodeCrypto, clock }, root.signed, { days: 365, ...change });
      return signTufMetadata(nodeCrypto, "root", content, signers);
    },
  };
}
