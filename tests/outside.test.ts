import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { custody } from "../demo/custody.ts";
import { makeExample } from "../demo/example.ts";
import type { ExampleRepository } from "../demo/example.ts";
import { eventually, LiveServer, makeFolder, makeServerDirectory, skip } from "./live.testing.ts";

const execute = promisify(execFile);
const program = join(import.meta.dirname, "../packages/cli/src/main.ts");
const scanner = "https://ci.test/acme/greeter/scan";
/** Who vouches for the server's own tokens, which stand for another CI system's here. */
const issuer = "https://live.test";
const office = "https://security.test/office";
const domain = "spiffe://live.test";

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe("steps that are done elsewhere", { skip, timeout: 240_000 }, () => {
  let folder: string;
  let directory: string;
  let server: LiveServer;
  let example: ExampleRepository;

  before(async () => {
    folder = await makeFolder("outside");
    directory = await makeServerDirectory(join(folder, "custody"));
    example = await makeExample("greeter", folder);
    const pipeline = await readFile(join(example.directory, "custody.yaml"), "utf8");
    const outside = `\noutside:\n  - name: scan\n    identity: ${scanner}\n    issuer: ${issuer}\n    deadlineSeconds: 120\n`;
    await example.write("custody.yaml", pipeline + outside);
    await example.commit("Greet, and have it scanned", "ada");
    server = await LiveServer.start(directory);
    await ask(0, "policy", "set", example.directory, "--signer", `ada=${example.keys.ada}`);
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

  /** `custody run` as another CI system has it: in a clone, without the server's token, as whom the identity token is about. */
  const runAs = (identity: string, ...words: readonly string[]): Promise<Ran> =>
    callAs(identity, "run", "--server", server.url, "--step", "scan", ...words);

  async function callAs(identity: string, ...words: readonly string[]): Promise<Ran> {
    const token = (await custody(["token", identity, "--dir", directory])).stdout.trim();
    const env = {
      PATH: process.env["PATH"],
      HOME: folder,
      CUSTODY_IDENTITY_TOKEN: token,
      MY_TOKEN: "a secret",
    };
    const args = [program, ...words];
    const options = { cwd: example.directory, env, timeout: 60_000 };
    return execute(process.execPath, args, options).then(
      ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
      (error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => ({
        exitCode: error.code,
        stdout: error.stdout,
        stderr: error.stderr,
      }),
    );
  }

  async function digestsOf(step: string): Promise<readonly string[]> {
    const { handOffs } = JSON.parse(await ask(0, "trace", "greeter", "--json")) as {
      readonly handOffs: readonly { readonly step: string; readonly digest: string }[];
    };
    return handOffs.filter((one) => one.step === step).map(({ digest }) => digest);
  }

  /** How often somebody has signed what is in the log: the server appends to it, too, whenever it ends or starts something. */
  async function countOf(identity: string): Promise<number> {
    const words = ["--identity", identity, "--issuer", issuer, "--json"];
    const found = JSON.parse(await ask(0, "log", "search", ...words)) as { positions: readonly number[] };
    return found.positions.length;
  }

  test("the gate waits for the step, and lets the delivery through when it has come", async () => {
    const said: string[] = [];
    const delivered = custody(["deliver", example.directory, "--dir", directory], (line) => said.push(line));
    await eventually("the gate waits", 90, async () =>
      said.some((line) => /waits for step scan/.test(line)) ? true : undefined,
    );
    const ran = await runAs(scanner, "--env", "MY_TOKEN", "--", "sh", "-c", "echo scanned");
    assert.equal(ran.exitCode, 0, ran.stderr);
    assert.match(ran.stdout, /scanned[\s\S]*attested by https:\/\/ci\.test\/acme\/greeter\/scan/);
    const { exitCode } = await delivered;
    assert.equal(exitCode, 0, said.join("\n"));
    assert.match(await ask(0, "trace", "greeter"), /step scan/);
    await ask(0, "verify", "greeter");
  });

  test("what it was given of the environment is written down, without the secrets", async () => {
    const bundle = join(folder, "scan.sigstore.json");
    const ran = await runAs(scanner, "--env", "MY_TOKEN", "--bundle", bundle, "--", "true");
    assert.equal(ran.exitCode, 0, ran.stderr);
    const text = await readFile(bundle, "utf8");
    const { dsseEnvelope } = JSON.parse(text) as { readonly dsseEnvelope: { readonly payload: string } };
    const { predicate } = JSON.parse(Buffer.from(dsseEnvelope.payload, "base64").toString()) as {
      readonly predicate: {
        readonly environment: Record<string, string>;
        readonly command: readonly string[];
        readonly materials: readonly { readonly name: string; readonly digest: Record<string, string> }[];
        readonly byproducts: { readonly git: { readonly commit: string; readonly branch: string } };
      };
    };
    assert.equal(predicate.environment["MY_TOKEN"], "(withheld)");
    assert.equal(predicate.environment["CUSTODY_IDENTITY_TOKEN"], undefined);
    assert.deepEqual(predicate.command, ["true"]);
    const commit = await example.git("rev-parse", "HEAD");
    assert.equal(predicate.materials[0]?.digest["gitCommit"], commit);
    assert.deepEqual([predicate.byproducts.git.commit, predicate.byproducts.git.branch], [commit, "main"]);
    const root = join(directory, "trusted_root.json");
    const signer = ["--certificate-identity", scanner, "--certificate-oidc-issuer", issuer];
    const source = `sha256:${predicate.materials[0]?.digest["sha256"] ?? ""}`;
    const verified = await custody([
      "verify-bundle",
      "--bundle",
      bundle,
      "--trusted-root",
      root,
      ...signer,
      source,
    ]);
    assert.equal(verified.exitCode, 0, verified.stdout);
  });

  test("nobody else's attestation is taken in, and the server's holder's counts for nothing", async () => {
    const other = await runAs("https://ci.test/evil", "--", "true");
    assert.equal(other.exitCode, 1);
    assert.match(other.stderr, /attestation\/unasked/);
  });

  test("what would be refused in the end is refused before the command runs", async () => {
    const [mark, taken] = [join(folder, "mark"), join(folder, "taken.json")];
    await writeFile(taken, "");
    const command = ["--", "sh", "-c", `echo run >> ${mark}; cat ${mark}`];
    const rows: readonly (readonly [words: readonly string[], said: RegExp])[] = [
      [["--identity-token", "e30.e30.e30"], /cli\/sign/],
      [["--identity-token", join(folder, "nowhere")], /nowhere.*cli\/read/],
      [["--step", "a\nb"], /"a\\nb" is not a step's name.*cli\/usage/],
      [["--step", ""], /cli\/usage/],
      [["--product", "a=sha256:zz"], /recorder\/digest/],
      [["--bundle", taken], /cli\/exists/],
    ];
    for (const [words, said] of rows) {
      const { exitCode, stdout, stderr } = await runAs(scanner, ...words, ...command);
      assert.deepEqual([exitCode, stdout], [2, ""], words.join(" "));
      assert.match(stderr, said);
    }
    const ran = await runAs(scanner, ...command);
    assert.match(ran.stdout, /^run\nstep scan/, "the control: it ran once");
    assert.match(ran.stderr, /the identity token ends at 20/);
    const absent = await runAs(scanner, "--", "no-such-program");
    assert.deepEqual([absent.exitCode, absent.stdout], [127, ""]);
    assert.match(absent.stderr, /no-such-program cannot be started[\s\S]*nothing was attested/);
  });

  test("what is secret in the environment, the command line and the remote is not written down", async () => {
    const remote = "https://ada:pw-remote@example.org/app.git?private_token=query-remote";
    await example.git("remote", "add", "origin", remote);
    const bundle = join(folder, "secrets.sigstore.json");
    const variables = ["DATABASE_URL=postgres://u:pw-url@h/d", "MYPASS=pw-name", "MODE=fast"];
    const given = variables.flatMap((one) => ["--env", one]);
    const ran = await runAs(scanner, ...given, "--bundle", bundle, "--", "true", "https://u:pw-word@h/");
    assert.equal(ran.exitCode, 0, ran.stderr);
    const { dsseEnvelope } = JSON.parse(await readFile(bundle, "utf8")) as {
      readonly dsseEnvelope: { readonly payload: string };
    };
    const payload = Buffer.from(dsseEnvelope.payload, "base64").toString();
    assert.match(payload, /"MODE": ?"fast"/);
    assert.match(payload, /https:\/\/example\.org\/app\.git"/);
    assert.doesNotMatch(payload, /pw-|query-/);
    await example.git("remote", "remove", "origin");
  });

  test("a work tree that is not the commit is not attested as it", async () => {
    await example.write("more.txt", "not committed");
    const refused = await runAs(scanner, "--", "true");
    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, /more\.txt is not as in the commit/);
    await rm(join(example.directory, "more.txt"));
    assert.equal((await runAs(scanner, "--", "true")).exitCode, 0);
  });

  test("a command that fails ends with its own code, and what failed since does not pass the gate", async () => {
    await ask(0, "verify", "greeter");
    const bundle = join(folder, "failed.sigstore.json");
    const failed = await runAs(scanner, "--bundle", bundle, "--", "sh", "-c", "exit 7");
    assert.equal(failed.exitCode, 7, failed.stderr);
    assert.match(await ask(1, "verify", "greeter"), /evidence\/failed-since/);

    // It was a mistake of the scanner, which takes it back itself.
    const words = ["withdraw", bundle, "--reason", "the scanner had the wrong rules", "--server", server.url];
    const evil = "https://ci.test/evil";
    const entries = await countOf(evil);
    assert.notEqual(entries, 0, "the control: its other word was signed");
    const other = await callAs(evil, ...words);
    assert.equal(other.exitCode, 1);
    assert.match(other.stderr, /attestation\/withdrawer/);
    assert.match(await ask(1, "verify", "greeter"), /evidence\/failed-since/);
    assert.equal(await countOf(evil), entries, "nothing was signed for that");

    const withdrawn = await callAs(scanner, ...words);
    assert.equal(withdrawn.exitCode, 0, withdrawn.stderr);
    assert.match(withdrawn.stdout, /withdrawn: .*the scanner had the wrong rules/);
    await ask(0, "verify", "greeter");
    const signed = await countOf(scanner);
    const again = await callAs(scanner, ...words);
    assert.deepEqual([again.exitCode, await countOf(scanner)], [0, signed], "nor for that");
    assert.match(again.stdout, /it is withdrawn already: /);
    const itself = await callAs(scanner, ...words, "--superseded-by", bundle);
    assert.notEqual(itself.exitCode, 0);
    assert.match(itself.stderr, /evidence\/superseded-by-itself/);
  });

  test("whom custody.yaml names takes back what another signed, and the gate refuses from then on", async () => {
    const bundle = join(folder, "good.sigstore.json");
    assert.equal((await runAs(scanner, "--bundle", bundle, "--", "true")).exitCode, 0);
    const words = ["withdraw", bundle, "--reason", "the scanner was broken into", "--server", server.url];
    const early = await callAs(office, ...words);
    assert.match(early.stderr, /attestation\/withdrawer/, "the control: nobody has named it yet");

    const scans = await digestsOf("scan");
    assert.match(await ask(1, "withdraw", scans[0] ?? "", "--reason", "x"), /attestation\/withdrawer/);

    const pipeline = await readFile(join(example.directory, "custody.yaml"), "utf8");
    const named = [
      `identity: ${office}, issuer: ${issuer}`,
      `identity: ${domain}/withdrawal, issuer: ${domain}`,
    ];
    const withdrawers = named.map((one) => `  - { ${one} }\n`).join("");
    await example.write("custody.yaml", `${pipeline}withdrawers:\n${withdrawers}`);
    assert.match(await ask(0, "policy", "set", example.directory), /may withdraw: .*office/);
    await example.write("custody.yaml", pipeline);
    await ask(0, "verify", "greeter");
    assert.match((await callAs(office, ...words)).stdout, /withdrawn: .*the scanner was broken into/);
    await ask(0, "verify", "greeter");
    for (const scan of scans) await ask(0, "withdraw", scan, "--reason", "all of them");
    assert.match(await ask(1, "verify", "greeter"), /evidence\/withdrawn/);
    assert.equal((await runAs(scanner, "--", "true")).exitCode, 0, "what is attested again counts again");
    await ask(0, "verify", "greeter");
  });

  test("what the server's holder withdraws counts no more, and what ran by it ends", async () => {
    const [build = ""] = await digestsOf("build");
    await ask(0, "start", "greeter");
    const running = async (): Promise<string> => ask(0, "ps");
    assert.match(await running(), /running|pid/);
    await ask(0, "withdraw", build, "--reason", "the compiler was not ours");
    assert.match(await ask(1, "verify", "greeter"), /evidence\/withdrawn.*the compiler was not ours/);
    await eventually("it is ended", 30, async () =>
      /evidence\/withdrawn/.test(await running()) ? true : undefined,
    );
    assert.match(await ask(0, "trace", "greeter"), /withdrawn: .*the compiler was not ours/);
  });

  test("files, digests and images are attested by the word of whom the token is about", async () => {
    const [file, predicate, bundle] = ["app.bin", "review.json", "review.sigstore.json"].map((name) =>
      join(folder, name),
    );
    assert.ok(file && predicate && bundle);
    await writeFile(file, "an application");
    await writeFile(predicate, JSON.stringify({ verdict: "good" }));
    const identityToken = (await custody(["token", "bob@live.test", "--dir", directory])).stdout.trim();
    const type = "https://live.test/review/v1";
    const words = ["attest", "--type", type, "--predicate", predicate, "--identity-token", identityToken];
    const text = await ask(2, ...words, "--bundle", bundle, file);
    assert.match(text, /cli\/signer-name/, "a chain's evidence is by URIs");
    assert.equal(await countOf("bob@live.test"), 0, "nothing was signed for that");
    await ask(0, ...words, "--bundle", bundle, "--no-upload", file);
    await eventually("the control: now it was", 30, async () =>
      (await countOf("bob@live.test")) === 1 ? true : undefined,
    );
    const root = join(directory, "trusted_root.json");
    const signer = ["--certificate-identity", "bob@live.test", "--certificate-oidc-issuer", issuer];
    const verify = async (artifact: string) =>
      custody(["verify-bundle", "--bundle", bundle, "--trusted-root", root, ...signer, artifact]);
    assert.equal((await verify(file)).exitCode, 0);
    assert.equal((await verify(predicate)).exitCode, 1);
  });
});
