import * as v from "valibot";

import { missing, text } from "./options.ts";

/** A key that bundles may be signed with. */
export interface KeyConfig {
  readonly id: string;
  /** A public key in PEM, or a secret for HMAC. */
  readonly key: string;
  /** RFC 7518 §3.1: `RS256`. */
  readonly algorithm: string;
  /** The scope that its signatures must have, where a bundle does not say another. */
  readonly scope: string;
}

/** What the signature of a bundle must be. */
export interface SigningConfig {
  /** The one key that counts; any of the configured ones where it is undefined. */
  readonly keyId: string | undefined;
  readonly scope: string;
  /** Files that need not be signed. */
  readonly exclude: readonly string[];
}

export const keySchema = v.strictObject({
  key: v.pipe(text, v.minLength(1, "holds nothing")),
  private_key: missing("this server signs nothing"),
  algorithm: v.optional(
    v.pipe(text, v.regex(/^(?:[RPE]S|HS)(?:256|384|512)$/, "is no algorithm of signatures")),
    "RS256",
  ),
  scope: v.optional(text, ""),
});

export const signingSchema = v.optional(
  v.strictObject({
    keyid: v.optional(text, ""),
    scope: v.optional(text, ""),
    exclude_files: v.optional(v.array(text), []),
  }),
);

/** Undefined where nothing is configured that a signature could be held against. */
export function readSigning(
  given: v.InferOutput<typeof signingSchema>,
  keyIds: readonly string[],
): SigningConfig | undefined {
  if (!given && keyIds.length === 0) return undefined;
  const { keyid = "", scope = "", exclude_files: exclude = [] } = given ?? {};
  return { keyId: keyid === "" ? undefined : keyid, scope, exclude };
}
