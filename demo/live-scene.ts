import { createReadStream } from "node:fs";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import { RegistryClient } from "@custody/node/registry-client";
import { unpackTree } from "@custody/node/trees";
import type { CustodyServer } from "@custody/server";
import { refuseFault } from "custody/assurance";
import type { LiveScene } from "custody/assurance";
import { awaitHealthy, decideOn, getState, readChainRecords } from "custody/control";
import type { Delivery } from "custody/control";
import { Examination, parseRepositoryPolicy, policyRevisionOf } from "custody/evidence";
import type { RefusalCode } from "custody/evidence";
import { parsePipeline, runStep } from "custody/factory";
import { canonicalJson, CustodyError, digestOf, hexOf, parseJson } from "custody/ground";
import type { Bytes, Digest, Verdict } from "custody/ground";
import { manifestLimitBytes, mediaTypes, parseManifest, readBlob } from "custody/oci";
import { decide, findAdmission } from "custody/policy";

/** What the live drills attack: the running server's disk, registry and checkouts. */
export function openLiveScene(server: CustodyServer, delivery: Delivery): LiveScene {
  return {
    readAlteredLayer: ({ isChecked }) => readAlteredLayer(server, delivery, isChecked),
    startMovedTag: (without) => startMovedTag(server, delivery, without),
    decideUnderChangedPolicy: ({ isChecked }) => decideUnderChangedPolicy(server, delivery, isChecked),
    runOnChangedSource: ({ isChecked }) => runOnChangedSource(server, delivery, isChecked),
  };
}

async function readAlteredLayer(
  { directory, wired }: CustodyServer,
  delivery: Delivery,
  isChecked: boolean,
): Promise<Verdict<unknown>> {
  const { blobs } = wired.control;
  const layer = await getUpperLayer(wired.control.blobs, getState(delivery, "image"));
  const hex = hexOf(layer);
  const path = join(directory, "blobs", "sha256", hex.slice(0, 2), hex);
  const original = await readFile(path);
  const altered = Buffer.from(original);
  const target = altered.indexOf("\u007fELF") + 1000;
  altered[target] = (altered[target] ?? 0) ^ 1;
  const folder = await mkdtemp(join(tmpdir(), "custody-altered-"));
  await writeFile(path, altered);
  try {
    const read = isChecked ? blobs.open(layer) : createReadStream(path);
    return await refuseFault(["blobs/corrupt"], () => unpackTree(read, join(folder, "root")));
  } finally {
    await writeFile(path, original);
    await rm(folder, { recursive: true });
  }
}

async function getUpperLayer(
  blobs: CustodyServer["wired"]["control"]["blobs"],
  image: Digest,
): Promise<Digest> {
  const manifest = parseManifest(await readBlob(blobs, image, manifestLimitBytes), mediaTypes.imageManifest);
  const layer = manifest.kind === "image" ? manifest.layers.at(-1) : undefined;
  if (!layer) throw new CustodyError("demo/no-layer", "the image has no layer", { subject: image });
  return layer.digest;
}

// The attacker has the registry's password: the tag moves to an image with the same layers that nobody vouches for.
async function startMovedTag(
  server: CustodyServer,
  delivery: Delivery,
  without: readonly string[],
): Promise<Verdict<unknown>> {
  const { wired, url, token } = server;
  const { control, doors } = wired;
  const { repository } = delivery;
  const original = await readBlob(control.blobs, getState(delivery, "image"), manifestLimitBytes);
  const planted = canonicalJson({ ...(parseJson(original) as object), annotations: { planted: "yes" } });
  const client = new RegistryClient({ url, user: "custody", password: token });
  await client.pushManifest(repository, "latest", mediaTypes.imageManifest, planted);
  try {
    const image = await doors.api.resolveTag(repository, "latest");
    if (!image) throw new CustodyError("demo/no-tag", "the tag is gone");
    const verdict = await admit(server, repository, image, without);
    if (verdict.kind === "allowed") await startAndStop(server, image, planted);
    return verdict;
  } finally {
    await client.pushManifest(repository, "latest", mediaTypes.imageManifest, original);
  }
}

