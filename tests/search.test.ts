import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { custody } from "../demo/custody.ts";
import { LiveServer, makeFolder, skip } from "./live.testing.ts";

const reviewer = "https://people.test/alice";
const issuer = "https://live.test";
const type = "https://live.test/review/v1";

interface Found {
  readonly positions: readonly number[];
  readonly covered: number;
  readonly entries: readonly { readonly index: number; readonly rendering: string }[];
}

describe("searching the log", { skip, timeout: 180_000 }, () => {
  let folder: string;
  let directory: string;
  let server: LiveServer;

  before(async () => {
    folder = await makeFolder("search");
    directory = join(folder, "server");
    server = await LiveServer.start(directory);
    for (const name of ["a", "b", "c"]) {
      await writeFile(join(folder, name), `file ${name}`);
      await attest(reviewer, name);
    }
    await attest("https://people.test/bob", "a");
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function ask(exitCode: number, ...words: readonly string[]): Promise<string> {
    const said: string[] = [];
    const answer = await custody([...words, "--dir", directory], (line) => said.push(line));
    const text = [answer.stdout, ...said].join("\n");
    assert.equal(answer.exitCode, exitCode, `${words.join(" ")}: ${text}`);
    return text;
  }

  async function attest(identity: string, name: string): Promise<void> {
    const token = (await ask(0, "token", identity)).trim();
    await writeFile(join(folder, "review.json"), JSON.stringify({ of: name, by: identity }));
    const what = ["--type", type, "--predicate", join(folder, "review.json"), join(folder, name)];
    await ask(0, "attest", "--identity-token", token, ...what);
  }

  async function search(...words: readonly string[]): Promise<Found> {
    return JSON.parse(await ask(0, "log", "search", "--json", ...words)) as Found;
  }

  const digestOf = async (name: string): Promise<string> =>
    `sha256:${createHash("sha256")
      .update(await readFile(join(folder, name)))
      .digest("hex")}`;

  test("finds entries by signer, subject and type, each proven, and proves that there are no others", async () => {
    const rows: readonly (readonly [readonly string[], readonly number[]])[] = [
      [
        ["--identity", reviewer, "--issuer", issuer],
        [0, 1, 2],
      ],
      [["--identity", "https://people.test/bob", "--issuer", issuer], [3]],
      [
        ["--subject", await digestOf("a")],
        [0, 3],
      ],
      [
        ["--type", type],
        [0, 1, 2, 3],
      ],
      [["--identity", "https://people.test/nobody", "--issuer", issuer], []],
      [["--identity", reviewer, "--issuer", "https://other.test"], []],
      [["--type", "https://live.test/other"], []],
    ];
    for (const [words, positions] of rows) {
      const found = await search(...words);
      assert.deepEqual(found.positions, positions, words.join(" "));
      assert.deepEqual(
        found.entries.map(({ index }) => index),
        positions,
      );
      assert.ok(found.covered >= 4);
    }
  });

  test("narrows by time what was proven to be all", async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    assert.equal((await search("--type", type, "--until", soon)).entries.length, 4);
    const none = await search("--type", type, "--since", soon);
    assert.deepEqual([none.entries.length, none.positions.length], [0, 4]);
  });

  test("an attestation that comes later is in the next answer, and the index after a restart is the same", async () => {
    await attest(reviewer, "b");
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const subject = ["--subject", await digestOf("b")];
    assert.deepEqual((await search(...subject)).positions, [1, 4]);
    await server.stop();
    server = await LiveServer.start(directory);
    assert.deepEqual((await search(...subject)).positions, [1, 4]);
  });

  /** Asks through somebody who changes what the server answers. */
  async function searchThrough(change: (answer: Record<string, unknown>) => void): Promise<string> {
    const between = createServer((request, response) => void pass(request, response, change));
    await new Promise<void>((resolve) => between.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
    const said: string[] = [];
    const token = (await readFile(join(directory, "token"), "utf8")).trim();
    process.env["CUSTODY_TOKEN"] = token;
    try {
      const root = ["--trusted-root", join(directory, "trusted_root.json")];
      const words = ["log", "search", "--type", type, "--server", url, ...root];
      const { exitCode, stdout } = await custody(words, (line) => said.push(line));
      return `${exitCode} ${stdout} ${said.join(" ")}`;
    } finally {
      delete process.env["CUSTODY_TOKEN"];
      between.closeAllConnections();
      await new Promise((resolve) => between.close(resolve));
    }
  }

  async function pass(
    request: IncomingMessage,
    response: ServerResponse,
    change: (answer: Record<string, unknown>) => void,
  ): Promise<void> {
    const headers = { authorization: request.headers.authorization ?? "" };
    const answer = (await (await fetch(`${server.url}${request.url ?? ""}`, { headers })).json()) as Record<
      string,
      unknown
    >;
    change(answer);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer));
  }

  test("an answer that was changed on its way is refused: left out, put in, or of another index", async () => {
    const entriesOf = (answer: Record<string, unknown>): Record<string, unknown>[] =>
      answer["entries"] as Record<string, unknown>[];
    assert.match(await searchThrough(() => undefined), /^0 5 of 5 entries/);
    const absent = JSON.parse(
      await ask(0, "log", "search", "--json", "--type", "https://live.test/x"),
    ) as object;
    assert.ok(absent);
    const rows: readonly (readonly [string, (answer: Record<string, unknown>) => void, RegExp])[] = [
      ["an entry left out", (answer) => entriesOf(answer).splice(1, 1), /log-index\/proof/],
      [
        "an entry twice",
        (answer) => entriesOf(answer).push(...entriesOf(answer).slice(0, 1)),
        /log-index\/proof/,
      ],
      [
        "another entry",
        (answer) => Object.assign(entriesOf(answer)[0] ?? {}, { entry: "e30=" }),
        /merkle\/inclusion/,
      ],
      ["no bundle", (answer) => delete entriesOf(answer)[0]?.["bundle"], /log-index\/proof/],
      ["an absence", (answer) => Object.assign(answer, { proof: { kind: "absent" } }), /log-index\/proof/],
      [
        "another commitment",
        (answer) =>
          Object.assign(answer, { commitment: String(answer["commitment"]).replace(/\n\d+\n/, "\n9\n") }),
        /note\/signature/,
      ],
      [
        "a commitment that is not on record",
        (answer) =>
          Object.assign(answer["logged"] as object, { entry: Buffer.from("another").toString("base64") }),
        /merkle\/inclusion/,
      ],
    ];
    for (const [what, change, expected] of rows) {
      const said = await searchThrough(change);
      assert.match(said, /^2 /, what);
      assert.match(said, expected, what);
    }
  });

  test("says what it needs", async () => {
    assert.match(await ask(2, "log", "search"), /--identity with --issuer/);
    assert.match(await ask(2, "log", "search", "--type", type, "--since", "yesterday"), /is no time/);
  });
});
