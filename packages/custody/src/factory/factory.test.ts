import assert from "node:assert/strict";
import { test } from "node:test";

import type { Bytes, Digest } from "custody/ground";
import { digestOf, findFaultCode, instantOf, parseUtf8, utf8 } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";
import type { BlobStore } from "custody/oci";
import { memoryBlobStore, parseImageConfig, parseManifest, readBlob } from "custody/oci";
import { MemorySandbox } from "custody/runtime";
import type { MemoryPrograms } from "custody/runtime";
import type { TreeEntry } from "custody/tar";
import { readTar, writeTar } from "custody/tar";

import { testTrees } from "./contract.ts";
import type { ImageContext } from "./image.ts";
import { packageImage } from "./image.ts";
import { parseImageRun } from "./image-run.ts";
import { MemoryTrees } from "./memory.ts";
import type { Pipeline } from "./pipeline.ts";
import { parsePipeline } from "./pipeline.ts";
import type { FactoryPorts } from "./ports.ts";
import type { StepContext } from "./step.ts";
import { runStep } from "./step.ts";

testTrees("memory trees", async () => {
  const blobs = memoryBlobStore(webCrypto);
  const trees = new MemoryTrees(blobs);
  return { trees, blobs, tamper: async (place) => trees.change(place, digestOf(webCrypto, utf8("changed"))) };
});

const pipeline = parsePipeline(`version: 1
name: hello
stemcells: { base: { packages: [] } }
steps:
  - { name: build, stemcell: base, run: make, outputs: [hello, share] }
  - { name: check, kind: test, stemcell: base, inputs: [build], run: check }
image:
  stemcell: base
  files:
    - { from: build/hello, to: /usr/local/bin/hello }
    - { from: build/share, to: /opt/share, mode: "0600" }
  entrypoint: [/usr/local/bin/hello, "8080"]
  env: { GREETING: "a=b" }
run:
  port: 8080
  health: { path: /healthz, deadlineSeconds: 5 }
`);
const [build, check] = pipeline.steps;
assert.ok(build && check);

const programs: MemoryPrograms = {
  make: () => ({
    exitCode: 0,
    output: "cc\n",
    files: { hello: "binary", "share/a": "1", "share/b/c": "2", rest: "3" },
  }),
  check: () => ({ exitCode: 1, output: "not ok\n" }),
};

const stemcellTree: TreeEntry[] = [
  { kind: "directory", path: "usr", mode: 0o755 },
  { kind: "directory", path: "usr/local", mode: 0o775 },
  { kind: "symlink", path: "bin", target: "usr/bin" },
];

interface Scene {
  readonly ports: FactoryPorts & { readonly blobs: BlobStore };
  readonly trees: MemoryTrees;
  readonly context: StepContext;
}

async function openScene(): Promise<Scene> {
  const blobs = memoryBlobStore(webCrypto);
  const trees = new MemoryTrees(blobs);
  const sandbox = new MemorySandbox({ now: () => instantOf(5000) }, programs);
  const store = async (tree: TreeEntry[]) =>
    (await blobs.write(writeTar(tree), { maxBytes: 1_000_000 })).digest;
  const source = await store([{ kind: "directory", path: "src", mode: 0o755 }]);
  const context = { source, stemcell: await store(stemcellTree), inputs: {}, sourceDateEpoch: 86_400 };
  return { ports: { crypto: webCrypto, sandbox, blobs, trees }, trees, context };
}

const sha256 = (text: string): Digest => digestOf(webCrypto, utf8(text));
const namesOf = (artifacts: readonly { readonly name: string }[]) => artifacts.map(({ name }) => name);

test("a step's record names everything that went in and each file that came out", async () => {
  const { ports, context } = await openScene();
  const record = await runStep(ports, build, context);
  assert.deepEqual(record.outcome, { kind: "succeeded" });
  assert.deepEqual(record.materials, [
    { name: "source", digest: context.source },
    { name: "stemcell/base", digest: context.stemcell },
    { name: "script/build", digest: sha256("make") },
  ]);
  assert.deepEqual(
    record.products.map(({ name, digest, sizeBytes, mode }) => [name, digest, sizeBytes, mode]),
    [
      ["build/hello", sha256("binary"), 6, 0o755],
      ["build/share/a", sha256("1"), 1, 0o755],
      ["build/share/b/c", sha256("2"), 1, 0o755],
    ],
  );
  assert.equal(parseUtf8(await readBlob(ports.blobs, sha256("binary"), 100)), "binary");
});

test("a later step's materials are the earlier one's products, file by file", async () => {
  const { ports, context } = await openScene();
  const { products } = await runStep(ports, build, context);
  const record = await runStep(ports, check, { ...context, inputs: { build: products } });
  assert.deepEqual(namesOf(record.materials.slice(3)), namesOf(products));
  assert.ok(record.outcome.kind === "failed");
  assert.equal(record.outcome.reason.code, "step/exit");
  assert.deepEqual(record.products, []);
  assert.equal(record.output.head, "not ok\n");
});

