import type { Bytes } from "custody/ground";
import { parseHex, toHex } from "custody/ground";
import { emptyRoot, leafHash, nodeHash } from "custody/merkle";
import type { Hasher } from "custody/merkle";

/** Where in the log the entries of a key are; rising, each once. */
export type Positions = readonly number[];

/** One leaf of the tree with its way to the root. */
export interface LeafProof {
  readonly place: number;
  readonly leaf: Bytes;
  readonly hashes: readonly Bytes[];
}

/** That a key has these positions and no others; or that it has none: its neighbours stand side by side. */
export type LookupProof =
  | { readonly kind: "present"; readonly at: LeafProof }
  | { readonly kind: "absent"; readonly before?: LeafProof; readonly after?: LeafProof };

const positionBytes = 8;

/** A leaf: the key, then each position in eight bytes. */
function formatLeaf(key: Bytes, positions: Positions): Bytes {
  const bytes = new Uint8Array(key.length + positions.length * positionBytes);
  bytes.set(key);
  const view = new DataView(bytes.buffer);
  for (const [i, position] of positions.entries()) {
    view.setBigUint64(key.length + i * positionBytes, BigInt(position));
  }
  return bytes;
}

/**
 * A Merkle tree (RFC 6962 §2.1) whose leaves are keys with their positions, in the order of the keys: what stands between two
 * neighbours is nothing.
 */
export class IndexTree {
  readonly #hasher: Hasher;
  readonly #keys: readonly string[];
  readonly #leaves: readonly Bytes[];
  /** Hashes from the leaves up; a level's odd last one goes up as it is, which is RFC 6962's tree. */
  readonly #levels: readonly (readonly Bytes[])[];

  constructor(hasher: Hasher, positions: ReadonlyMap<string, Positions>) {
    this.#hasher = hasher;
    this.#keys = [...positions.keys()].toSorted();
    this.#leaves = this.#keys.map((key) => formatLeaf(parseHex(key), positions.get(key) ?? []));
    this.#levels = levelsOf(
      hasher,
      this.#leaves.map((leaf) => leafHash(hasher, leaf)),
    );
  }

  get size(): number {
    return this.#leaves.length;
  }

  get rootHash(): Bytes {
    return this.#levels.at(-1)?.[0] ?? emptyRoot(this.#hasher);
  }

  prove(key: Bytes): LookupProof {
    const place = this.#placeOf(toHex(key));
    if (this.#keys[place] === toHex(key)) return { kind: "present", at: this.#leafProof(place) };
    return {
      kind: "absent",
      ...(place > 0 ? { before: this.#leafProof(place - 1) } : {}),
      ...(place < this.size ? { after: this.#leafProof(place) } : {}),
    };
  }

  // Where the key is, or would be.
  #placeOf(key: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? "") < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #leafProof(place: number): LeafProof {
    const hashes: Bytes[] = [];
    let at = place;
    for (const level of this.#levels.slice(0, -1)) {
      const sibling = level[at ^ 1];
      if (sibling) hashes.push(sibling);
      at >>>= 1;
    }
    return { place, leaf: this.#leaves[place] ?? new Uint8Array(), hashes };
  }
}

function levelsOf(hasher: Hasher, leaves: readonly Bytes[]): readonly (readonly Bytes[])[] {
  const levels: (readonly Bytes[])[] = [leaves];
  for (let level = leaves; level.length > 1;) {
    const below = level;
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_, i) => {
      const [left, right] = [below[2 * i] ?? new Uint8Array(), below[2 * i + 1]];
      return right ? nodeHash(hasher, left, right) : left;
    });
    levels.push(level);
  }
  return levels;
}
