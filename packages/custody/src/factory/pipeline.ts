import { findFaultCode } from "custody/ground";
import type { SandboxLimits } from "custody/runtime";
import { parseTreePath } from "custody/tar";

import type { WrittenPipeline } from "./pipeline-schema.ts";
import type { PathPart } from "./pipeline-text.ts";
import { PipelineText } from "./pipeline-text.ts";

/** What a repository's custody.yaml says: how its source becomes an image, and how that is run. */
export interface Pipeline {
  /** The repository it is for. */
  readonly name: string;
  readonly stemcells: Readonly<Record<string, PipelineStemcell>>;
  /** In the order in which they run; a step's inputs come before it. */
  readonly steps: readonly PipelineStep[];
  /** Steps over the same source that another system carries out; the gate waits for their attestations. */
  readonly outside: readonly OutsideStep[];
  /** Who may withdraw attestations of others, besides their signers and the trust domain. */
  readonly withdrawers: readonly OutsideSigner[];
  readonly image: PipelineImage;
  readonly run: PipelineRun | undefined;
}

export interface PipelineStemcell {
  readonly suite: string;
  readonly packages: readonly string[];
}

export interface PipelineStep {
  readonly name: string;
  readonly kind: "build" | "test";
  readonly stemcell: string;
  /** Run by `sh -eu`, in /work. */
  readonly script: string;
  /** Earlier steps, whose outputs are at /inputs/NAME. */
  readonly inputs: readonly string[];
  /** Paths below /work. */
  readonly outputs: readonly string[];
  readonly networkHosts: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: SandboxLimits;
}

/** The URI that a signer's certificate must name, and the issuer that must have vouched for it. */
export interface OutsideSigner {
  readonly identity: string;
  readonly issuer: string;
}

export interface OutsideStep extends OutsideSigner {
  readonly name: string;
  /** How long after the delivery began the gate waits for it. */
  readonly deadlineSeconds: number;
}

export interface PipelineImage {
  readonly stemcell: string;
  readonly files: readonly PipelineFile[];
  readonly entrypoint: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
}

export interface PipelineFile {
  readonly step: string;
  /** Of one output, or of a directory of them. */
  readonly path: string;
  /** Relative to the image's root. */
  readonly to: string;
  /** As the step left it when undefined. */
  readonly mode: number | undefined;
}

export interface PipelineRun {
  readonly port: number;
  readonly health: { readonly path: string; readonly deadlineSeconds: number };
  readonly limits: Pick<SandboxLimits, "memoryBytes" | "cpus" | "pids">;
}

const defaultSuite = "bookworm";
const mebibyte = 1024 * 1024;
const defaultLimits: SandboxLimits = {
  memoryBytes: 1024 * mebibyte,
  cpus: 1,
  pids: 256,
  workBytes: 512 * mebibyte,
  outputBytes: 16 * mebibyte,
  deadlineSeconds: 600,
};
const defaultOutsideSeconds = 3600;
const defaultRunLimits = { memoryBytes: 256 * mebibyte, cpus: 1, pids: 64 };
/** Names that hand-offs and artifacts of every delivery have already. */
const reservedNames: ReadonlySet<string> = new Set([
  "source",
  "stemcell",
  "script",
  "network",
  "package",
  "image",
  "publish",
  "commit",
]);
const closedTops: ReadonlySet<string> = new Set(["dev", "proc", "sys", "tmp", "run"]);

/**
 * The pipeline that the text of a custody.yaml describes, with every default filled in.
 *
 * @throws CustodyError `factory/syntax`, `factory/shape` or `factory/reference`; the message names line and column,
 *   path, and what was expected.
 */
export function parsePipeline(text: string): Pipeline {
  const source = new PipelineText(text);
  const { written } = source;
  checkSteps(source);
  return {
    name: written.name,
    stemcells: Object.fromEntries(
      Object.entries(written.stemcells).map(([name, { suite = defaultSuite, packages }]) => [
        name,
        { suite, packages },
      ]),
    ),
    steps: written.steps.map(readStep),
    outside: (written.outside ?? []).map(({ deadlineSeconds = defaultOutsideSeconds, ...step }) => ({
      ...step,
      deadlineSeconds,
    })),
    withdrawers: written.withdrawers ?? [],
    image: readImage(source),
    run: written.run && readRun(written.run),
  };
}

