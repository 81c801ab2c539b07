import { execFileSync } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import type { Delivery } from "custody/control";

import type { ExampleRepository } from "../demo/example.ts";
import type { ApiAnswer, ApiServer } from "./api.testing.ts";
import { ask, awaitDelivery, bundleOf } from "./api.testing.ts";

const maxOutputBytes = 64 * 1024 * 1024;

/** An example's repository, of which other commits are made that all start from the same good one. */
export class Variants {
  readonly example: ExampleRepository;
  readonly #base: string;

  private constructor(example: ExampleRepository, base: string) {
    this.example = example;
    this.#base = base;
  }

  static async open(example: ExampleRepository): Promise<Variants> {
    return new Variants(example, await example.git("rev-parse", "HEAD"));
  }

  /** Makes a commit with these files changed (removed where undefined), signed by ada. */
  async commit(files: Readonly<Record<string, string | undefined>>): Promise<string> {
    await this.reset();
    for (const [path, content] of Object.entries(files)) {
      if (content === undefined) await rm(join(this.example.directory, path));
      else await this.example.write(path, content);
    }
    return this.example.commit("A variant", "ada");
  }

  /** Makes a signed commit whose top directory holds these lines besides (`mode type id TAB name`), checked by nobody. */
  async commitEntries(...lines: readonly string[]): Promise<string> {
    await this.reset();
    const { example } = this;
    const tree = this.#run(["ls-tree", "-z", "HEAD"]);
    const made = this.#run(["mktree", "-z", "--missing"], tree + lines.map((line) => `${line}\0`).join(""));
    const signing = [
      "-c",
      "gpg.format=ssh",
      "-c",
      `user.signingkey=${example.keys.ada.replace(/\.pub$/, "")}`,
    ];
    const id = await example.git(
      ...signing,
      "commit-tree",
      "-S",
      "-p",
      "HEAD",
      "-m",
      "Odd entries",
      made.trim(),
    );
    await example.git("update-ref", "refs/heads/main", id);
    return id;
  }

  /** A file as it is in the checkout. */
  read(path: string): Promise<string> {
    return readFile(join(this.example.directory, path), "utf8");
  }

  /** A blob of the repository. */
  blob(content: string | Uint8Array): string {
    return this.#run(["hash-object", "-w", "--stdin"], content).trim();
  }

  #run(args: readonly string[], input: string | Uint8Array = ""): string {
    return execFileSync("git", ["-C", this.example.directory, ...args], {
      input,
      encoding: "utf8",
      maxBuffer: maxOutputBytes,
    });
  }

  async reset(): Promise<void> {
    await this.example.git("update-ref", "refs/heads/main", this.#base);
    await this.example.git("reset", "--quiet", "--hard");
  }

  /** Hands the current commit in at the front door. */
  async post(server: ApiServer, name: string): Promise<ApiAnswer> {
    return ask(server, `POST /repositories/${name}/deliveries`, {
      body: await bundleOf(this.example),
      type: "application/x-git-bundle",
    });
  }

  /** Delivers the current commit and waits for its end. */
  async deliver(server: ApiServer, name: string): Promise<Delivery> {
    const { status, body } = await this.post(server, name);
    if (status !== 201) throw new Error(`not taken in: ${JSON.stringify(body)}`);
    return awaitDelivery(server, String(body["id"]));
  }
}
