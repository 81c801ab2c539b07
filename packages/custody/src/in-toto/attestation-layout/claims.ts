import { inTotoPayloadType } from "custody/evidence";
import { parseEnvelope, preAuthEncode } from "custody/dsse";
import type { Envelope } from "custody/dsse";
import type { Crypto, Digest, PublicKey } from "custody/ground";
import { digestOf, parseJson } from "custody/ground";

import { inTotoFault } from "../faults.ts";
import { findLayoutKey } from "../keys.ts";
import type { AttestationFile } from "../ports.ts";
import type { AttestationLayout, ExpectedPredicate } from "./layout.ts";
import { findNamedStep, parseClaimStatement } from "./statement.ts";
import type { ClaimStatement } from "./statement.ts";

/** A statement that functionaries of the layout signed. */
export interface Claim {
  readonly file: string;
  /** The step that it is offered for: by its file's name `STEP.ANYTHING.json`, else by what it says itself. */
  readonly step: string | undefined;
  /** Who signed, by their names in the layout, with the digests of their keys. */
  readonly signers: ReadonlyMap<string, Digest>;
  readonly statement: ClaimStatement;
}

const maxBytes = 32 * 1024 * 1024;
const maxSignatures = 64;

/**
 * The claims of attestations: those that a functionary signed. What nobody of the layout signed is passed over.
 *
 * @throws CustodyError `in-toto/metadata`, `dsse/envelope`, `json/…` for a file that cannot be read.
 */
export async function readClaims(
  crypto: Crypto,
  files: readonly AttestationFile[],
  layout: AttestationLayout,
): Promise<readonly Claim[]> {
  const keys = Object.entries(layout.functionaries).flatMap(([id, listed]) => {
    const key = findLayoutKey(listed);
    return key ? [[id, key] as const] : [];
  });
  const claims: Claim[] = [];
  for (const { name, content } of files) {
    const envelope = readEnvelope(content);
    const signers = await findSigners(crypto, envelope, keys);
    if (signers.size === 0) continue;
    const statement = parseClaimStatement(envelope.payload);
    const step = findStep(name, statement, layout);
    claims.push({ file: name, step, signers, statement });
  }
  return claims;
}

/** The envelope of a file, or that in a Sigstore bundle, whose certificate and log entries say nothing here. */
function readEnvelope(content: Uint8Array): Envelope {
  const value = parseJson(content, { sizeBytes: maxBytes });
  const isBundle = typeof value === "object" && value !== null && "dsseEnvelope" in value;
  return parseEnvelope(isBundle ? value.dsseEnvelope : value);
}

async function findSigners(
  crypto: Crypto,
  { payloadType, payload, signatures }: Envelope,
  keys: readonly (readonly [string, PublicKey])[],
): Promise<ReadonlyMap<string, Digest>> {
  if (signatures.length > maxSignatures)
    throw inTotoFault("in-toto/metadata", "an attestation has too many signatures");
  const found = new Map<string, Digest>();
  if (payloadType !== inTotoPayloadType) return found;
  const covered = preAuthEncode(payloadType, payload);
  for (const [id, key] of keys) {
    for (const { sig } of signatures) {
      if (await crypto.verify(key, sig, covered)) found.set(id, digestOf(crypto, key.spki));
    }
  }
  return found;
}

// A file's name is nobody's word: it may offer an attestation for a step, and a link that names another is not of that one.
function findStep(file: string, statement: ClaimStatement, { steps }: AttestationLayout): string | undefined {
  const [, offered] = /^(.+)\.[^.]*$/.exec(file.replace(/\.json$/, "")) ?? [];
  const named = findNamedStep(statement);
  const step = steps.some(({ name }) => name === offered) ? offered : named;
  return named === undefined || named === step ? step : undefined;
}

/** Whether somebody who may vouches for that. */
export function isExpected({ signers, statement }: Claim, expected: ExpectedPredicate): boolean {
  return (
    statement.predicateType === expected.predicateType && expected.functionaries.some((id) => signers.has(id))
  );
}

/** How many keys of those who may stand behind claims: a key with two names is one. */
export function countVoices(claims: readonly Claim[], { functionaries }: ExpectedPredicate): number {
  return new Set(claims.flatMap(({ signers }) => functionaries.flatMap((id) => signers.get(id) ?? []))).size;
}
