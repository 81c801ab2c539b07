import type { ImageConfig } from "custody/oci";
import type { WorkloadSpec } from "custody/runtime";

import { factoryFault } from "./faults.ts";
import type { PipelineRun } from "./pipeline.ts";

/** How an image is to be run, from the image alone. */
export interface ImageRun extends Pick<
  WorkloadSpec,
  "command" | "environment" | "workingDirectory" | "limits" | "port"
> {
  readonly health: PipelineRun["health"];
}

const prefix = "dev.custody.run";

/** The labels by which an image carries what its pipeline says about running it. */
export function labelsOf(run: PipelineRun): Readonly<Record<string, string>> {
  return {
    [`${prefix}.port`]: `${run.port}`,
    [`${prefix}.health.path`]: run.health.path,
    [`${prefix}.health.deadline-seconds`]: `${run.health.deadlineSeconds}`,
    [`${prefix}.limits.memory-bytes`]: `${run.limits.memoryBytes}`,
    [`${prefix}.limits.cpus`]: `${run.limits.cpus}`,
    [`${prefix}.limits.pids`]: `${run.limits.pids}`,
  };
}

/**
 * How an image made by {@link packageImage} is to be run.
 *
 * @throws CustodyError `factory/image-configuration` when the image does not say it, or says it in another form.
 */
export function parseImageRun({ config }: ImageConfig): ImageRun {
  const number = (name: string) => parseNumber(name, config.labels[`${prefix}.${name}`]);
  const [command, ...rest] = [...config.entrypoint, ...config.cmd];
  const path = config.labels[`${prefix}.health.path`];
  if (command === undefined) throw missing("an entrypoint");
  if (path === undefined || !/^\/[!-~]*$/.test(path)) throw missing("the path of its health check");
  return {
    command: [command, ...rest],
    environment: Object.fromEntries(config.env.map(parseVariable)),
    workingDirectory: config.workingDir === "" ? "/" : config.workingDir,
    port: number("port"),
    health: { path, deadlineSeconds: number("health.deadline-seconds") },
    limits: {
      memoryBytes: number("limits.memory-bytes"),
      cpus: number("limits.cpus"),
      pids: number("limits.pids"),
    },
  };
}

function parseNumber(name: string, text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}(\.\d{1,6})?$/.test(text) || Number(text) === 0) throw missing(name);
  return Number(text);
}

function parseVariable(text: string): [string, string] {
  const equals = text.indexOf("=");
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function missing(what: string): Error {
  return factoryFault("factory/image-configuration", `the image's configuration lacks ${what}`, {
    subject: what,
    next: "give custody.yaml a run section, and deliver again",
  });
}
