import type { HttpRequest, RegoHost, RegoValue } from "custody/rego";
import { randomBytes } from "node:crypto";

import { nodeRegoCrypto } from "./crypto.ts";
import { Network } from "./network.ts";
import { readTlsMaterial } from "./tls-material.ts";

export interface RegoHostOptions {
  /** What `opa.runtime().env` shows and where `tls_*_env_variable` looks. Default: nothing, for it holds secrets. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How many bytes an answer may have. Default 16 MiB. */
  readonly sizeLimitBytes?: number;
  /** How long a request may take, whatever the policy says. Default 30 s. */
  readonly timeLimitMilliseconds?: number;
}

/** The version of OPA whose builtins these are: policies ask for it. */
const opaVersion = "1.19.0";

/**
 * The whole world for a policy: cryptography, clock, randomness, names, HTTP. Leave out of it what a policy must not
 * have: `{ ...openRegoHost(), send: undefined }`. The calls of the network wait for a thread, which starts with the first
 * of them and ends with the process.
 */
export function openRegoHost(options: RegoHostOptions = {}): Required<Omit<RegoHost, "print">> {
  const { env = {}, sizeLimitBytes = 16 * 1024 * 1024, timeLimitMilliseconds = 30_000 } = options;
  const network = new Network({ sizeLimitBytes, timeLimitMilliseconds });
  return {
    crypto: nodeRegoCrypto,
    now,
    randomBytes: (length) => randomBytes(length),
    runtime: () => runtimeValue(env),
    lookupAddresses: (name) => network.lookup(name),
    send: ({ tls, ...request }: HttpRequest) => {
      if (!tls) return network.send(request);
      const material = readTlsMaterial(tls, env);
      return material.kind === "material" ? network.send({ ...request, tls: material.options }) : material;
    },
  };
}

function now(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1_000)) * 1_000n;
}

function runtimeValue(env: Readonly<Record<string, string | undefined>>): RegoValue {
  const present = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { env: Object.fromEntries(present), version: opaVersion, commit: "", authorization_enabled: false };
}
