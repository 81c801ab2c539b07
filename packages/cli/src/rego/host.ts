import { randomBytes } from "node:crypto";

import { nodeRegoCrypto } from "@custody/node/rego-host";
import type { RegoHost } from "custody/rego";

/** What policies that a person runs on this machine may see of it. */
export function localHost(print?: (line: string) => void): RegoHost {
  return {
    now: () => BigInt(Date.now()) * 1_000_000n,
    randomBytes: (length) => randomBytes(length),
    runtime: () => ({ env: Object.fromEntries(environment()), version: "1.19.0" }),
    crypto: nodeRegoCrypto,
    ...(print && { print }),
  };
}

function environment(): [string, string][] {
  return Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}
