import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, createPublicKey, verify } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { findRequirements } from "@custody/node/host";
import { startServer } from "@custody/server";
import type { CustodyServer } from "@custody/server";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import {
  evidenceDrills,
  layoutDrills,
  liveDrills,
  runDrill,
  sandboxDrills,
  sourceDrills,
} from "custody/assurance";
import type { ChainScene, SandboxScene } from "custody/assurance";
import type { Delivery, Workload } from "custody/control";
import { getState } from "custody/control";
import { formatTrustedRoot } from "custody/evidence";
import { readChainArchive } from "custody/policy";

import { openChainScene } from "../demo/chain-scene.ts";
import { custody, custodyOffline } from "../demo/custody.ts";
import type { CommandResult } from "../demo/custody.ts";
import { makeExample } from "../demo/example.ts";
import type { ExampleRepository } from "../demo/example.ts";
import { openLiveScene } from "../demo/live-scene.ts";
import { openSandboxScene } from "../demo/sandbox-scene.ts";

const execute = promisify(execFile);
const host = await findRequirements();
const missing = host.tools.filter(({ version }) => version === undefined).map(({ name }) => name);
const skip = host.root ? (missing.length > 0 ? `not installed: ${missing.join(", ")}` : false) : "needs root";

describe("the spine, on real parts", { skip }, () => {
  let folder: string;
  let server: CustodyServer;
  let example: ExampleRepository;
  let delivery: Delivery;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "custody-spine-"));
    await chmod(folder, 0o711);
    const options = {
      listen: "127.0.0.1:0",
      trustDomain: "spine.test",
      install: false,
      say: () => undefined,
    };
    server = await startServer({ ...options, directory: join(folder, "custody") });
    example = await makeExample("hello", folder);
    await example.commit("Say hello", "ada");
    await run("policy", "set", example.directory, "--signer", `ada=${example.keys.ada}`);
    delivery = await deliver(example.directory);
  });

  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(...args: string[]): Promise<CommandResult> {
    const result = await custody([...args, "--dir", server.directory]);
    assert.equal(result.exitCode, 0, result.stdout);
    return result;
  }

  async function deliver(directory: string): Promise<Delivery> {
    return JSON.parse((await run("deliver", directory, "--json")).stdout) as Delivery;
  }

  async function processOf(name: string): Promise<NonNullable<Workload["process"]>> {
    const { workloads } = JSON.parse((await run("ps", "--json")).stdout) as { workloads: Workload[] };
    const found = workloads.find((workload) => workload.name === name)?.process;
    assert.ok(found, `${name} does not run`);
    return found;
  }

  test("a signed commit becomes a process that answers", async () => {
    assert.equal(delivery.phase, "done");
    const { address, image } = await processOf("hello");
    assert.equal(image, getState(delivery, "image"));
    const answer = await fetch(`http://${address}/`, { signal: AbortSignal.timeout(5000) });
    assert.equal(await answer.text(), "hello from version 1.0.0\n");
  });

  test("the process leads back to the commit and its signer, the commit forward to the process", async () => {
    const { pid } = await processOf("hello");
    const back = (await run("trace", String(pid))).stdout;
    assert.match(back, new RegExp(`ada .* signed commit ${delivery.commit.slice(0, 12)} of hello`));
    assert.match((await run("trace", delivery.commit)).stdout, new RegExp(`hello: pid ${pid} `));
  });

  test("the same commit gives the same image, and the running process stays", async () => {
    const before = await processOf("hello");
    const again = await deliver(example.directory);
    assert.equal(again.state.image, delivery.state.image);
    assert.equal((await processOf("hello")).pid, before.pid);
  });

  test("skopeo pulls the image from the registry", async (t) => {
    const found = await execute("skopeo", ["--version"]).catch(() => undefined);
    if (!found) return t.skip("skopeo is not installed");
    const { host } = new URL(server.url);
    const target = join(folder, "pulled");
    await execute("skopeo", [
      "copy",
      "--src-tls-verify=false",
      `docker://${host}/hello:latest`,
      `dir:${target}`,
    ]);
    const manifest = await readFile(join(target, "manifest.json"));
    assert.equal(`sha256:${sha256(manifest).toString("hex")}`, delivery.state.image);
  });

  test("the referrers API lists a Sigstore bundle for every hand-off of the image", async () => {
    const response = await fetch(`${server.url}/v2/hello/referrers/${getState(delivery, "image")}`);
    const { manifests } = (await response.json()) as { manifests: { artifactType: string }[] };
    assert.ok(manifests.length >= 9, `${manifests.length} referrers`);
    assert.ok(
      manifests.every(({ artifactType }) => artifactType === "application/vnd.dev.sigstore.bundle.v0.3+json"),
    );
  });

  test("the exported chain verifies offline, and each of its bundles with sigstore's own verifier", async () => {
    const archive = join(folder, "chain.tar");
    await run("export", "hello", "-o", archive);
    const rootFile = join(server.directory, "trusted_root.json");
    const verified = await custodyOffline(["verify", archive, "--trusted-root", rootFile]);
    assert.equal(verified.exitCode, 0, verified.stdout);
    const chain = await readChainArchive(ReadableStream.from([await readFile(archive)]));
    const root = TrustedRoot.fromJSON(JSON.parse(await readFile(rootFile, "utf8")));
    const verifier = new Verifier(toTrustMaterial(root), {
      ctlogThreshold: 0,
      tlogThreshold: 1,
      timestampThreshold: 1,
    });
    for (const bytes of [chain.policy, ...chain.bundles]) {
      const entity = toSignedEntity(bundleFromJSON(JSON.parse(Buffer.from(bytes).toString())));
      verifier.verify(entity, {
        subjectAlternativeName: "^spiffe://spine\\.test/",
        extensions: { issuer: "spiffe://spine.test" },
      });
    }
    assert.ok(chain.bundles.length >= 9);
  });

  test("an altered archive, and another domain's root, are refused", async () => {
    const archive = await readFile(join(folder, "chain.tar"));
    const at = archive.indexOf('"payload":"') + 400;
    archive[at] = archive[at] === 65 ? 66 : 65;
    const altered = join(folder, "altered.tar");
    await writeFile(altered, archive);
    const rootFile = join(server.directory, "trusted_root.json");
    assert.notEqual((await custody(["verify", altered, "--trusted-root", rootFile])).exitCode, 0);
    assert.equal((await custody(["verify", join(folder, "chain.tar")])).exitCode, 2);
  });

  test("the log holds up under an independent reading of the specifications", async () => {
    const read = async (path: string): Promise<Buffer> =>
      Buffer.from(
        await (await fetch(`${server.url}/log/${path}`, { signal: AbortSignal.timeout(5000) })).arrayBuffer(),
      );
    const note = (await read("checkpoint")).toString();
    const [text = "", signatures = ""] = note.split("\n\n");
    const [origin, size, root] = text.split("\n");
    const [log] = (
      formatTrustedRoot(server.wired.authorities.trustedRoot) as {
        tlogs: { publicKey: { rawBytes: string } }[];
      }
    ).tlogs;
    const key = createPublicKey({
      key: Buffer.from(log?.publicKey.rawBytes ?? "", "base64"),
      format: "der",
      type: "spki",
    });
    const signature = Buffer.from(signatures.trim().split(" ")[2] ?? "", "base64");
    assert.equal(origin, "log.spine.test");
    assert.ok(verify(null, Buffer.from(`${text}\n`), key, signature.subarray(4)));

    const leaves = entriesOf(await read(`tile/entries/000.p/${size}`)).map((entry) =>
      sha256(Buffer.of(0), entry),
    );
    assert.equal(String(leaves.length), size);
    assert.equal(treeHash(leaves).toString("base64"), root);
    assert.deepEqual(await read(`tile/0/000.p/${size}`), Buffer.concat(leaves));
  });

  describe("every attack is refused, and passes with only its check off:", () => {
    let chain: ChainScene;
    let sandbox: SandboxScene;
    before(async () => {
      chain = await openChainScene(server, example, {
        repository: "hello",
        image: getState(delivery, "image"),
      });
      sandbox = await openSandboxScene(server, delivery, folder);
    });
    for (const drill of [...sourceDrills, ...evidenceDrills, ...layoutDrills]) {
      test(drill.name, async () => assertHolds(await runDrill(drill, chain)));
    }
    for (const drill of sandboxDrills)
      test(drill.name, async () => assertHolds(await runDrill(drill, sandbox)));
    for (const drill of liveDrills) {
      test(drill.name, async () => assertHolds(await runDrill(drill, openLiveScene(server, delivery))));
    }
  });

  test("a repository not written for Custody is delivered too", async () => {
    const other = await makeExample("wordcount", folder);
    await other.commit("Count words", "ada");
    await run("policy", "set", other.directory, "--signer", `ada=${other.keys.ada}`);
    assert.equal((await deliver(other.directory)).phase, "done");
    const { address } = await processOf("wordcount");
    const answer = await fetch(`http://${address}/count`, { method: "POST", body: "one two two" });
    assert.deepEqual(await answer.json(), {
      words: [
        ["two", 2],
        ["one", 1],
      ],
    });
  });

  test("custody lock pins the stemcells, and a delivery with the lock has the same ones", async () => {
    await run("lock", example.directory);
    const path = join(example.directory, "custody.lock");
    const text = await readFile(path, "utf8");
    assert.match(text, /"make:amd64=|"make:arm64=/);
    await example.commit("Pin the stemcells", "ada");
    const locked = await deliver(example.directory);
    assert.deepEqual(locked.state.stemcells, delivery.state.stemcells);
    await example.git("reset", "--quiet", "--hard", delivery.commit);
  });

  test("a later commit replaces the process, and the older image does not come back", async () => {
    const before = await processOf("hello");
    await example.write("VERSION", "2.0.0\n");
    await example.commit("Version 2", "ada");
    const later = await deliver(example.directory);
    assert.equal(later.phase, "done");
    const { address, pid } = await processOf("hello");
    assert.notEqual(pid, before.pid);
    const answer = await fetch(`http://${address}/`, { signal: AbortSignal.timeout(5000) });
    assert.equal(await answer.text(), "hello from version 2.0.0\n");
    const back = await custody([
      "start",
      "hello",
      "--image",
      String(delivery.state.image),
      "--json",
      "--dir",
      server.directory,
    ]);
    assert.equal(back.exitCode, 1);
    assert.match(back.stdout, /gate\/rolled-back/);
    assert.equal((await processOf("hello")).pid, pid);
  });
});

function assertHolds({ code, refusedWith, control, holds }: Awaited<ReturnType<typeof runDrill>>): void {
  assert.ok(
    holds,
    `wanted ${code} with a passing control; refused with ${refusedWith.join()}, control ${String(control)}`,
  );
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

// RFC 6962 §2.1, as it is written there.
function treeHash(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only && leaves.length === 1) return only;
  const k = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

// C2SP tlog-tiles, entry bundles: a big-endian uint16 length before each entry.
function entriesOf(bundle: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length;) {
    const length = bundle.readUInt16BE(at);
    entries.push(bundle.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}
