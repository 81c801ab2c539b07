import { derOid, derTags, DerReader } from "custody/ground";
import type { DerValue } from "custody/ground";

import { stringOfBytes } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";

/** Attributes of a name (RFC 5280 §4.1.2.4) that have a field of their own, by the last arc under 2.5.4. */
const fields: Readonly<Record<string, string>> = {
  "6": "Country",
  "7": "Locality",
  "8": "Province",
  "9": "StreetAddress",
  "10": "Organization",
  "11": "OrganizationalUnit",
  "17": "PostalCode",
};

/** A name as Go's `pkix.Name`. */
export function nameValue(name: DerValue): RegoValue {
  const attributes = new DerReader(name.content).rest().flatMap((set) => new DerReader(set.content).rest());
  const found = attributes.map(attributeOf);
  const lists = Object.entries(fields).map(([arc, field]) => {
    const values = found.filter(({ oid }) => oid === `2.5.4.${arc}`).map(({ value }) => value);
    return [field, values.length > 0 ? values : null] as const;
  });
  const last = (oid: string): RegoValue => found.findLast((attribute) => attribute.oid === oid)?.value ?? "";
  return {
    ...Object.fromEntries(lists),
    CommonName: last("2.5.4.3"),
    SerialNumber: last("2.5.4.5"),
    Names: found.length > 0 ? found.map(({ oid, value }) => ({ Type: arcs(oid), Value: value })) : null,
    ExtraNames: null,
  };
}

interface Attribute {
  readonly oid: string;
  readonly value: string;
}

function attributeOf({ content }: DerValue): Attribute {
  const reader = new DerReader(content);
  const oid = derOid(reader.read(derTags.oid));
  return { oid, value: textOf(reader.next()) };
}

const bmpString = 0x1e;

function textOf({ tag, content }: DerValue): string {
  if (tag !== bmpString) return stringOfBytes(content);
  const units = Array.from({ length: content.length / 2 }, (_, i) =>
    String.fromCharCode(((content[2 * i] ?? 0) << 8) | (content[2 * i + 1] ?? 0)),
  );
  return units.join("");
}

/** An OBJECT IDENTIFIER as Go writes one in JSON. */
export function arcs(oid: string): RegoValue {
  return oid.split(".").map(Number);
}
