import { readFileSync } from "node:fs";

import type { Crypto } from "custody/ground";
import { equalBytes } from "custody/ground";

import { parseSshPublicKey, parseSshSignature, verifySshSignature } from "./index.ts";

/** OpenSSH's own signatures that are verified here, by their files' names. */
export const sshsigKinds = ["ed25519", "ecdsa", "rsa", "ed25519_sk", "ecdsa_sk"] as const;

/** Those that are of kinds not verified here, and the code that says so. */
export const refusedSshsigKinds = {
  "mldsa44-ed25519": "git/ssh-key-type",
  ecdsa_sk_webauthn: "git/ssh-format",
} as const;

/** Judges one signature of OpenSSH's `regress/unittests/sshsig/testdata`; throws where it is judged otherwise than it must be. */
export async function checkSshsig(crypto: Crypto, directory: string, kind: string): Promise<void> {
  const text = (name: string): string => readFileSync(`${directory}/${name}`, "utf8");
  const signature = parseSshSignature(text(`${kind}.sig`));
  if (!equalBytes(signature.publicKey.blob, parseSshPublicKey(text(`${kind}.pub`)).blob))
    throw new Error("it has another key");
  const message = new Uint8Array(readFileSync(`${directory}/signed-data`));
  const namespace = text("namespace").trim();
  const longer = new Uint8Array([...message, ...message]);
  for (const [of, bytes, isGood] of [
    [namespace, message, true],
    [namespace, longer, false],
    ["git", message, false],
  ] as const) {
    const found = await verifySshSignature(crypto, signature, of, bytes);
    if (found !== isGood) throw new Error(`${bytes.length} bytes of "${of}": ${found ? "yes" : "no"}`);
  }
}

/** Reads a signature of a kind that is not verified here; the caller sees it refused. */
export function readSshsig(directory: string, kind: string): void {
  parseSshSignature(readFileSync(`${directory}/${kind}.sig`, "utf8"));
}
