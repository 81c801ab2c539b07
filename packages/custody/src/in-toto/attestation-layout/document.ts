import { parseEnvelope, preAuthEncode } from "custody/dsse";
import { inTotoPayloadType } from "custody/evidence";
import type { Bytes } from "custody/ground";
import { parseJson, parseUtf8 } from "custody/ground";
import { parseDocument } from "yaml";

import { inTotoFault } from "../faults.ts";

/** An attestation layout as it came: a plain document (YAML, JSON), or signed in a DSSE envelope. */
export interface LayoutDocument {
  readonly value: unknown;
  /** What was signed; undefined where the document is plain. */
  readonly signed: { readonly covered: Bytes; readonly signatures: readonly Bytes[] } | undefined;
}

const maxBytes = 1024 * 1024;

/**
 * The attestation layout of a file, or undefined for what is none: one has functionaries, where a layout of the specification's
 * own form has keys.
 *
 * @throws CustodyError `dsse/envelope`, `json/…`, `in-toto/metadata`.
 */
export function findLayoutDocument(bytes: Uint8Array): LayoutDocument | undefined {
  const json = findJson(bytes);
  const value = json ?? readYaml(bytes);
  if (json !== undefined && has(json, "payloadType")) return findSigned(json);
  return has(value, "functionaries") ? { value, signed: undefined } : undefined;
}

function findSigned(envelope: unknown): LayoutDocument | undefined {
  const { payloadType, payload, signatures } = parseEnvelope(envelope);
  if (payloadType !== inTotoPayloadType) return undefined;
  const value = parseJson(payload, { sizeBytes: maxBytes });
  if (!has(value, "functionaries")) return undefined;
  const covered = preAuthEncode(payloadType, payload);
  return { value, signed: { covered, signatures: signatures.map(({ sig }) => sig) } };
}

/** What begins as an object of JSON is held to JSON's rules. */
function findJson(bytes: Uint8Array): unknown {
  const first = bytes.find((byte) => byte > 0x20);
  return first === 0x7b ? parseJson(bytes, { sizeBytes: 16 * maxBytes }) : undefined;
}

function readYaml(bytes: Uint8Array): unknown {
  if (bytes.length > maxBytes) throw inTotoFault("in-toto/metadata", "the layout is larger than 1 MiB");
  const document = parseDocument(parseUtf8(bytes), { uniqueKeys: true, version: "1.2", schema: "core" });
  const [error] = document.errors;
  if (error)
    throw inTotoFault("in-toto/metadata", `the layout is no YAML: ${error.message.split("\n")[0] ?? ""}`);
  return document.toJS({ maxAliasCount: 0 }) as unknown;
}

function has(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key);
}
