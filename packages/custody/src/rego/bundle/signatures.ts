import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { equalBytes, parseUtf8, toHex, utf8 } from "custody/ground";

import type { RegoCrypto } from "../builtins/builtin.ts";
import { BuiltinError } from "../builtins/builtin.ts";
import { decodeBase64Url } from "../builtins/encoding/base64.ts";
import { encodeBase64 } from "../builtins/encoding/base64-codec.ts";
import { RegoFault } from "../faults.ts";
import { isArray, isObject, mergeShallow, objectGet, readJson, writeJson } from "../values/index.ts";
import type { AnyObject } from "../values/index.ts";
import { parseDataFile } from "./documents.ts";

export const signaturesFile = ".signatures.json";

/** The key of an algorithm (RFC 7518 §3.1): a secret for HMAC, DER for the others. */
export interface BundleKey {
  /** `RS256`, `ES256`, `PS256`, `HS256` … */
  readonly algorithm: string;
  readonly bytes: Uint8Array;
}

export interface SigningOptions {
  readonly key: BundleKey;
  readonly crypto: RegoCrypto;
  /** Claims of the token besides `files`: `keyid`, `scope`, `iss` … */
  readonly claims?: AnyObject;
}

export interface VerifyingOptions {
  readonly key: BundleKey;
  readonly crypto: RegoCrypto;
  /** What the token's `scope` must be. Default: none. */
  readonly scope?: string;
  /** Names of files that need not be signed. */
  readonly exclude?: readonly string[];
}

type Files = ReadonlyMap<string, Uint8Array>;

/** The text of `.signatures.json`: a token over the hashes of the files, under the names that they have here. */
export function signBundle(files: Files, { key, crypto, claims = {} }: SigningOptions): string {
  const listed = [...files]
    .filter(([name]) => !name.endsWith(signaturesFile))
    .map(([name, bytes]) => ({ name, hash: fileHash(name, bytes), algorithm: "SHA-256" }));
  const head = base64Url(utf8(JSON.stringify({ alg: key.algorithm, typ: "JWT" })));
  const payload = base64Url(utf8(writeJson(mergeShallow(claims, { files: listed }))));
  const signed = utf8(`${head}.${payload}`);
  const mac = macOf(key, signed);
  const token = `${head}.${payload}.${base64Url(mac ?? crypto.sign(key.algorithm, key.bytes, signed))}`;
  return JSON.stringify({ signatures: [token] }, null, 1);
}

/**
 * Holds the files of a bundle against its signature: every file is in it, and has the hash that it says; every file
 * in it is there.
 *
 * @throws RegoFault `rego/bundle` that says what is wrong.
 */
export function verifyBundle(
  files: Files,
  { key, crypto, scope = "", exclude = [] }: VerifyingOptions,
): void {
  const payload = verifiedPayload(tokenOf(files), key, crypto);
  if ((objectGet(payload, "scope") ?? "") !== scope) refuse("scope mismatch");
  const listed = listedHashes(payload);
  for (const [name, bytes] of files) {
    if (name.endsWith(signaturesFile) || exclude.includes(name)) continue;
    const wanted = listed.get(name);
    if (wanted === undefined) refuse(`file ${name} not included in bundle signature`);
    const got = fileHash(name, bytes);
    if (got !== wanted) refuse(`${name}: digest mismatch (want: ${wanted}, got: ${got})`);
    listed.delete(name);
  }
  const missing = [...listed.keys()].filter((name) => !exclude.includes(name));
  if (missing.length > 0)
    refuse(
      `file(s) [${missing.join(" ")}] specified in bundle signatures but not found in the target bundle`,
    );
}

function refuse(message: string): never {
  throw new RegoFault("rego/bundle", message, { next: "take the bundle from where it was signed again" });
}

function tokenOf(files: Files): string {
  const bytes = [...files].find(([name]) => name.endsWith(signaturesFile))?.[1];
  if (!bytes) return refuse(`bundle missing ${signaturesFile} file`);
  const parsed = readJson(parseUtf8(bytes));
  const tokens = isObject(parsed) ? objectGet(parsed, "signatures") : undefined;
  const [token, ...others] = tokens !== undefined && isArray(tokens) ? tokens : [];
  if (typeof token !== "string") return refuse(`${signaturesFile}: missing JWT (expected exactly one)`);
  if (others.length > 0)
    return refuse(`${signaturesFile}: multiple JWTs not supported (expected exactly one)`);
  return token;
}

/** The algorithm is that of the key, whatever the token says. */
function verifiedPayload(token: string, key: BundleKey, crypto: RegoCrypto): AnyObject {
  const [head = "", body = "", signature = "", ...more] = token.split(".");
  if (more.length > 0 || signature === "") return refuse("the JWT is not three parts");
  const signed = utf8(`${head}.${body}`);
  const given = decoded(signature);
  const mac = macOf(key, signed);
  const isGood = mac ? equalBytes(mac, given) : crypto.verify(key.algorithm, key.bytes, given, signed);
  if (!isGood) return refuse("failed to verify JWT signature");
  const payload = readJson(parseUtf8(decoded(body)));
  return isObject(payload) ? payload : refuse("the JWT holds no object");
}

function listedHashes(payload: AnyObject): Map<string, string> {
  const files = objectGet(payload, "files") ?? [];
  const listed = new Map<string, string>();
  for (const file of isArray(files) ? files : []) {
    const [name, hash, algorithm] = isObject(file)
      ? ["name", "hash", "algorithm"].map((member) => objectGet(file, member))
      : [];
    if (typeof name !== "string" || typeof hash !== "string")
      return refuse("a file of the JWT has no name or hash");
    if (algorithm !== "SHA-256")
      return refuse(`unsupported hashing algorithm: ${writeJson(algorithm ?? null)}`);
    listed.set(name, hash.toLowerCase());
  }
  return listed;
}

/** The hash of a data file is that of its value, names in order and without spaces; of others that of the bytes. */
function fileHash(name: string, bytes: Uint8Array): string {
  const isStructured = /(?:^|\/)(?:data\.json|data\.yaml|\.manifest)$/.test(name);
  if (!isStructured) return toHex(sha256(bytes));
  const kind = name.endsWith(".yaml") ? name : `${name}.json`;
  return toHex(sha256(utf8(writeJson(parseDataFile(kind, parseUtf8(bytes))))));
}

const macs = { HS256: sha256, HS384: sha384, HS512: sha512 } as const;

/** The HMAC of bytes; undefined for a key of public cryptography. */
function macOf({ algorithm, bytes: secret }: BundleKey, bytes: Uint8Array): Uint8Array | undefined {
  if (!Object.hasOwn(macs, algorithm)) return undefined;
  return hmac(macs[algorithm as keyof typeof macs], secret, bytes);
}

function base64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes, "url").replace(/=+$/, "");
}

function decoded(text: string): Uint8Array {
  try {
    return decodeBase64Url(text);
  } catch (error) {
    if (error instanceof BuiltinError) return refuse(`the JWT is not base64url: ${error.message}`);
    throw error;
  }
}
