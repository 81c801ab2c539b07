import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import type { Delivery } from "custody/control";
import { getState } from "custody/control";
import type { RepositoryPolicy } from "custody/evidence";

import { custody } from "../demo/custody.ts";
import { makeExample } from "../demo/example.ts";
import type { ApiAnswer, ApiRequest } from "./api.testing.ts";
import { ask, bundleOf, findWorkload } from "./api.testing.ts";
import { eventually, makeFolder, makeServerDirectory, skip, startFor } from "./live.testing.ts";
import type { LiveServer } from "./live.testing.ts";
import { Variants } from "./variants.testing.ts";

const bundleType = "application/x-git-bundle";

describe("bad input at the front door", { skip }, () => {
  let folder: string;
  let server: LiveServer;
  let variants: Variants;
  let pipeline: string;
  let program: string;

  before(async () => {
    folder = await makeFolder("door");
    const directory = await makeServerDirectory(join(folder, "custody"));
    const example = await makeExample("greeter", folder);
    await example.commit("Greet", "ada");
    variants = await Variants.open(example);
    pipeline = readFileSync(join(example.directory, "custody.yaml"), "utf8");
    program = readFileSync(join(example.directory, "greeter.pl"), "utf8");
    server = await startFor(example, directory);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** An answer that says no: its code, a next step, nothing of the server's inside. */
  async function check(line: string, request: ApiRequest, status: number, code: string): Promise<ApiAnswer> {
    const answer = await ask(server, line, request);
    assert.deepEqual([answer.status, answer.code], [status, code], `${line}: ${JSON.stringify(answer.body)}`);
    assert.ok(!JSON.stringify(answer.body).includes(folder), "it does not tell where things lie");
    return answer;
  }

  async function checkDelivery(phase: Delivery["phase"], code?: string): Promise<Delivery> {
    const delivery = await variants.deliver(server, "greeter");
    const [reason] = delivery.state.reasons ?? [];
    assert.deepEqual([delivery.phase, reason?.code], [phase, code], JSON.stringify(delivery.state.reasons));
    if (code !== undefined) assert.ok(reason?.subject && reason.message);
    return delivery;
  }

  test("names that are no repository's never become a path", async () => {
    const body = await bundleOf(variants.example);
    for (const name of ["a%2F..%2F..%2Fkeys", "%2e%2e%2fkeys", "A", "a%00b", "-a", "a%2F", "x".repeat(201)]) {
      await check(`POST /repositories/${name}/deliveries`, { body, type: bundleType }, 400, "api/request");
    }
    await check("POST /repositories/../deliveries", { body, type: bundleType }, 404, "api/not-found");
    assert.deepEqual(readdirSync(join(server.directory, "git")), []);
  });

  test("nobody gets in without the token, and other content types are not guessed at", async () => {
    const body = await bundleOf(variants.example);
    for (const token of ["", "x", "undefined"]) {
      const answer = await check("GET /deliveries", { token }, 401, "api/unauthorized");
      assert.ok(answer.next);
    }
    const line = "POST /repositories/greeter/deliveries";
    for (const type of ["text/plain", "application/octet-stream", "multipart/form-data; boundary=x", "x"]) {
      await check(line, { body, type }, 415, "api/media-type");
    }
    await check(line, { body, type: "application/json" }, 400, "bytes/utf8");
  });

  test("bundles that are junk, cut off, of several references or without their past are refused", async () => {
    const whole = await bundleOf(variants.example);
    await variants.commit({ "greeter.pl": `${program}\n# more\n` });
    await variants.example.git("branch", "--force", "second", "HEAD");
    const bad = {
      junk: "junk",
      empty: "",
      "cut off": whole.slice(0, -30),
      altered: whole.with(whole.length - 40, (whole.at(-40) ?? 0) ^ 1),
      "several references": await bundleOf(variants.example, "main", "second"),
      "without its past": await bundleOf(variants.example, "main~1..main"),
    };
    for (const [name, body] of Object.entries(bad)) {
      const repository = name === "without its past" ? "elsewhere" : "greeter";
      const request = { body, type: bundleType };
      const answer = await check(`POST /repositories/${repository}/deliveries`, request, 422, "git/bundle");
      assert.match(answer.next ?? "", /git bundle create/, name);
    }
    assert.deepEqual((await ask(server, "GET /deliveries")).body, { deliveries: [] });
    assert.deepEqual(readdirSync(join(server.directory, "incoming")), []);
  });

  test("addresses that are none are not fetched from", async () => {
    for (const url of ["file:///etc", "/etc", "ext::sh -c true", "https://user:word@host/x", "-x"]) {
      const body = JSON.stringify({ url });
      await check("POST /repositories/greeter/deliveries", { body }, 422, "git/url");
    }
  });

  test("JSON that is too large, doubtful or not JSON changes nothing", async () => {
    const rows: readonly (readonly [body: string | Uint8Array, status: number, code: string])[] = [
      [JSON.stringify({ policy: { repository: "x".repeat(2_000_000) } }), 413, "api/too-large"],
      ['{"policy":{"repository":"greeter"},"policy":{}}', 400, "json/duplicate-key"],
      ['{"policy":{"repository":"greeter","__proto__":{"signers":[]}}}', 400, "json/duplicate-key"],
      ["[".repeat(100_000), 400, "json/depth"],
      ["[".repeat(30), 400, "json/syntax"],
      [new Uint8Array([0x7b, 0xff]), 400, "bytes/utf8"],
      ['{"policy":', 400, "json/syntax"],
      ['{"policy":{"repository":"greeter"},"extra":1}', 400, "api/request"],
    ];
    const before = await ask(server, "GET /repositories/greeter/policy");
    for (const [body, status, code] of rows) {
      const answer = await check("PUT /repositories/greeter/policy", { body }, status, code);
      assert.ok(answer.next, code);
    }
    assert.deepEqual((await ask(server, "GET /repositories/greeter/policy")).body, before.body);
  });

  test("policies that would admit too much, or nothing that can be told, are refused", async () => {
    const { body } = await ask(server, "GET /repositories/greeter/policy");
    const { policy, revision } = body as unknown as { policy: RepositoryPolicy; revision: string };
    const [first, ...rest] = policy.layout.steps;
    const [signer] = policy.signers;
    const withStep = (change: object): object => ({
      ...policy,
      layout: { ...policy.layout, steps: [{ ...first, ...change }, ...rest] },
    });
    const withSigner = (change: object): object => ({ ...policy, signers: [{ ...signer, ...change }] });
    const bad = {
      "threshold 0": withStep({ expectedPredicate: { ...first?.expectedPredicate, threshold: 0 } }),
      "no DISALLOW *": withStep({ expectedMaterials: ["ALLOW *"] }),
      "a key of an unknown type": withSigner({ key: "ssh-nonsense AAAA" }),
      "a key that ends before it starts": withSigner({
        validFor: { start: signer?.validFor.end, end: signer?.validFor.start },
      }),
      "a key without an end": withSigner({ validFor: { start: signer?.validFor.start } }),
      "another repository's": { ...policy, repository: "elsewhere" },
    };
    for (const [name, changed] of Object.entries(bad)) {
      const request = { body: JSON.stringify({ policy: changed, expected: revision }) };
      const answer = await check("PUT /repositories/greeter/policy", request, 422, "policy/malformed");
      assert.ok(answer.body["title"], name);
    }
    const blind = { body: JSON.stringify({ policy }) };
    await check("PUT /repositories/greeter/policy", blind, 409, "policy/conflict");
    const same = { body: JSON.stringify({ policy, expected: revision }) };
    assert.equal((await ask(server, "PUT /repositories/greeter/policy", same)).status, 200, "the control");
  });

  test("a custody.yaml that is malformed, huge, a bomb or another's is refused", async () => {
    const aliases = (name: string): string => `[${Array(9).fill(`*${name}`).join(",")}]`;
    const levels = ["a", "b", "c", "d", "e", "f"].map(
      (name, i, names) => `${names[i + 1] ?? "g"}: &${names[i + 1] ?? "g"} ${aliases(name)}`,
    );
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]", ...levels].join("\n");
    const rows: readonly (readonly [text: string | undefined, code: string])[] = [
      ["a: [b", "factory/syntax"],
      [`${pipeline}\nextra: 1\n`, "factory/shape"],
      [bomb, "factory/syntax"],
      [pipeline + "#".repeat(300_000), "factory/syntax"],
      [`${pipeline}# \0\n`, "factory/syntax"],
      [pipeline.replace("stemcell: base\n    run: |", "stemcell: none\n    run: |"), "factory/reference"],
      [pipeline.replace("name: greeter", "name: other"), "source/wrong-repository"],
      [undefined, "source/no-pipeline"],
    ];
    for (const [text, code] of rows) {
      await variants.commit({ "custody.yaml": text });
      await checkDelivery("refused", code);
    }
  });

  test("trees with odd entries are refused", async () => {
    const blob = variants.blob("../../../etc/passwd");
    const rows: readonly (readonly [entry: string, code: string])[] = [
      [`120000 blob ${blob}\tlink`, "source/link"],
      [`120000 blob ${variants.blob("/etc/passwd")}\tlink`, "source/link"],
      [`100644 blob ${blob}\tnew\nline`, "git/tree"],
      [`160000 commit ${"1".repeat(40)}\tsubmodule`, "git/tree"],
    ];
    for (const [entry, code] of rows) {
      await variants.commitEntries(entry);
      await checkDelivery("refused", code);
    }
    await variants.commitEntries(`100644 blob ${blob}\t.GIT`);
    const answer = await variants.post(server, "greeter");
    // Newer versions of git look at it before we do.
    if (answer.status === 201) await checkDelivery("refused", "git/tree");
    else assert.deepEqual([answer.status, answer.code], [422, "git/bundle"]);
  });

  test("trees of too many or too large files are refused, large ones within bounds are not slow", async () => {
    const blob = variants.blob("the same\n");
    const files = (count: number): string[] =>
      Array.from({ length: count }, (_, i) => `100644 blob ${blob}\tf${String(i).padStart(6, "0")}`);
    await variants.commitEntries(...files(51_000));
    await checkDelivery("refused", "source/too-large");
    await variants.commitEntries(`100644 blob ${variants.blob(new Uint8Array(110_000_000))}\tlarge`);
    await checkDelivery("refused", "git/too-large");
    await variants.commitEntries(...files(10_000), `100644 blob ${variants.blob("a: [")}\tcustody.yaml`);
    const start = performance.now();
    await checkDelivery("refused", "git/tree");
    assert.ok(performance.now() - start < 20_000);
  });

  test("steps that go too far are ended, and say why", async () => {
    const rows: readonly (readonly [script: string, limits: string, code: string])[] = [
      ["yes", "output: 1MiB", "step/output-flood"],
      ["while :; do sleep 100 & done", "pids: 32", "step/exit"],
      ["head -c 64M /dev/zero > large", "work: 16MiB", "step/exit"],
      [`perl -e '$x = "x" x 500e6'`, "memory: 64MiB", "step/memory"],
      ["trap '' TERM; sleep 60", "deadlineSeconds: 2", "step/deadline"],
      ["ln -s /etc/passwd greeter", "cpus: 1", "step/output-refused"],
      ["touch other; ln other greeter", "cpus: 1", "step/output-refused"],
      ["mkfifo greeter", "cpus: 1", "step/output-refused"],
      ["true", "cpus: 1", "step/output-refused"],
      ["printf 'last \\0\\033[31mwords'; exit 3", "cpus: 1", "step/exit"],
    ];
    for (const [script, limits, code] of rows) {
      await variants.commit({ "custody.yaml": withBuild(pipeline, script, limits) });
      await checkDelivery("failed", code);
    }
    assert.equal(await findWorkload(server, "greeter"), undefined, "nothing of it runs");
  });

  test("a workload that cannot start, is never well or ends leaves the old one running", async () => {
    await variants.reset();
    const { state } = await checkDelivery("done");
    const before = await findWorkload(server, "greeter");
    assert.equal(before?.process?.image, state.image);

    await variants.commit({ "custody.yaml": pipeline.replace("/usr/bin/perl, ", "/usr/bin/none, ") });
    await checkDelivery("failed", "runtime/start-failed");
    const impatient = pipeline
      .replace("path: /healthz", "path: /nothing")
      .replace("Seconds: 10", "Seconds: 2");
    await variants.commit({ "custody.yaml": impatient });
    await checkDelivery("failed", "run/unhealthy");
    await variants.commit({
      "greeter.pl": program.replace(
        "while (my $c",
        "sleep 1;\ndie 'last words' if $port == 8080;\nwhile (my $c",
      ),
    });
    const ended = await checkDelivery("failed", "run/exited");
    assert.match(ended.state.reasons?.[0]?.message ?? "", /last words/);

    const still = await findWorkload(server, "greeter");
    assert.deepEqual(still, before);
    assert.equal(await (await fetch(`http://${still?.process?.address}/`)).text(), "Good day.\n");
  });

  test("set-id bits do not leave a step, and what it left running does not either", async () => {
    const script = "cp /source/greeter.pl greeter; chmod 6755 greeter; (setsid sleep 60 &)";
    const noRun = withBuild(pipeline, script, "cpus: 1").replace(/\nrun:[^]*$/, "\n");
    const before = await findWorkload(server, "greeter");
    await variants.commit({ "custody.yaml": noRun });
    const delivery = await checkDelivery("done");
    assert.equal(getState(delivery, "steps")["build"]?.[0]?.mode, 0o755);
    assert.deepEqual(await findWorkload(server, "greeter"), before, "an image without `run` is not run");
  });

  test("a workload that ends is started again, each time after a longer pause, and ps says so", async () => {
    let last = await findWorkload(server, "greeter");
    for (const times of ["once in trouble", "2 times in trouble in a row"]) {
      const { pid } = last?.process ?? { pid: 0 };
      process.kill(pid, "SIGKILL");
      last = await eventually(`the workload, ${times}`, 120, async () => {
        const found = await findWorkload(server, "greeter");
        return found?.process && found.process.pid !== pid ? found : undefined;
      });
      assert.equal(last.trouble, times);
    }
    assert.match(
      (await custody(["ps", "--dir", server.directory])).stdout,
      /running, 2 times in trouble in a row/,
    );
  });

  test("strangers have times stamped and signatures logged; what does not verify, or asks for nothing, is refused", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const digest = createHash("sha256").update("data").digest("base64");
    const rawBytes = publicKey.export({ format: "der", type: "spki" }).toString("base64");
    const verifier = { keyDetails: "PKIX_ECDSA_P256_SHA_256", publicKey: { rawBytes } };
    const entryOf = (content: string): object => ({
      hashedRekordRequestV002: { digest, signature: { content, verifier } },
    });
    const post = async (path: string, body: object): Promise<[number, string]> => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${server.url}/sigstore/${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      return [answer.status, await answer.text()];
    };
    const signature = sign("sha256", Buffer.from("data"), privateKey).toString("base64");
    const [status, text] = await post("rekor/api/v2/log/entries", entryOf(signature));
    assert.equal(status, 201, text);
    const { logIndex } = JSON.parse(text) as { readonly logIndex: string };
    const [, size] = (await (await fetch(`${server.url}/log/checkpoint`)).text()).split("\n");
    assert.ok(Number(size) > Number(logIndex), "the checkpoint covers it");
    const [refused, why] = await post("rekor/api/v2/log/entries", entryOf("AAAA"));
    assert.equal(refused, 400);
    assert.match(why, /"code":"sigstore\/log-request"/);
    const question = { artifactHash: digest, hashAlgorithm: "sha256" };
    assert.equal((await post("tsa/api/v1/timestamp", question))[0], 201);
    assert.equal((await post("tsa/api/v1/timestamp", {}))[0], 400);
  });

  test("after all that the server is well, and said nothing that it should not", () => {
    assert.ok(server.isAlive);
    assert.deepEqual(
      server.said.filter((line) => !line.startsWith("{")),
      [],
    );
  });
});

function withBuild(pipeline: string, script: string, limits: string): string {
  return pipeline.replace(/run: \|\n(?: {6}.*\n)+/, `run: |\n      ${script}\n    limits: { ${limits} }\n`);
}
