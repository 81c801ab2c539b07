import { ObjectReader } from "./object-reader.ts";

interface Pooled {
  readonly reader: ObjectReader;
  users: number;
  idle?: NodeJS.Timeout;
}

const idleMilliseconds = 2_000;

/**
 * One `git cat-file` a repository for all who read from it, ended when nobody has read for a while: a tree of thousands
 * of files is not thousands of processes.
 */
export class ReaderPool {
  readonly #open: (repositoryPath: string) => ObjectReader;
  readonly #pooled = new Map<string, Pooled>();

  constructor(maxObjectBytes: number) {
    this.#open = (path) => new ObjectReader(path, maxObjectBytes);
  }

  /** Reads with the repository's reader; one that failed is not used again. */
  async use<T>(repositoryPath: string, read: (reader: ObjectReader) => Promise<T>): Promise<T> {
    const pooled = this.#take(repositoryPath);
    try {
      return await read(pooled.reader);
    } catch (error) {
      this.#forget(repositoryPath, pooled);
      throw error;
    } finally {
      this.#giveBack(repositoryPath, pooled);
    }
  }

  #take(path: string): Pooled {
    const pooled = this.#pooled.get(path) ?? { reader: this.#open(path), users: 0 };
    this.#pooled.set(path, pooled);
    clearTimeout(pooled.idle);
    pooled.users++;
    return pooled;
  }

  #giveBack(path: string, pooled: Pooled): void {
    pooled.users--;
    if (pooled.users > 0) return;
    if (this.#pooled.get(path) === pooled) {
      pooled.idle = setTimeout(() => this.#close(path, pooled), idleMilliseconds);
    } else void pooled.reader[Symbol.asyncDispose]();
  }

  #close(path: string, pooled: Pooled): void {
    this.#forget(path, pooled);
    void pooled.reader[Symbol.asyncDispose]();
  }

  #forget(path: string, pooled: Pooled): void {
    if (this.#pooled.get(path) === pooled) this.#pooled.delete(path);
  }
}
