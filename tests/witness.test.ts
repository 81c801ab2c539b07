import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { custody } from "../demo/custody.ts";
import { makeExample } from "../demo/example.ts";
import { LiveServer, makeFolder, makeServerDirectory, skip } from "./live.testing.ts";
import { Developer, LiveWitness } from "./witness.testing.ts";

describe("a log with witnesses", { skip }, () => {
  let folder: string;
  let directory: string;
  let server: LiveServer;
  let vkey: string;
  const witnesses: LiveWitness[] = [];
  const file = (name: string) => join(folder, name);
  const policy = () => file("policy");

  before(async () => {
    folder = await makeFolder("witness");
    directory = await makeServerDirectory(file("custody"));
    server = await LiveServer.start(directory);
    const keys = await run(["log", "key", "--trusted-root", join(directory, "trusted_root.json")], 0);
    [vkey = ""] = keys.split("\n");
    writeFileSync(file("logs"), `${vkey}\n`);
    for (const name of ["w1", "w2"])
      witnesses.push(await LiveWitness.start(file(name), `${name}.test`, file("logs")));
    const lines = witnesses.flatMap(({ vkeys, url }, i) => `witness w${i} ${vkeys[i]} ${url}\n`);
    writeFileSync(policy(), `${lines.join("")}group both all w0 w1\nquorum both\n`);
  });
  after(async () => {
    await server.stop();
    for (const witness of witnesses) await witness.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(args: readonly string[], expected: number): Promise<string> {
    const said: string[] = [];
    const { exitCode, stdout } = await custody(args, (line) => said.push(line));
    assert.equal(exitCode, expected, `${args.join(" ")}: ${stdout} ${said.join("\n")}`);
    return stdout;
  }

  async function verify(artifact: string, bundle: object, code: string | undefined): Promise<void> {
    writeFileSync(file("artifact"), artifact);
    writeFileSync(file("bundle"), JSON.stringify(bundle));
    const root = ["--trusted-root", join(directory, "trusted_root.json"), "--witness-policy", policy()];
    const words = [
      "verify-bundle",
      "--json",
      "--bundle",
      file("bundle"),
      "--key",
      file("key"),
      ...root,
      file("artifact"),
    ];
    const answer = JSON.parse(await run(words, code === undefined ? 0 : 1)) as {
      reasons?: { code: string }[];
    };
    assert.equal(answer.reasons?.[0]?.code, code);
  }

  test("has what it publishes cosigned from when the policy is given, and in its next lives", async () => {
    const developer = new Developer(server.url);
    writeFileSync(file("key"), developer.publicKey);
    const unwitnessed = await developer.bundle("before");
    await verify("before", unwitnessed, "sigstore/not-witnessed");
    assert.equal((await fetch(`${server.url}/witness_policy.json`)).status, 404);
    await server.stop();

    server = await LiveServer.start(directory, "--witness-policy", policy());
    const again = new Developer(server.url);
    writeFileSync(file("key"), again.publicKey);
    await verify("after", await again.bundle("after"), undefined);
    const checkpoint = await (await fetch(`${server.url}/log/checkpoint`)).text();
    assert.deepEqual(checkpoint.match(/^— \S+/gm)?.toSorted(), ["— log.live.test", "— w1.test", "— w2.test"]);
    const served = (await (await fetch(`${server.url}/witness_policy.json`)).json()) as { mediaType: string };
    assert.equal(served.mediaType, "application/vnd.custody.witness-policy.v1+json");
    await server.stop();

    server = await LiveServer.start(directory);
    const third = new Developer(server.url);
    writeFileSync(file("key"), third.publicKey);
    await verify("third", await third.bundle("third"), undefined);
  });

  test("refuses who waits while a witness is away, forks nothing, and goes on when it is back", async () => {
    const developer = new Developer(server.url);
    writeFileSync(file("key"), developer.publicKey);
    const { port } = new URL(witnesses[1]!.url);
    await witnesses[1]!.kill();
    const refused = await developer.log("while it is away");
    assert.deepEqual([refused.status, refused.body["code"]], [503, "log/not-witnessed"]);
    witnesses[1] = await LiveWitness.start(file("w2"), "w2.test", file("logs"), `127.0.0.1:${port}`);
    await verify("back", await developer.bundle("back"), undefined);
  });

  test("can be monitored: what was not expected in one's name is told once", async () => {
    const developer = new Developer(server.url);
    const monitor = [
      "monitor",
      "--json",
      "--once",
      "--dir",
      file("monitor"),
      "--log",
      `${server.url}/log`,
      "--key",
      vkey,
    ];
    const words = [
      ...monitor,
      "--witness-policy",
      policy(),
      "--watch",
      file("watch"),
      "--expect",
      file("expect"),
    ];
    writeFileSync(file("watch"), `key ${developer.keyDigest}\n`);
    const expected = `sha256:${createHash("sha256").update("expected").digest("hex")}`;
    writeFileSync(file("expect"), `${expected}\n`);
    assert.equal((await developer.log("expected")).status, 201);
    await run(words, 0);
    assert.equal((await developer.log("a surprise")).status, 201);
    const [alarm] = (await run(words, 1))
      .split("\n")
      .map((line) => JSON.parse(line || "{}") as Record<string, unknown>);
    assert.equal(alarm?.["code"], "monitor/identity");
    await run(words, 0);
    await run([...monitor.slice(0, 4), file("elsewhere"), "--log", "http://127.0.0.1:9", "--key", vkey], 2);
    const other = ["--dir", file("other"), "--log", `${server.url}/sigstore/ct`, "--key", vkey];
    assert.match(await run(["monitor", "--once", ...other], 1), /looked at no further; before, 0 of 0/);
  });

  test("delivers, admits and exports with cosignatures, and the export is refused without them", async () => {
    const example = await makeExample("greeter", folder);
    await example.commit("Greet", "ada");
    const at = ["--dir", directory];
    await run(["policy", "set", example.directory, "--signer", `ada=${example.keys.ada}`, ...at], 0);
    await run(["deliver", example.directory, ...at], 0);
    await run(["verify", "greeter:latest", ...at], 0);
    await run(["export", "greeter:latest", "-o", file("chain.tar"), ...at], 0);
    const offline = [
      "verify",
      "--json",
      file("chain.tar"),
      "--trusted-root",
      join(directory, "trusted_root.json"),
    ];
    await run([...offline, "--witness-policy", policy()], 0);
    await run([...offline, "--witness-policy", join(directory, "witness_policy.json")], 0);
    const [own = ""] = witnesses[0]!.vkeys.slice(1);
    writeFileSync(file("other-policy"), `witness w ${own}\nquorum w\n`);
    const answer = await run([...offline, "--witness-policy", file("other-policy")], 1);
    assert.match(answer, /"evidence\/not-witnessed"/);
  });

  test("proves an entry in a text that verifies offline", async () => {
    const proof = await run(["log", "proof", "0", "--log", `${server.url}/log`, "--key", vkey], 0);
    assert.match(proof, /^c2sp\.org\/tlog-proof@v1\nindex 0\n(?:[A-Za-z0-9+/=]{44}\n)+\nlog\.live\.test\n/);
    await run(["log", "proof", "99999", "--log", `${server.url}/log`, "--key", vkey], 2);
  });
});