async function admit(
  { wired: { control } }: CustodyServer,
  repository: string,
  image: Digest,
  without: readonly string[],
): Promise<Verdict<unknown>> {
  const policy = await control.policies.findPolicy(repository);
  if (!policy) throw new CustodyError("demo/no-policy", `${repository} has no policy`);
  const records = await readChainRecords(control, image);
  const question = {
    image,
    gate: control.identities.gate,
    policyRevision: policyRevisionOf((bytes) => digestOf(nodeCrypto, bytes), policy),
    bundles: records.map(({ bytes }) => bytes),
  };
  const examination = new Examination(without as readonly RefusalCode[]);
  return findAdmission(control.crypto, control.trustedRoot, question, examination);
}

// Without the check the planted image is as good as any: it starts, and is well.
async function startAndStop(
  { wired: { control } }: CustodyServer,
  image: Digest,
  manifest: Bytes,
): Promise<void> {
  const content = async function* (): AsyncGenerator<Bytes> {
    yield manifest;
  };
  await control.blobs.write(content(), { maxBytes: manifest.length, expectedDigest: image });
  const { workload, health } = await control.images.place(image);
  const sandbox = await control.sandbox.start({ name: "planted", ...workload });
  try {
    await awaitHealthy(control, sandbox, health);
  } finally {
    await sandbox.stop();
    await control.blobs.delete(image);
  }
}

// The attacker can write to the database and holds no key: a stranger's key gets the name and the life of a listed one.
async function decideUnderChangedPolicy(
  { wired: { control, database } }: CustodyServer,
  delivery: Delivery,
  isChecked: boolean,
): Promise<Verdict<unknown>> {
  const { repository } = delivery;
  const image = getState(delivery, "image");
  const original = await control.policies.findPolicy(repository);
  if (!original) throw new CustodyError("demo/no-policy", `${repository} has no policy`);
  const [signer] = original.signers;
  const loosened = { ...original, signers: [...original.signers, { ...signer, name: "mallory" }] };
  const write = (policy: object): Promise<unknown> =>
    database.query("UPDATE policy SET document = $2 WHERE repository = $1", [
      repository,
      JSON.stringify(policy),
    ]);
  const records = await readChainRecords(control, image);
  await write(loosened);
  try {
    if (isChecked)
      return await refuseFault(["policy/unattested"], () => decideOn(control, repository, image, records));
    const policy = parseRepositoryPolicy(loosened);
    const bundles = records.map(({ bytes }) => bytes);
    const question = { image, policy, bundles, at: control.clock.now() };
    return (await decide(control, control.trustedRoot, question)).verdict;
  } finally {
    await write(original);
  }
}

async function runOnChangedSource(
  { wired: { control } }: CustodyServer,
  delivery: Delivery,
  isChecked: boolean,
): Promise<Verdict<unknown>> {
  const { steps, stemcells } = parsePipeline(getState(delivery, "pipeline"));
  const [step] = steps;
  const stemcell: Digest | undefined = step && getState(delivery, "stemcells")[step.stemcell];
  if (!step || !stemcell)
    throw new CustodyError("demo/no-step", `no step among ${Object.keys(stemcells).join()}`);
  const source = getState(delivery, "source");
  const place = await control.factory.trees.place(source);
  await appendFile(join(place, "VERSION"), "9.9.9-backdoor\n");
  try {
    return await refuseFault(["factory/tree-changed"], async () => {
      const record = await runStep(control.factory, step, {
        source,
        stemcell,
        inputs: {},
        sourceDateEpoch: control.sourceDateEpoch,
        withoutForDrill: isChecked ? [] : ["material-check"],
      });
      if (record.outcome.kind === "failed")
        throw new CustodyError("demo/step-failed", record.outcome.reason.message);
    });
  } finally {
    await control.factory.trees.forget(source);
  }
}
