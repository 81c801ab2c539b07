import { createPublicKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";

import type { BundleCase } from "./sigstore.ts";

/** What @sigstore/verify says: yes, or why not. */
export type OracleAnswer = { readonly says: "yes" } | { readonly says: "no"; readonly why: string };

/** Asks the field's own verifier in JavaScript about a case, with its artifact as a file. */
export function askOracle(one: BundleCase): OracleAnswer | undefined {
  if (!existsSync(one.trustedRoot)) return undefined;
  try {
    verify(one);
    return { says: "yes" };
  } catch (error) {
    return { says: "no", why: (error as Error).message };
  }
}

function verify({ bundle: bundlePath, artifact, trustedRoot, key, identity, issuer }: BundleCase): void {
  const bundle = bundleFromJSON(JSON.parse(readFileSync(bundlePath, "utf8")));
  const root = TrustedRoot.fromJSON(JSON.parse(readFileSync(trustedRoot, "utf8")));
  const material = toTrustMaterial(root, key === undefined ? undefined : keyFinder(key));
  const policy = { subjectAlternativeName: `^${escape(identity)}$`, extensions: { issuer } };
  const entity = toSignedEntity(bundle, readFileSync(artifact));
  new Verifier(material).verify(entity, key === undefined ? policy : undefined);
}

function keyFinder(path: string) {
  const publicKey = createPublicKey(readFileSync(path));
  return () => ({ publicKey, validFor: () => true });
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
