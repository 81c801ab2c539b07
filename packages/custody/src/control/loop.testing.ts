import { nodeCrypto } from "@custody/node/crypto";
import { makeTrust } from "custody/authority/attestor.testing";
import type { TestTrust } from "custody/authority/attestor.testing";
import { MemoryTrees, parseImageRun, parsePipeline } from "custody/factory";
import { parseObjectId } from "custody/git";
import { makeTestRepository } from "custody/git/git.testing";
import type { TestRepository } from "custody/git/git.testing";
import { CustodyError, digestOf, formatInstant, instantOf, utf8 } from "custody/ground";
import type { Digest } from "custody/ground";
import {
  manifestLimitBytes,
  mediaTypes,
  memoryBlobStore,
  parseImageConfig,
  parseManifestOf,
  readBlob,
} from "custody/oci";
import type { BlobStore } from "custody/oci";
import { Gates, identitiesOf, planLayout } from "custody/policy";
import { MemorySandbox } from "custody/runtime";
import type { MemoryPrograms } from "custody/runtime";
import { writeTar } from "custody/tar";

import { carry, Keeper, memoryControlStores, outlineOf, setPolicy } from "./index.ts";
import type {
  CarryOptions,
  ControlPorts,
  ControlStores,
  Delivery,
  DeliveryEvent,
  ImagePlaces,
  PreparedStemcell,
  Publisher,
  Stemcells,
} from "./index.ts";

export const pipelineText = `version: 1
name: hello
stemcells:
  base: { packages: [] }
steps:
  - { name: build, stemcell: base, run: make, outputs: [hello] }
  - { name: test, kind: test, stemcell: base, inputs: [build], run: check }
image:
  stemcell: base
  files:
    - { from: build/hello, to: /app/hello, mode: "0755" }
  entrypoint: [/app/hello, serve]
run:
  port: 8080
  health: { path: /healthz, deadlineSeconds: 2 }
`;

const goodPrograms: MemoryPrograms = {
  make: () => ({ exitCode: 0, output: "cc\n", files: { hello: "binary" } }),
  check: () => ({ exitCode: 0 }),
  serve: () => ({ exitCode: 0 }),
};

const hour = 3_600_000;

/** What a test changes of a loop in which everything goes well. */
export interface LoopOptions {
  readonly programs?: MemoryPrograms;
  readonly isHealthy?: () => boolean;
  /** Replaces ports by ones that fail, or count. */
  readonly change?: (ports: ControlPorts) => Partial<ControlPorts>;
}

/** The control loop over memory: commits, keys, signatures, certificates and the log are real; nothing runs. */
export interface Loop extends Disposable {
  readonly ports: ControlPorts;
  readonly stores: ControlStores;
  readonly keeper: Keeper;
  readonly trust: TestTrust;
  readonly trees: MemoryTrees;
  readonly git: TestRepository;
  readonly events: DeliveryEvent[];
  /** What was pushed, in order: tags and attached bundles. */
  readonly published: string[];
  /** Commits custody.yaml, or another file, signed by a developer or by nobody. */
  commit(text: string, developer?: "ada" | "mallory", file?: string): string;
  /** Puts the pipeline's own layout into force, or another one's. */
  setPolicy(pipeline?: string): Promise<Digest>;
  /** Takes a commit in, claims it and carries it as far as it goes. */
  deliver(commit: string, options?: Partial<CarryOptions>): Promise<Delivery>;
  /** Claims the oldest delivery that is free, and carries it. */
  resume(): Promise<Delivery>;
}

export async function openLoop(options: LoopOptions = {}): Promise<Loop> {
  const trust = await makeTrust();
  const git = makeTestRepository();
  const keys = { ada: git.makeKey("ada"), mallory: git.makeKey("mallory") };
  const made = makePorts(trust, git, options);
  const ports = { ...made.ports, ...options.change?.(made.ports) };
  const keeper = new Keeper(ports);
  const events: DeliveryEvent[] = [];
  const listen = (event: DeliveryEvent): void => void events.push(event);
  const resume = async (more: Partial<CarryOptions> = {}): Promise<Delivery> => {
    const claimed = await ports.deliveries.claim("test", 0);
    if (!claimed) throw new Error("there is nothing to claim");
    return carry(ports, keeper, claimed, { listen, ...more });
  };
  return {
    ...made,
    ports,
    keeper,
    trust,
    git,
    events,
    commit: (text, developer, file = "custody.yaml") =>
      git.commit(file, text, developer && keys[developer].path),
    setPolicy: (pipeline = pipelineText) => putPolicy(ports, keys.ada.publicLine, pipeline),
    async deliver(commit, more) {
      const id = `delivery-${events.length}`;
      await ports.deliveries.create({ id, repository: "hello", commit: parseObjectId(commit), ref: "main" });
      return resume(more);
    },
    resume,
    [Symbol.dispose]: () => git[Symbol.dispose](),
  };
}

