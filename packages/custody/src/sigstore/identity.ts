import type { Certificate } from "custody/evidence";
import type { DerValue } from "custody/ground";
import { DerReader, derOid, derTags, parseUtf8 } from "custody/ground";

import { attempt } from "./reasons.ts";

/** Who a certificate says signed, and who vouched for that. */
export interface SignerIdentity {
  readonly identity: string;
  readonly issuer: string;
}

const subjectAltNameOid = "2.5.29.17";
/** Fulcio's name for identities that are neither mail addresses nor URIs, and its issuer extension before the second. */
const fulcioUsernameOid = "1.3.6.1.4.1.57264.1.7";
const fulcioIssuerV1Oid = "1.3.6.1.4.1.57264.1.1";
/** GeneralName (RFC 5280 §4.2.1.6): mail address, DNS name, URI; and otherName. */
const textTags: ReadonlySet<number> = new Set([0x81, 0x82, 0x86]);
const otherNameTag = 0xa0;
const explicit0 = 0xa0;

/** The one subject alternative name of a certificate as text; undefined for none, several, or one of another kind. */
export function findIdentity({ extensions }: Certificate): string | undefined {
  const extension = extensions.get(subjectAltNameOid);
  const names = extension && attempt(() => new DerReader(extension).enter(derTags.sequence).rest());
  const [name, second] = names ?? [];
  return name && !second ? attempt(() => textOf(name)) : undefined;
}

function textOf({ tag, content }: DerValue): string | undefined {
  if (textTags.has(tag)) return parseUtf8(content);
  if (tag !== otherNameTag) return undefined;
  const other = new DerReader(content);
  if (derOid(other.read(derTags.oid)) !== fulcioUsernameOid) return undefined;
  const value = other.enter(explicit0);
  other.end();
  const text = parseUtf8(value.read(derTags.utf8String).content);
  value.end();
  return text;
}

/** Who vouched: Fulcio's issuer extension, second form or first; undefined for none, or two that differ. */
export function findIssuer({ oidcIssuer, extensions }: Certificate): string | undefined {
  const raw = extensions.get(fulcioIssuerV1Oid);
  const first = raw && attempt(() => parseUtf8(raw));
  if (oidcIssuer !== undefined && first !== undefined && oidcIssuer !== first) return undefined;
  return oidcIssuer ?? first;
}
