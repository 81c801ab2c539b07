import { isDigest, parseJson } from "custody/ground";
import type { Digest } from "custody/ground";
import * as v from "valibot";

import { ociFault } from "./faults.ts";

/** How an image's process is started, and what its layers come to (OCI image-spec v1.1, Image Configuration). */
export interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  readonly config: {
    readonly env: readonly string[];
    readonly entrypoint: readonly string[];
    readonly cmd: readonly string[];
    readonly workingDir: string;
    readonly user: string;
    readonly exposedPorts: readonly string[];
    readonly labels: Readonly<Record<string, string>>;
  };
  /** The digests of the uncompressed layers, lowest first. */
  readonly diffIds: readonly Digest[];
}

const configLimitBytes = 4 * 1024 * 1024;
const strings = v.nullish(v.array(v.string()), []);

const schema = v.object({
  architecture: v.string(),
  os: v.string(),
  config: v.nullish(
    v.object({
      Env: strings,
      Entrypoint: strings,
      Cmd: strings,
      WorkingDir: v.nullish(v.string(), ""),
      User: v.nullish(v.string(), ""),
      ExposedPorts: v.nullish(v.record(v.string(), v.unknown()), {}),
      Labels: v.nullish(v.record(v.string(), v.string()), {}),
    }),
    {},
  ),
  rootfs: v.object({
    type: v.literal("layers"),
    diff_ids: v.array(v.custom<Digest>((text) => typeof text === "string" && isDigest(text))),
  }),
});

/**
 * The configuration of an image, from the bytes of its config blob. Unknown fields are ignored.
 *
 * @throws CustodyError `oci/config`, `json/…`.
 */
export function parseImageConfig(content: Uint8Array): ImageConfig {
  const parsed = v.safeParse(schema, parseJson(content, { sizeBytes: configLimitBytes, depth: 32 }));
  if (!parsed.success) {
    const where = v.getDotPath(parsed.issues[0]) ?? "the document";
    throw ociFault("oci/config", `not an image configuration: ${where} ${parsed.issues[0].message}`);
  }
  const { architecture, os, config, rootfs } = parsed.output;
  return {
    architecture,
    os,
    diffIds: rootfs.diff_ids,
    config: {
      env: config.Env,
      entrypoint: config.Entrypoint,
      cmd: config.Cmd,
      workingDir: config.WorkingDir,
      user: config.User,
      exposedPorts: Object.keys(config.ExposedPorts),
      labels: config.Labels,
    },
  };
}