/** Ports with which everything goes well, and what lies behind them. */
function makePorts(
  trust: TestTrust,
  git: TestRepository,
  { programs, isHealthy = () => true }: LoopOptions,
): Pick<Loop, "ports" | "stores" | "trees" | "published"> {
  const { authorities, clock } = trust;
  const stores = memoryControlStores(nodeCrypto, clock);
  const blobs = memoryBlobStore(nodeCrypto);
  const trees = new MemoryTrees(blobs);
  const published: string[] = [];
  const sandbox = new MemorySandbox(clock, { ...goodPrograms, ...programs });
  const ports: ControlPorts = {
    crypto: nodeCrypto,
    gates: new Gates(),
    clock,
    trustDomain: authorities.trustDomain,
    identities: identitiesOf(authorities.trustDomain),
    trustedRoot: authorities.trustedRoot,
    ...stores,
    sources: { readObject: async (_, id, type) => git.object(type, id) },
    blobs,
    images: memoryImages(blobs),
    stemcells: memoryStemcells(),
    factory: { crypto: nodeCrypto, sandbox, blobs, trees },
    sourceDateEpoch: 86_400,
    architecture: "amd64",
    publisher: memoryPublisher(published),
    sandbox,
    probe: {
      isHealthy: async () => isHealthy(),
      pause: async (milliseconds) => clock.set(clock.now() + milliseconds),
    },
    attest: (identity, statement) => trust.attest(identity, statement),
  };
  return { ports, stores, trees, published };
}

function memoryPublisher(published: string[]): Publisher {
  return {
    async publish(repository, image, tags) {
      published.push(...tags.map((tag) => `${repository}:${tag}`));
      return { reference: `registry.example/${repository}@${image}` };
    },
    attach: async (_, __, { digest }) => void published.push(digest),
  };
}

async function putPolicy(ports: ControlPorts, key: string, pipeline: string): Promise<Digest> {
  const now = ports.clock.now();
  const validFor = { start: formatInstant(instantOf(now - hour)), end: formatInstant(instantOf(now + hour)) };
  const parsed = parsePipeline(pipeline);
  const layout = planLayout(ports.trustDomain, outlineOf(parsed), instantOf(now + 12 * hour));
  const { withdrawers } = parsed;
  const document = { repository: "hello", signers: [{ name: "Ada", key, validFor }], layout, withdrawers };
  const expected = await ports.policies.findRevision("hello");
  return (await setPolicy(ports, document, expected)).revision;
}

function memoryImages(blobs: BlobStore): ImagePlaces {
  return {
    async place(image) {
      const content = await readBlob(blobs, image, manifestLimitBytes);
      const manifest = parseManifestOf(nodeCrypto, image, content, mediaTypes.imageManifest);
      if (manifest.kind !== "image") throw new CustodyError("oci/manifest", "not an image");
      const config = await readBlob(blobs, manifest.config.digest, manifestLimitBytes);
      const { health, ...run } = parseImageRun(parseImageConfig(config));
      return { workload: { ...run, root: { digest: image, place: `memory:${image}` } }, health };
    },
  };
}

function memoryStemcells(): Stemcells {
  return {
    async prepare({ suite, packages }) {
      const open = (): AsyncIterable<Uint8Array> =>
        writeTar([{ kind: "directory", path: "usr", mode: 0o755 }]);
      return { ...(await describe(open)), suite, requested: packages, open };
    },
  };
}

async function describe(
  open: () => AsyncIterable<Uint8Array>,
): Promise<Omit<PreparedStemcell, "open" | "suite" | "requested">> {
  const parts: Uint8Array[] = [];
  for await (const part of open()) parts.push(part);
  const layer = Buffer.concat(parts);
  return {
    digest: digestOf(nodeCrypto, layer),
    sizeBytes: layer.length,
    recipeDigest: digestOf(nodeCrypto, utf8("recipe")),
    packages: [{ name: "base-files", version: "1", architecture: "amd64", sha256: "a".repeat(64) }],
    releases: [],
    sourceDateEpoch: 86_400,
    sbom: utf8('{"spdxVersion":"SPDX-2.3","name":"base","packages":[]}'),
  };
}
