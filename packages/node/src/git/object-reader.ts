import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";

import type { ObjectId, ObjectType } from "custody/git";
import { isObject } from "custody/git";
import type { Bytes } from "custody/ground";
import { CustodyError } from "custody/ground";

import { gitEnvironment } from "./run-git.ts";

const maxHeaderBytes = 256;

/** Reads raw objects of one repository through a single `git cat-file --batch`; every one is checked against its id. */
export class ObjectReader implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #maxObjectBytes: number;
  #buffered: Buffer = Buffer.alloc(0);
  readonly #chunks: AsyncIterator<Buffer>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(repositoryPath: string, maxObjectBytes: number) {
    this.#child = spawn("git", ["--git-dir", repositoryPath, "cat-file", "--batch"], {
      env: gitEnvironment(),
    });
    this.#child.on("error", () => this.#child.stdout.destroy());
    this.#child.stderr.resume();
    this.#child.stdin.on("error", () => undefined);
    this.#chunks = this.#child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.#maxObjectBytes = maxObjectBytes;
  }

  /**
   * The body of an object, exactly as git stores it.
   *
   * @throws CustodyError `git/missing`, `git/too-large`, `git/corrupt` when the bytes are not what the id names.
   */
  read(id: ObjectId, type: ObjectType): Promise<Bytes> {
    const reading = this.#last.then(() => this.#readNext(id, type));
    this.#last = reading.catch(() => undefined);
    return reading;
  }

  async #readNext(id: ObjectId, type: ObjectType): Promise<Bytes> {
    this.#child.stdin.write(`${id}\n`);
    const header = (await this.#take(await this.#headerLength())).toString("latin1").trimEnd();
    const [, foundType, size] = header.split(" ");
    const sizeBytes = Number(size);
    if (foundType !== type || !Number.isSafeInteger(sizeBytes)) {
      // The body of another kind of object would be taken for the next answer.
      if (size !== undefined) this.#child.kill();
      throw new CustodyError("git/missing", `the repository has no ${type} ${id}`, { subject: id });
    }
    if (sizeBytes > this.#maxObjectBytes) {
      this.#child.kill();
      throw new CustodyError(
        "git/too-large",
        `the ${type} ${id} is larger than ${this.#maxObjectBytes} bytes`,
        {
          subject: id,
        },
      );
    }
    const body = new Uint8Array(await this.#take(sizeBytes + 1)).slice(0, sizeBytes);
    if (!isObject(id, type, body))
      throw new CustodyError("git/corrupt", `the bytes are not the ${type} ${id}`);
    return body;
  }

  async #headerLength(): Promise<number> {
    for (;;) {
      const feed = this.#buffered.indexOf(0x0a);
      if (feed >= 0) return feed + 1;
      if (this.#buffered.length > maxHeaderBytes) throw unreadable();
      await this.#fill();
    }
  }

  async #take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      if (this.#buffered.length === 0) await this.#fill();
      const part = this.#buffered.subarray(0, missing);
      parts.push(part);
      missing -= part.length;
      this.#buffered = this.#buffered.subarray(part.length);
    }
    return Buffer.concat(parts);
  }

  async #fill(): Promise<void> {
    const { value, done } = await this.#chunks.next();
    if (done) throw unreadable();
    this.#buffered = this.#buffered.length === 0 ? value : Buffer.concat([this.#buffered, value]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    this.#child.kill();
    await this.#chunks.return?.();
  }
}

function unreadable(): CustodyError<"git/unreadable"> {
  return new CustodyError("git/unreadable", "git stopped answering; the repository cannot be read");
}