test("a source changed between checkout and build is found out; the next attempt starts from the archive", async () => {
  const { ports, trees, context } = await openScene();
  const place = await trees.place(context.source);
  trees.change(place, sha256("a backdoor"));
  const fault = await runStep(ports, build, context).catch((error: unknown) => error);
  assert.equal(findFaultCode(fault), "factory/tree-changed");
  assert.equal((await runStep(ports, build, context)).outcome.kind, "succeeded");
});

test("without the check a changed source is built, and the record says that it was not checked", async () => {
  const { ports, trees, context } = await openScene();
  trees.change(await trees.place(context.source), sha256("a backdoor"));
  const record = await runStep(ports, build, { ...context, withoutForDrill: ["material-check"] });
  assert.equal(record.outcome.kind, "succeeded");
  assert.deepEqual(record.isolation.without, ["material-check"]);
  assert.equal(record.isolation.level, "L0");
});

test("an input changed between two steps is found out too", async () => {
  const { ports, context } = await openScene();
  const { products } = await runStep(ports, build, context);
  const trees = new MemoryTrees(ports.blobs);
  const placing = { ...ports, trees: Object.assign(trees, { hash: async () => context.source }) };
  const run = runStep(placing, check, { ...context, inputs: { build: products } });
  await assert.rejects(run, (error) => findFaultCode(error) === "factory/tree-changed");
});

async function packaged(more: Partial<ImageContext> = {}, which: Pipeline = pipeline) {
  const { ports, context } = await openScene();
  const { products } = await runStep(ports, build!, context);
  const image = await packageImage(ports, which, {
    stemcell: context.stemcell,
    products: { build: products },
    architecture: "amd64",
    ...more,
  });
  return { ports, context, image };
}

const read = (ports: Scene["ports"], digest: Digest): Promise<Bytes> =>
  readBlob(ports.blobs, digest, 1_000_000);

test("the same inputs make the same image", async () => {
  const [one, two] = [await packaged(), await packaged()];
  assert.equal(one.image.manifest.digest, two.image.manifest.digest);
  const other = await packaged({ architecture: "arm64" });
  assert.notEqual(other.image.manifest.digest, one.image.manifest.digest);
});

test("an image is the stemcell as it is, and a layer of products with the modes that were asked for", async () => {
  const { ports, context, image } = await packaged();
  const manifest = parseManifest(await read(ports, image.manifest.digest), image.manifest.mediaType);
  assert.ok(manifest.kind === "image");
  assert.deepEqual(manifest.layers, image.layers);
  assert.equal(image.layers[0]?.digest, context.stemcell);
  const lines: string[] = [];
  for await (const entry of readTar(ports.blobs.open(image.layers[1]!.digest))) {
    lines.push(`${entry.path} ${"mode" in entry ? entry.mode.toString(8) : ""}`);
  }
  assert.deepEqual(lines, [
    "opt 755",
    "opt/share 755",
    "opt/share/a 600",
    "opt/share/b 755",
    "opt/share/b/c 600",
    "usr 755",
    "usr/local 775",
    "usr/local/bin 755",
    "usr/local/bin/hello 755",
  ]);
  assert.deepEqual(namesOf(image.materials), [
    "stemcell/base",
    "build/hello",
    "build/share/a",
    "build/share/b/c",
  ]);
  assert.deepEqual(image.products, [{ name: "image", digest: image.manifest.digest }]);
});

test("an image says itself how it is to be run", async () => {
  const { ports, image } = await packaged();
  const config = parseImageConfig(await read(ports, image.config.digest));
  assert.deepEqual(
    config.diffIds,
    image.layers.map(({ digest }) => digest),
  );
  assert.deepEqual(parseImageRun(config), {
    command: ["/usr/local/bin/hello", "8080"],
    environment: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", GREETING: "a=b" },
    workingDirectory: "/",
    port: 8080,
    health: { path: "/healthz", deadlineSeconds: 5 },
    limits: { memoryBytes: 2 ** 28, cpus: 1, pids: 64 },
  });
});

test("an image that does not say how it is to be run is not run", async () => {
  const { ports, image } = await packaged({}, { ...pipeline, run: undefined });
  const config = parseImageConfig(await read(ports, image.config.digest));
  assert.throws(
    () => parseImageRun(config),
    (error) => findFaultCode(error) === "factory/image-configuration",
  );
});

const unmakeable: [string, Pipeline["image"]["files"][number]][] = [
  ["a file that no step has left", { step: "build", path: "share/missing", to: "x", mode: undefined }],
  [
    "a place behind a link of the stemcell",
    { step: "build", path: "hello", to: "bin/hello", mode: undefined },
  ],
  ["a name that takes a file away", { step: "build", path: "hello", to: "usr/.wh.bin", mode: undefined }],
];

for (const [what, entry] of unmakeable) {
  test(`refuses ${what}`, async () => {
    const image = { ...pipeline.image, files: [entry] };
    await assert.rejects(
      packaged({}, { ...pipeline, image }),
      (error) => findFaultCode(error) === "factory/image",
    );
  });
}
