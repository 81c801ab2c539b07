import { generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { canonicalize } from "@tufjs/canonical-json";
import { preAuthEncode } from "custody/dsse";
import { utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";

import { parsePublicKeyPem } from "./index.ts";
import type { LinkFile, LinkSource } from "./index.ts";

/** Somebody who signs layouts and links. */
export interface TestSigner {
  readonly keyid: string;
  readonly publicKey: ReturnType<typeof parsePublicKeyPem>;
  /** As a layout lists it. */
  readonly listed: Readonly<Record<string, unknown>>;
  readonly sign: (data: Uint8Array) => Buffer;
}

export type KeyKind = "ed25519" | "ecdsa" | "rsa";

/** A new key; its id is what the caller calls it. */
export function makeSigner(keyid: string, kind: KeyKind = "ed25519"): TestSigner {
  const { publicKey, privateKey } = makePair(kind);
  const pem = publicKey.export({ format: "pem", type: "spki" }) as string;
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
  const known = {
    ed25519: { keytype: "ed25519", scheme: "ed25519", public: raw },
    ecdsa: { keytype: "ecdsa", scheme: "ecdsa-sha2-nistp256", public: pem },
    rsa: { keytype: "rsa", scheme: "rsassa-pss-sha256", public: pem },
  }[kind];
  const listed = { keyid, keytype: known.keytype, scheme: known.scheme, keyval: { public: known.public } };
  return {
    keyid,
    publicKey: parsePublicKeyPem(pem),
    listed,
    sign: (data) => signWith(privateKey, kind, data),
  };
}

function makePair(kind: KeyKind): { publicKey: KeyObject; privateKey: KeyObject } {
  if (kind === "ed25519") return generateKeyPairSync("ed25519");
  if (kind === "rsa") return generateKeyPairSync("rsa", { modulusLength: 2048 });
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function signWith(key: KeyObject, kind: KeyKind, data: Uint8Array): Buffer {
  if (kind === "ed25519") return sign(null, data, key);
  // RSASSA-PSS (6) with a salt as long as the hash.
  return sign("sha256", data, kind === "rsa" ? { key, padding: 6, saltLength: 32 } : key);
}

/** A metablock. */
export function signMetablock(signed: object, ...signers: readonly TestSigner[]): Bytes {
  const covered = utf8(canonicalize(signed));
  const signatures = signers.map((signer) => ({
    keyid: signer.keyid,
    sig: signer.sign(covered).toString("hex"),
  }));
  return utf8(JSON.stringify({ signed, signatures }));
}

/** A DSSE envelope. */
export function signEnvelope(signed: object, ...signers: readonly TestSigner[]): Bytes {
  const payloadType = "application/vnd.in-toto+json";
  const payload = utf8(JSON.stringify(signed));
  const covered = preAuthEncode(payloadType, payload);
  const signatures = signers.map(({ keyid, sign }) => ({ keyid, sig: sign(covered).toString("base64") }));
  return utf8(JSON.stringify({ payloadType, payload: Buffer.from(payload).toString("base64"), signatures }));
}

/** Links by `STEP.KEYID`, and those of sublayouts by the folder's name. */
export type TestLinks = Readonly<Record<string, Bytes | LinkSource>>;

export function linksOf(files: TestLinks): LinkSource {
  return {
    findLinks: async (step) =>
      Object.entries(files).flatMap(([name, content]): LinkFile[] =>
        name.startsWith(`${step}.`) && content instanceof Uint8Array
          ? [{ shortKeyid: name.slice(step.length + 1), content }]
          : [],
      ),
    below: (step, short) => {
      const found = files[`${step}.${short}/`];
      return found === undefined || found instanceof Uint8Array ? linksOf({}) : found;
    },
  };
}
