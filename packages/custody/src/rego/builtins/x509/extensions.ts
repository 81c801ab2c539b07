import {
  derBitString,
  derBoolean,
  derOid,
  DerReader,
  derSmallInteger,
  derTags,
  readDer,
  toBase64,
  toHex,
} from "custody/ground";
import type { Bytes, DerValue } from "custody/ground";

import { stringOfBytes } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { addressText, unmap } from "../net/address.ts";
import { parseReference } from "../uri/reference.ts";
import { arcs } from "./names.ts";

/** An extension of a certificate (RFC 5280 §4.2). */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Bytes;
}

/** @param list Extensions. */
export function parseExtensions(list: DerReader): readonly Extension[] {
  return list.rest().map(({ content }) => {
    const reader = new DerReader(content);
    const oid = derOid(reader.read(derTags.oid));
    const critical = reader.find(derTags.boolean);
    return {
      oid,
      critical: critical ? derBoolean(critical) : false,
      value: reader.read(derTags.octetString).content,
    };
  });
}

/** As Go shows them; null for none. */
export function extensionList(extensions: readonly Extension[]): RegoValue {
  if (extensions.length === 0) return null;
  return extensions.map(({ oid, critical, value }) => ({
    Id: arcs(oid),
    Critical: critical,
    Value: toBase64(value),
  }));
}

export interface AlternativeNames {
  readonly DNSNames: RegoValue;
  readonly EmailAddresses: RegoValue;
  readonly IPAddresses: RegoValue;
  readonly URIs: RegoValue;
  readonly uris: readonly string[];
}

/** Names by their context tags (RFC 5280 §4.2.1.6). */
const nameTags = { email: 0x81, dns: 0x82, uri: 0x86, address: 0x87 };

export function alternativeNames(extensions: readonly Extension[]): AlternativeNames {
  const value = find(extensions, "2.5.29.17");
  const names = value ? readDer(value, derTags.sequence).rest() : [];
  const of = (tag: number): readonly DerValue[] => names.filter((name) => name.tag === tag);
  const texts = (tag: number): readonly string[] => of(tag).map(({ content }) => stringOfBytes(content));
  const uris = texts(nameTags.uri);
  return {
    DNSNames: orNull(texts(nameTags.dns)),
    EmailAddresses: orNull(texts(nameTags.email)),
    IPAddresses: orNull(of(nameTags.address).map(({ content }) => addressOf(content))),
    URIs: orNull(uris.map(uriValue)),
    uris,
  };
}

function addressOf(bytes: Bytes): string {
  const value = BigInt(`0x${toHex(bytes) || "0"}`);
  return addressText(bytes.length === 4 ? { version: 4, value } : unmap(value));
}

/** Go's `url.URL`. */
function uriValue(text: string): RegoValue {
  const { scheme, host, path, rawPath, rawQuery, fragment } = parseReference(text);
  return {
    Scheme: scheme,
    Opaque: "",
    User: null,
    Host: host,
    Path: path,
    RawPath: rawPath,
    OmitHost: false,
    ForceQuery: false,
    RawQuery: rawQuery,
    Fragment: fragment,
    RawFragment: "",
  };
}

/** Extended key usages by their place in Go's list (RFC 5280 §4.2.1.12). */
const usages = (
  "2.5.29.37.0 1.3.6.1.5.5.7.3.1 1.3.6.1.5.5.7.3.2 1.3.6.1.5.5.7.3.3 1.3.6.1.5.5.7.3.4 1.3.6.1.5.5.7.3.5 " +
  "1.3.6.1.5.5.7.3.6 1.3.6.1.5.5.7.3.7 1.3.6.1.5.5.7.3.8 1.3.6.1.5.5.7.3.9 1.3.6.1.4.1.311.10.3.3 " +
  "2.16.840.1.113730.4.1 1.3.6.1.4.1.311.2.1.22 1.3.6.1.4.1.311.61.1.1"
).split(" ");

/** Go's numbers of the usages, and those that have none. */
export function extendedUsages(extensions: readonly Extension[]): {
  readonly known: readonly number[];
  readonly unknown: readonly string[];
} {
  const value = find(extensions, "2.5.29.37");
  const oids = value ? readDer(value, derTags.sequence).rest().map(derOid) : [];
  return {
    known: oids.map((oid) => usages.indexOf(oid)).filter((number) => number >= 0),
    unknown: oids.filter((oid) => !usages.includes(oid)),
  };
}

