import { canonicalize } from "@tufjs/canonical-json";
import type { Bytes, Instant, Signer } from "custody/ground";
import type { Crypto } from "custody/ground";
import { formatInstant, parseInstant, parseJson, toHex, utf8 } from "custody/ground";
import * as v from "valibot";

import { tufFault } from "./faults.ts";
import { tufKeyId, tufKeyOf } from "./key.ts";
import type { TufKey } from "./key.ts";

/** The four top-level roles (TUF 1.0 §2.1). */
export const roleNames = ["root", "targets", "snapshot", "timestamp"] as const;
export type RoleName = (typeof roleNames)[number];

const specVersion = "1.0.31";
const maxMetadataBytes = 512 * 1024;
const maxKeys = 64;
const maxTargets = 64;

const hex = (characters: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${characters}}$`)));
const version = v.pipe(v.number(), v.integer(), v.minValue(1));
const length = v.pipe(v.number(), v.integer(), v.minValue(0));
const expires = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
  v.transform((text): Instant => parseInstant(text)),
);
const keyIds = v.pipe(
  v.array(hex(64)),
  v.minLength(1),
  v.maxLength(maxKeys),
  v.check((ids) => new Set(ids).size === ids.length, "a key id stands twice"),
);
const roleShape = v.pipe(
  v.object({ keyids: keyIds, threshold: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
  v.check(({ keyids, threshold }) => threshold <= keyids.length, "more keys must sign than there are"),
);
// Fields that nobody here knows stay: a key's id is over all of them (§4.2).
const keyShape: v.GenericSchema<unknown, TufKey> = v.looseObject({
  keytype: v.string(),
  scheme: v.string(),
  keyval: v.looseObject({ public: v.pipe(v.string(), v.maxLength(4096)) }),
});
const common = { spec_version: v.pipe(v.string(), v.regex(/^1\.0(\.\d+)?$/)), version, expires };
const rootShape = v.object({
  ...common,
  _type: v.literal("root"),
  consistent_snapshot: v.literal(true),
  keys: v.pipe(v.record(hex(64), keyShape), v.maxEntries(maxKeys)),
  roles: v.object({ root: roleShape, targets: roleShape, snapshot: roleShape, timestamp: roleShape }),
});
const fileShape = v.object({ version, length, hashes: v.object({ sha256: hex(64) }) });
const targetShape = v.object({ length, hashes: v.object({ sha256: hex(64) }) });
const shapes = {
  root: rootShape,
  targets: v.object({
    ...common,
    _type: v.literal("targets"),
    targets: v.pipe(v.record(v.string(), targetShape), v.maxEntries(maxTargets)),
  }),
  snapshot: v.object({
    ...common,
    _type: v.literal("snapshot"),
    meta: v.strictObject({ "targets.json": fileShape }),
  }),
  timestamp: v.object({
    ...common,
    _type: v.literal("timestamp"),
    meta: v.strictObject({ "snapshot.json": fileShape }),
  }),
} as const;

/** What a role signs, by role. */
type TufSigned<Role extends RoleName = RoleName> = v.InferOutput<(typeof shapes)[Role]>;
export type TufRoot = TufSigned<"root">;

export interface TufSignature {
  readonly keyid: string;
  readonly sig: string;
}

/** Signed metadata as they came: what is signed is kept in its canonical bytes. */
export interface TufMetadata<Role extends RoleName = RoleName> {
  readonly signed: TufSigned<Role>;
  /** The canonical JSON that the signatures are over (§4.1). */
  readonly signedBytes: Bytes;
  readonly signatures: readonly TufSignature[];
  /** The file. */
  readonly bytes: Bytes;
}

const envelopeShape = v.strictObject({
  signed: v.record(v.string(), v.unknown()),
  signatures: v.pipe(
    v.array(
      v.object({ keyid: hex(64), sig: v.pipe(v.string(), v.maxLength(1024), v.regex(/^([0-9a-f]{2})*$/)) }),
    ),
    v.maxLength(maxKeys),
    v.check((all) => new Set(all.map(({ keyid }) => keyid)).size === all.length, "a key has signed twice"),
  ),
});

/**
 * Metadata of that role, read strictly: each member once, whole versions from 1, thresholds from 1 to the number of keys.
 *
 * @throws CustodyError `tuf/malformed`.
 */
export function parseTufMetadata<Role extends RoleName>(bytes: Bytes, role: Role): TufMetadata<Role> {
  const envelope = readShape(envelopeShape, parseJson(bytes, { sizeBytes: maxMetadataBytes }), role);
  const signed = readShape(shapes[role] as v.GenericSchema<unknown, TufSigned<Role>>, envelope.signed, role);
  return { signed, signedBytes: utf8(canonicalize(envelope.signed)), signatures: envelope.signatures, bytes };
}

function readShape<T>(shape: v.GenericSchema<unknown, T>, value: unknown, role: RoleName): T {
  const result = v.safeParse(shape, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw tufFault(
    "tuf/malformed",
    `the ${role} metadata are refused: ${v.getDotPath(issue) ?? "they"}: ${issue.message}`,
  );
}

/** What is to be signed for a role, but for what every role has. */
export type TufContent<Role extends RoleName> = Omit<TufSigned<Role>, "_type" | "spec_version">;

/**
 * Metadata signed by all of the signers.
 *
 * @throws what a signer throws; CustodyError `tuf/malformed` when what is to be signed would not be read back.
 */
export async function signTufMetadata<Role extends RoleName>(
  crypto: Pick<Crypto, "sha256">,
  role: Role,
  content: TufContent<Role>,
  signers: readonly Signer[],
): Promise<TufMetadata<Role>> {
  const end = formatInstant(content.expires).replace(/\.\d+Z$/, "Z");
  const signed = { ...content, _type: role, spec_version: specVersion, expires: end };
  return addTufSignatures(crypto, role, { signed, signatures: [] }, signers);
}

/** The same metadata with the signers' signatures added, or put in the place of what they signed before. */
export async function addTufSignatures<Role extends RoleName>(
  crypto: Pick<Crypto, "sha256">,
  role: Role,
  { signed, signatures }: { readonly signed: unknown; readonly signatures: readonly TufSignature[] },
  signers: readonly Signer[],
): Promise<TufMetadata<Role>> {
  const all = new Map(signatures.map((signature) => [signature.keyid, signature]));
  const message = utf8(canonicalize(signed));
  for (const signer of signers) {
    const keyid = tufKeyId(crypto, tufKeyOf(signer.publicKey));
    all.set(keyid, { keyid, sig: toHex(await signer.sign(message)) });
  }
  const text = JSON.stringify({ signed, signatures: [...all.values()] }, undefined, 1);
  return parseTufMetadata(utf8(`${text}\n`), role);
}
