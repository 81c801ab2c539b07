import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

import { nodeCrypto } from "@custody/node/crypto";
import { CustodyError, exitCodeOf, parseUtf8 } from "custody/ground";
import type { Bytes, HashName, Reason, Verdict } from "custody/ground";
import {
  findDigestArtifact,
  findNextStep,
  parsePublicKeyPem,
  parseSigstoreRoot,
  verifySigstoreBundle,
} from "custody/sigstore";
import type { Artifact, SignerPolicy, VerifiedSignature } from "custody/sigstore";

import { findTufTrustedRoot } from "../tuf/trusted-root.ts";
import type { TufRootOptions } from "../tuf/trusted-root.ts";
import type { Call } from "./call.ts";
import { getArgument } from "./call.ts";
import { readFileBytes } from "./read-file.ts";
import { readWitnessPolicy } from "./witness-policy.ts";

export interface VerifyBundleOptions extends TufRootOptions {
  readonly bundle: string;
  readonly certificateIdentity?: string;
  readonly certificateOidcIssuer?: string;
  readonly key?: string;
  readonly trustedRoot?: string;
  readonly predicateType?: string;
  readonly witnessPolicy?: string;
}

/** What is read whole; above it only digests are taken, and a few kinds of signature cannot be judged by those. */
const wholeFileBytes = 256 * 1024 * 1024;
const hashNames: readonly HashName[] = ["sha256", "sha384", "sha512"];

/** `custody verify-bundle`: a Sigstore bundle over a file or a digest, whoever signed it; offline, unless a TUF repository is named. */
export async function verifyBundle(call: Call<VerifyBundleOptions>): Promise<number> {
  const { options } = call;
  const [bundle, root, signer, artifact, witnesses] = await Promise.all([
    read(options.bundle),
    readRoot(options),
    readSigner(options),
    readArtifact(getArgument(call, 0)),
    readWitnessPolicy(options.witnessPolicy),
  ]);
  const { predicateType } = options;
  const policy = { signer, ...witnesses, ...(predicateType === undefined ? {} : { predicateType }) };
  const verdict = await verifySigstoreBundle(
    { crypto: nodeCrypto },
    { bundle, artifact, root: parseSigstoreRoot(root), policy },
  );
  call.output.result(resultOf(verdict), linesOf(verdict));
  return exitCodeOf(verdict);
}

async function readRoot(options: VerifyBundleOptions): Promise<Uint8Array> {
  if (options.trustedRoot !== undefined) return read(options.trustedRoot);
  return (await findTufTrustedRoot(options)) ?? (await import("../public-good-root.ts")).publicGoodRoot();
}

async function readSigner(options: VerifyBundleOptions): Promise<SignerPolicy> {
  const { certificateIdentity: identity, certificateOidcIssuer: issuer, key } = options;
  // A key is the narrower demand: what it signed names no identity that could be asked for besides.
  if (key !== undefined) return { kind: "key", key: parsePublicKeyPem(parseUtf8(await read(key))) };
  if (identity === undefined || issuer === undefined) {
    throw new CustodyError("cli/usage", "say who must have signed: an identity and its issuer, or a key", {
      next: "give --certificate-identity and --certificate-oidc-issuer, or --key",
    });
  }
  return { kind: "certificate", identity, issuer };
}

async function readArtifact(thing: string): Promise<Artifact> {
  const named = findDigestArtifact(thing);
  if (named) return named;
  const { size } = await orUnreadable(thing, stat(thing));
  return size <= wholeFileBytes
    ? { kind: "bytes", bytes: await read(thing) }
    : { kind: "digests", digests: await orUnreadable(thing, hashFile(thing)) };
}

async function hashFile(path: string): Promise<Partial<Record<HashName, Bytes>>> {
  const hashes = hashNames.map((name) => [name, createHash(name)] as const);
  for await (const chunk of createReadStream(path)) {
    for (const [, hash] of hashes) hash.update(chunk as Uint8Array);
  }
  return Object.fromEntries(hashes.map(([name, hash]) => [name, new Uint8Array(hash.digest())]));
}

function read(path: string): Promise<Bytes> {
  return readFileBytes(path, wholeFileBytes);
}

async function orUnreadable<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    throw new CustodyError("cli/read", `${path} cannot be read`, { subject: path, cause });
  }
}

function resultOf(verdict: Verdict<VerifiedSignature>): object {
  return verdict.kind === "allowed"
    ? { verdict: "verified", ...verdict.facts }
    : { verdict: verdict.kind, reasons: verdict.reasons.map(withNext) };
}

function withNext(reason: Reason): Reason & { readonly next?: string } {
  const next = findNextStep(reason.code);
  return { ...reason, ...(next === undefined ? {} : { next }) };
}

function linesOf(verdict: Verdict<VerifiedSignature>): string[] {
  if (verdict.kind !== "allowed") {
    const word = verdict.kind === "refused" ? "refused" : "could not decide";
    return verdict.reasons
      .map(withNext)
      .flatMap(({ code, subject, message, next }) => [
        `${subject}: ${word} [${code}]`,
        `  ${message}`,
        ...(next === undefined ? [] : [`  next: ${next}`]),
      ]);
  }
  const { artifact, signer, times, logs, statement } = verdict.facts;
  return [
    `${artifact}: the signature holds`,
    signer ? `  by ${signer.identity} (${signer.issuer})` : "  by the key that you gave",
    ...times.map((time) => `  at ${new Date(time).toISOString()}`),
    ...logs.map(({ origin, index }) => `  log ${origin} #${index}`),
    ...(statement ? [`  says ${statement.predicateType}`] : []),
  ];
}
