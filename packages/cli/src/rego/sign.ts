import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { nodeRegoCrypto } from "@custody/node/rego-host";
import { CustodyError } from "custody/ground";
import { isObject, readJson } from "custody/rego";
import type { AnyObject } from "custody/rego";
import { signaturesFile, signBundle } from "custody/rego/bundle";

import { readSigningKey } from "./bundle-keys.ts";
import { endings } from "./call.ts";
import type { RegoCall } from "./call.ts";
import { explained } from "./load-error.ts";
import { loadBundle, signedFiles } from "./load-bundle.ts";

export interface SignOptions {
  readonly bundle?: boolean;
  readonly signingKey: string;
  readonly signingAlg: string;
  readonly claimsFile?: string;
  readonly outputFilePath: string;
}

/** `custody rego sign`: writes `.signatures.json` over the files of bundles; 1 when it could not. */
export async function sign({ args, options, streams }: RegoCall<SignOptions>): Promise<number> {
  try {
    const files = new Map<string, Uint8Array>();
    for (const path of args) {
      const loaded = await loadBundle(path, {});
      for (const [name, bytes] of signedFiles(path, loaded)) files.set(name, bytes);
    }
    const key = await readSigningKey({ algorithm: options.signingAlg, key: options.signingKey });
    const claims = options.claimsFile === undefined ? {} : await readClaims(options.claimsFile);
    const text = signBundle(files, { key, crypto: nodeRegoCrypto, claims });
    await writeFile(join(options.outputFilePath, signaturesFile), text);
    return endings.done;
  } catch (error) {
    streams.err(
      `error: ${explained(error)
        .problems.map((problem) => problem.text)
        .join("\n")}\n`,
    );
    return endings.failed;
  }
}

/** Claims of a token besides its files. */
export async function readClaims(path: string): Promise<AnyObject> {
  const claims = readJson(await readFile(path, "utf8"));
  if (isObject(claims)) return claims;
  throw new CustodyError("cli/usage", `${path} holds no JSON object`, { subject: path });
}
