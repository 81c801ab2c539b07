import { createPrivateKey, createPublicKey } from "node:crypto";
import { readFile } from "node:fs/promises";

import { CustodyError, utf8 } from "custody/ground";
import type { BundleKey } from "custody/rego/bundle";

/** A key as OPA's commands take it: a secret (or a file of one) for HMAC, a PEM file for the others. */
interface KeyOptions {
  readonly algorithm: string;
  readonly key: string;
}

/** @throws CustodyError `cli/key` */
export async function readSigningKey(options: KeyOptions): Promise<BundleKey> {
  return readKey(options, (pem) => createPrivateKey(pem).export({ format: "der", type: "pkcs8" }));
}

/** @throws CustodyError `cli/key` */
export async function readVerificationKey(options: KeyOptions): Promise<BundleKey> {
  return readKey(options, (pem) => createPublicKey(pem).export({ format: "der", type: "spki" }));
}

async function readKey(
  { algorithm, key }: KeyOptions,
  parse: (pem: Uint8Array) => Uint8Array,
): Promise<BundleKey> {
  if (!/^(?:[RPE]S|HS)(?:256|384|512)$/.test(algorithm)) {
    throw new CustodyError("cli/key", `unknown signature algorithm: ${algorithm}`, {
      next: "RS256, PS256, ES256 or HS256, or the same with 384 or 512",
    });
  }
  if (algorithm.startsWith("HS")) {
    return { algorithm, bytes: await readFile(key).catch(() => utf8(key)) };
  }
  try {
    return { algorithm, bytes: new Uint8Array(parse(await readFile(key))) };
  } catch (cause) {
    throw new CustodyError("cli/key", `${key} holds no key for ${algorithm}`, {
      subject: key,
      next: "give the path of a PEM file",
      cause,
    });
  }
}
