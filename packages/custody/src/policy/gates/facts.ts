import * as v from "valibot";

/*
 * What each gate is told: the input of its policy. The JSON Schemas in schemas/gates are made of these shapes, so
 * that a field which a policy misspells is an error before anything is decided.
 */

const text = v.string();
/** `sha256:…` */
const digest = v.string();
/** RFC 3339, in UTC. */
const instant = v.string();

const reason = v.strictObject({ code: text, subject: text, message: text });
const verification = v.strictObject({
  verdict: v.picklist(["allowed", "refused", "undecided"]),
  reasons: v.array(reason),
});

const artifact = v.strictObject({ name: text, digest });
const signer = v.strictObject({ name: text, fingerprint: text });

const step = v.strictObject({
  name: text,
  kind: v.picklist(["build", "test"]),
  stemcell: text,
  inputs: v.array(text),
  /** Paths below /work. */
  outputs: v.array(text),
  /** `host:port` */
  networkHosts: v.array(text),
});

const subjectOfAll = { at: instant, repository: text };

const source = v.strictObject({
  ...subjectOfAll,
  ref: text,
  commit: v.strictObject({
    id: text,
    /** From here on only for a commit that was verified: of any other nothing more is read. */
    tree: v.optional(text),
    parents: v.optional(v.array(text)),
    /** As the commit claims it: `Name <email> seconds zone`. */
    author: v.optional(text),
    committer: v.optional(text),
    subject: v.optional(text),
  }),
  signer: v.optional(signer),
  /** When the log first saw the commit, or sees it now. */
  firstSeen: instant,
  verification,
  pipeline: v.optional(
    v.strictObject({
      name: text,
      steps: v.array(step),
      stemcells: v.array(v.strictObject({ name: text, suite: text, packages: v.array(text) })),
    }),
  ),
});

const build = v.strictObject({
  ...subjectOfAll,
  commit: text,
  step,
  startedOn: instant,
  finishedOn: instant,
  isolation: v.strictObject({
    level: v.picklist(["L3", "L0"]),
    without: v.array(text),
    runtime: v.strictObject({ name: text, version: text }),
    kernel: text,
  }),
  /** Every connection that the step asked for. */
  network: v.array(
    v.strictObject({ host: text, decision: v.picklist(["allowed", "refused"]), reason: text }),
  ),
  materials: v.array(artifact),
  products: v.array(v.strictObject({ name: text, path: text, digest, sizeBytes: v.number() })),
});

const packaging = v.strictObject({
  ...subjectOfAll,
  commit: text,
  image: v.strictObject({
    digest,
    architecture: text,
    /** As the image config says it: `uid:gid`. */
    user: text,
    entrypoint: v.array(text),
    layers: v.array(v.strictObject({ mediaType: text, digest, sizeBytes: v.number() })),
  }),
  stemcell: artifact,
  materials: v.array(artifact),
  /** The products of every step. */
  products: v.array(artifact),
});

const publication = v.strictObject({
  ...subjectOfAll,
  commit: text,
  image: digest,
  tags: v.array(text),
  /** What the delivery has attested so far. */
  attestations: v.array(
    v.strictObject({
      step: text,
      predicateType: text,
      identity: text,
      products: v.array(artifact),
    }),
  ),
});

const chain = v.strictObject({
  ...verification.entries,
  /** The rest is there when the chain was verified. */
  commit: v.optional(text),
  signer: v.optional(signer),
  steps: v.array(
    v.strictObject({
      name: text,
      predicateType: text,
      /** SPIFFE ID of whoever vouched for it. */
      identity: text,
      signedAt: instant,
      logIndex: v.optional(v.number()),
      materials: v.array(artifact),
      products: v.array(artifact),
    }),
  ),
});

const admission = v.strictObject({
  ...subjectOfAll,
  image: digest,
  policyRevision: digest,
  trustRevision: digest,
  chain,
});

const running = v.strictObject({
  ...subjectOfAll,
  workload: text,
  image: digest,
  chain,
  /** What the gate itself decided about the image, under the policy in force. */
  admission: verification,
  /** The process, when it runs already; without it, one is about to be started. */
  process: v.optional(v.strictObject({ pid: v.number(), startedOn: instant })),
});

/** The shapes of what the gates are told, in the order in which a delivery comes to them. */
export const factShapes = {
  source,
  build,
  package: packaging,
  publish: publication,
  admit: admission,
  running,
};

export type GateName = keyof typeof factShapes;

/** The gates, in the order in which a delivery comes to them. */
export const gateNames = Object.keys(factShapes) as readonly GateName[];

/** What a gate is told. */
export type GateFacts<Gate extends GateName> = v.InferOutput<(typeof factShapes)[Gate]>;

export type ChainFacts = GateFacts<"admit">["chain"];
