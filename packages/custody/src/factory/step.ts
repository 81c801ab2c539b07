import type { Digest, Instant, Reason } from "custody/ground";
import { digestOf, utf8 } from "custody/ground";
import { artifactNames } from "custody/policy";
import type {
  Isolation,
  NetworkRecord,
  OutputSummary,
  PlacedTree,
  Protection,
  SandboxOutcome,
  StepSpec,
} from "custody/runtime";
import type { TreeEntry } from "custody/tar";
import { writeTar } from "custody/tar";

import type { Artifact, Product } from "./artifact.ts";
import { factoryFault } from "./faults.ts";
import type { PipelineStep } from "./pipeline.ts";
import type { FactoryPorts } from "./ports.ts";

const maxArchiveBytes = 16 * 1024 * 1024 * 1024;

/** What a step is given besides what its pipeline says. */
export interface StepContext {
  /** The archive of the source tree, as it was exported from the commit. */
  readonly source: Digest;
  readonly stemcell: Digest;
  /** The products of the steps it has as inputs, by step. */
  readonly inputs: Readonly<Record<string, readonly Product[]>>;
  /** SOURCE_DATE_EPOCH inside, seconds since 1970; the commit's date is a good one. */
  readonly sourceDateEpoch: number;
  /** Output as it comes, for showing. */
  readonly onOutput?: (text: string) => void;
  readonly withoutForDrill?: readonly Protection[];
}

/** What happened in a step: all that its provenance says. */
export interface StepRecord {
  readonly name: string;
  readonly kind: PipelineStep["kind"];
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  /** Everything that went in: source, stemcell, script, each file of each input, what came over the network. */
  readonly materials: readonly Artifact[];
  /** Each file that came out; none unless it succeeded. */
  readonly products: readonly Product[];
  readonly outcome: { readonly kind: "succeeded" } | { readonly kind: "failed"; readonly reason: Reason };
  readonly isolation: Isolation;
  readonly network: readonly NetworkRecord[];
  readonly output: OutputSummary;
}

/**
 * Runs one step of a pipeline. The source and every input are hashed again right before it runs, and its products are
 * hashed outside the sandbox, when nothing inside it is alive any more.
 *
 * @throws CustodyError `factory/tree-changed` when a tree is not what it was at its checkout; what ports throw. A step
 *   that fails is a record.
 */
export async function runStep(
  ports: FactoryPorts,
  step: PipelineStep,
  context: StepContext,
): Promise<StepRecord> {
  const spec = await prepareStep(ports, step, context);
  const outcome = await ports.sandbox.run(spec, {
    ...(context.onOutput ? { onOutput: context.onOutput } : {}),
    collect: (outputs) => storeProducts(ports, step, outputs),
  });
  return recordOf(ports, step, context, outcome);
}

async function prepareStep(ports: FactoryPorts, step: PipelineStep, context: StepContext): Promise<StepSpec> {
  const without = context.withoutForDrill ?? [];
  const root = { digest: context.stemcell, place: await ports.trees.place(context.stemcell) };
  const inputs = await placeInputs(ports, step, context);
  const source = { digest: context.source, place: await ports.trees.place(context.source) };
  if (!without.includes("material-check")) {
    for (const tree of [source, ...Object.values(inputs)]) await checkTree(ports, tree);
  }
  return {
    name: step.name,
    root,
    source,
    inputs,
    command: ["sh", "-eu", "-c", step.script],
    environment: environmentOf(step, context),
    workingDirectory: "/work",
    limits: step.limits,
    outputs: step.outputs,
    networkHosts: step.networkHosts,
    withoutForDrill: without,
  };
}

function environmentOf(
  step: PipelineStep,
  { sourceDateEpoch }: StepContext,
): Readonly<Record<string, string>> {
  return {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/work",
    LANG: "C.UTF-8",
    TZ: "UTC",
    SOURCE_DATE_EPOCH: `${sourceDateEpoch}`,
    ...step.environment,
  };
}

async function placeInputs(
  ports: FactoryPorts,
  step: PipelineStep,
  context: StepContext,
): Promise<Readonly<Record<string, PlacedTree>>> {
  const placed = step.inputs.map(async (name) => {
    const products = context.inputs[name];
    if (products === undefined) throw new TypeError(`no products of "${name}" were given to "${step.name}"`);
    const digest = await storeTree(ports, products);
    return [name, { digest, place: await ports.trees.place(digest) }] as const;
  });
  return Object.fromEntries(await Promise.all(placed));
}

/** The archive of a step's products, kept like any other content. */
async function storeTree(ports: FactoryPorts, products: readonly Product[]): Promise<Digest> {
  const entries = products.map((product): TreeEntry => ({
    kind: "file",
    path: product.path,
    mode: product.mode,
    sizeBytes: product.sizeBytes,
    content: () => ports.blobs.open(product.digest),
  }));
  const { digest } = await ports.blobs.write(writeTar(entries), { maxBytes: maxArchiveBytes });
  return digest;
}

async function checkTree({ trees }: FactoryPorts, { digest, place }: PlacedTree): Promise<void> {
  const found = await trees.hash(place);
  if (found === digest) return;
  await trees.forget(digest);
  throw factoryFault(
    "factory/tree-changed",
    "a tree was changed between its checkout and the step that uses it",
    {
      subject: digest,
      next: "find out who writes to the server's directory, then deliver again",
      details: { found },
    },
  );
}

async function storeProducts(
  { blobs }: FactoryPorts,
  step: PipelineStep,
  outputs: readonly TreeEntry[],
): Promise<Product[]> {
  const products: Product[] = [];
  for (const output of outputs) {
    if (output.kind !== "file") continue;
    const { digest, sizeBytes } = await blobs.write(output.content(), { maxBytes: output.sizeBytes });
    const name = artifactNames.output(step.name, output.path);
    products.push({ name, path: output.path, digest, sizeBytes, mode: output.mode });
  }
  return products;
}

function recordOf(
  ports: FactoryPorts,
  step: PipelineStep,
  context: StepContext,
  outcome: SandboxOutcome<Product[]>,
): StepRecord {
  const { startedAt, finishedAt, isolation, network, output } = outcome;
  return {
    name: step.name,
    kind: step.kind,
    startedAt,
    finishedAt,
    isolation,
    network,
    output,
    materials: materialsOf(ports, step, context, network),
    products: outcome.kind === "succeeded" ? outcome.collected : [],
    outcome:
      outcome.kind === "succeeded" ? { kind: "succeeded" } : { kind: "failed", reason: outcome.reason },
  };
}

function materialsOf(
  { crypto }: FactoryPorts,
  step: PipelineStep,
  context: StepContext,
  network: readonly NetworkRecord[],
): Artifact[] {
  const inputs = step.inputs.flatMap((name) => context.inputs[name] ?? []);
  const fetched = network.flatMap(({ host, digest }) =>
    digest === undefined ? [] : [{ name: artifactNames.network(host), digest }],
  );
  return [
    { name: artifactNames.source, digest: context.source },
    { name: artifactNames.stemcell(step.stemcell), digest: context.stemcell },
    { name: artifactNames.script(step.name), digest: digestOf(crypto, utf8(step.script)) },
    ...inputs.map(({ name, digest }) => ({ name, digest })),
    ...fetched,
  ];
}