function checkSteps(source: PipelineText): void {
  const { steps, stemcells } = source.written;
  const earlier = new Set<string>();
  for (const [index, step] of steps.entries()) {
    const fail = (path: readonly PathPart[], problem: string) => {
      throw source.fault("factory/reference", ["steps", index, ...path], problem);
    };
    if (earlier.has(step.name)) fail(["name"], `there are two steps "${step.name}"`);
    if (reservedNames.has(step.name))
      fail(["name"], `"${step.name}" is the name of something else in every delivery`);
    if (!Object.hasOwn(stemcells, step.stemcell))
      fail(["stemcell"], `there is no stemcell "${step.stemcell}"`);
    for (const [at, input] of (step.inputs ?? []).entries()) {
      if (!earlier.has(input)) fail(["inputs", at], `there is no step "${input}" before this one`);
    }
    for (const [at, path] of (step.outputs ?? []).entries()) {
      if (!isTreePath(path)) fail(["outputs", at], `${JSON.stringify(path)} is not a path below /work`);
    }
    if (step.kind === "test" && step.outputs !== undefined) fail(["outputs"], "a test has no outputs");
    earlier.add(step.name);
  }
  for (const [index, { name }] of (source.written.outside ?? []).entries()) {
    if (earlier.has(name) || reservedNames.has(name)) {
      throw source.fault(
        "factory/reference",
        ["outside", index, "name"],
        `"${name}" is the name of something else`,
      );
    }
    earlier.add(name);
  }
}

function readStep(step: WrittenPipeline["steps"][number]): PipelineStep {
  const { memory, cpus, pids, deadlineSeconds, work, output } = step.limits ?? {};
  return {
    name: step.name,
    kind: step.kind ?? "build",
    stemcell: step.stemcell,
    script: step.run,
    inputs: step.inputs ?? [],
    outputs: step.outputs ?? [],
    networkHosts: step.network?.hosts ?? [],
    environment: step.env ?? {},
    limits: {
      memoryBytes: parseSize(memory) ?? defaultLimits.memoryBytes,
      cpus: cpus ?? defaultLimits.cpus,
      pids: pids ?? defaultLimits.pids,
      workBytes: parseSize(work) ?? defaultLimits.workBytes,
      outputBytes: parseSize(output) ?? defaultLimits.outputBytes,
      deadlineSeconds: deadlineSeconds ?? defaultLimits.deadlineSeconds,
    },
  };
}

function readImage(source: PipelineText): PipelineImage {
  const { image, stemcells } = source.written;
  if (!Object.hasOwn(stemcells, image.stemcell)) {
    throw source.fault(
      "factory/reference",
      ["image", "stemcell"],
      `there is no stemcell "${image.stemcell}"`,
    );
  }
  const [command = "", ...rest] = image.entrypoint;
  return {
    stemcell: image.stemcell,
    files: image.files.map((_, index) => readFile(source, index)),
    entrypoint: [command, ...rest],
    environment: image.env ?? {},
    workingDirectory: image.workingDirectory ?? "/",
  };
}

function readFile(source: PipelineText, index: number): PipelineFile {
  const { image, steps } = source.written;
  const { from = "", to = "", mode } = image.files[index] ?? {};
  const fail = (key: string, problem: string) => {
    throw source.fault("factory/reference", ["image", "files", index, key], problem);
  };
  const slash = from.indexOf("/");
  const [name, path] = [from.slice(0, Math.max(slash, 0)), from.slice(slash + 1)];
  const step = steps.find((step) => step.name === name);
  if (step === undefined) fail("from", `${JSON.stringify(from)} is not STEP/PATH of a step of this pipeline`);
  if (!(step?.outputs ?? []).some((output) => contains(output, path) || contains(path, output))) {
    fail("from", `"${path}" is not among the outputs of the step "${name}"`);
  }
  const target = to.slice(1);
  if (!isTreePath(target) || closedTops.has(target.split("/")[0] ?? "")) {
    fail("to", `${JSON.stringify(to)} is not a place for a file in an image`);
  }
  if (image.files.slice(0, index).some((file) => file.to === to)) fail("to", `"${to}" is there twice`);
  return { step: name, path, to: target, mode: mode === undefined ? undefined : Number.parseInt(mode, 8) };
}

function readRun(run: NonNullable<WrittenPipeline["run"]>): PipelineRun {
  const { memory, cpus, pids } = run.limits ?? {};
  return {
    port: run.port,
    health: run.health,
    limits: {
      memoryBytes: parseSize(memory) ?? defaultRunLimits.memoryBytes,
      cpus: cpus ?? defaultRunLimits.cpus,
      pids: pids ?? defaultRunLimits.pids,
    },
  };
}

const unitBytes: Readonly<Record<string, number>> = { KiB: 1024, MiB: mebibyte, GiB: 1024 * mebibyte };

function parseSize(text: string | undefined): number | undefined {
  const [, count, unit] = /^(\d+)(KiB|MiB|GiB)$/.exec(text ?? "") ?? [];
  return unit === undefined ? undefined : Number(count) * (unitBytes[unit] ?? 1);
}

function contains(directory: string, path: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

function isTreePath(path: string): boolean {
  try {
    return parseTreePath(path) === path;
  } catch (error) {
    if (findFaultCode(error) === "tar/path") return false;
    throw error;
  }
}