/** Bit i stands for the i-th usage (RFC 5280 §4.2.1.3). */
export function keyUsage(extensions: readonly Extension[]): number {
  const value = find(extensions, "2.5.29.15");
  if (!value) return 0;
  const { bytes } = derBitString(new DerReader(value).read(derTags.bitString));
  const bits = Array.from({ length: 9 }, (_, i) => ((bytes[i >> 3] ?? 0) >> (7 - (i & 7))) & 1);
  return bits.reduce((usage, bit, i) => usage | (bit << i), 0);
}

export interface BasicConstraints {
  readonly valid: boolean;
  readonly isCa: boolean;
  /** -1 when there is none. */
  readonly maxPathLength: number;
}

export function basicConstraints(extensions: readonly Extension[]): BasicConstraints {
  const value = find(extensions, "2.5.29.19");
  if (!value) return { valid: false, isCa: false, maxPathLength: 0 };
  const reader = readDer(value, derTags.sequence);
  const isCa = reader.find(derTags.boolean);
  const length = reader.find(derTags.integer);
  return {
    valid: true,
    isCa: isCa ? derBoolean(isCa) : false,
    maxPathLength: length ? derSmallInteger(length) : -1,
  };
}

export function subjectKeyId(extensions: readonly Extension[]): RegoValue {
  const value = find(extensions, "2.5.29.14");
  return value ? toBase64(new DerReader(value).read(derTags.octetString).content) : null;
}

export function authorityKeyId(extensions: readonly Extension[]): RegoValue {
  const value = find(extensions, "2.5.29.35");
  const id = value && readDer(value, derTags.sequence).find(0x80);
  return id ? toBase64(id.content) : null;
}

/** Where revocation lists are (RFC 5280 §4.2.1.13). */
export function distributionPoints(extensions: readonly Extension[]): RegoValue {
  const value = find(extensions, "2.5.29.31");
  const points = value ? readDer(value, derTags.sequence).rest() : [];
  return orNull(
    points.flatMap(({ content }) => {
      const name = new DerReader(content).find(0xa0);
      const full = name && new DerReader(name.content).find(0xa0);
      return full ? new DerReader(full.content).rest().filter(isUri).map(textOf) : [];
    }),
  );
}

/** Locations by access method (RFC 5280 §4.2.2.1). */
export function authorityAccess(extensions: readonly Extension[], method: "ocsp" | "issuer"): RegoValue {
  const value = find(extensions, "1.3.6.1.5.5.7.1.1");
  const wanted = method === "ocsp" ? "1.3.6.1.5.5.7.48.1" : "1.3.6.1.5.5.7.48.2";
  const places = value ? readDer(value, derTags.sequence).rest() : [];
  return orNull(
    places.flatMap(({ content }) => {
      const reader = new DerReader(content);
      const oid = derOid(reader.read(derTags.oid));
      return oid === wanted ? reader.rest().filter(isUri).map(textOf) : [];
    }),
  );
}

export function policyOids(extensions: readonly Extension[]): readonly string[] {
  const value = find(extensions, "2.5.29.32");
  const policies = value ? readDer(value, derTags.sequence).rest() : [];
  return policies.map(({ content }) => derOid(new DerReader(content).read(derTags.oid)));
}

/** Extensions that are understood here, so that they may be critical. */
const handled = new Set("14 15 17 19 31 32 35 37".split(" ").map((arc) => `2.5.29.${arc}`));

export function unhandledCritical(extensions: readonly Extension[]): readonly string[] {
  return extensions.filter(({ oid, critical }) => critical && !handled.has(oid)).map(({ oid }) => oid);
}

function isUri({ tag }: DerValue): boolean {
  return tag === nameTags.uri;
}

function textOf({ content }: DerValue): string {
  return stringOfBytes(content);
}

function find(extensions: readonly Extension[], oid: string): Bytes | undefined {
  return extensions.find((extension) => extension.oid === oid)?.value;
}

/** Go's empty slices show as null. */
export function orNull(list: readonly RegoValue[]): RegoValue {
  return list.length > 0 ? list : null;
}
