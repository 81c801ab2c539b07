import { idCount, runtimeFault } from "custody/runtime";

interface IdRange {
  readonly first: number;
  readonly count: number;
}

const lowestId = 300_000;
const highestId = 2 ** 32 - 2 - idCount;
const blockCount = Math.floor((highestId - lowestId) / idCount);
const maxBlocks = 64;

/**
 * Blocks of 65536 user and group ids of the host, one for each sandbox alive, so that no two sandboxes, and no user of
 * the host, share an id. Owners start at different places, because several may run on one host.
 */
export class IdBlocks {
  readonly #start: number;
  readonly #reserved: readonly IdRange[];
  readonly #taken = new Set<number>();

  /** @param seed a number that differs from owner to owner. @param subordinate the text of /etc/subuid and /etc/subgid. */
  constructor(seed: number, subordinate: string) {
    this.#start = (seed * maxBlocks) % blockCount;
    this.#reserved = parseRanges(subordinate);
  }

  /** The first id of a free block. @throws CustodyError `runtime/too-many-sandboxes` when 64 are taken. */
  take(): number {
    if (this.#taken.size >= maxBlocks) {
      throw runtimeFault("runtime/too-many-sandboxes", `${maxBlocks} sandboxes are running`, {
        next: "wait until one of them has ended",
      });
    }
    for (let step = 0; step < blockCount; step++) {
      const first = lowestId + ((this.#start + step) % blockCount) * idCount;
      if (this.#isFree(first)) {
        this.#taken.add(first);
        return first;
      }
    }
    throw runtimeFault(
      "runtime/too-many-sandboxes",
      "every user id of this host is given to somebody in /etc/subuid",
    );
  }

  release(first: number): void {
    this.#taken.delete(first);
  }

  #isFree(first: number): boolean {
    const overlaps = (range: IdRange) => first < range.first + range.count && range.first < first + idCount;
    return !this.#taken.has(first) && !this.#reserved.some(overlaps);
  }
}

function parseRanges(text: string): IdRange[] {
  const lines = text.split("\n").map((line) => line.split(":"));
  return lines
    .map(([, first, count]) => ({ first: Number(first), count: Number(count) }))
    .filter((range) => Number.isSafeInteger(range.first) && range.count > 0);
}
