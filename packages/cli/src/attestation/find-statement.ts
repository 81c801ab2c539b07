import { parseEnvelope } from "custody/dsse";
import type { EnvelopeSignature } from "custody/dsse";
import { inTotoPayloadType, parseStatement } from "custody/evidence";
import type { Statement } from "custody/evidence";
import { CustodyError, parseJson } from "custody/ground";
import type { Bytes, Json } from "custody/ground";

/** A statement as it lies in a file. Nobody's signature was checked: it says what somebody wrote there. */
export interface FoundStatement {
  readonly form: "Sigstore bundle" | "DSSE envelope" | "bare statement";
  readonly signatures: readonly EnvelopeSignature[];
  readonly statement: Statement;
}

const maxFileBytes = 64 * 1024 * 1024;

/**
 * Finds the statement in a bundle, in an envelope, or by itself.
 *
 * @throws CustodyError `cli/no-statement`, `dsse/envelope`, `evidence/statement`, `json/…`.
 */
export function findStatement(bytes: Bytes): FoundStatement {
  const value = parseJson(bytes, { sizeBytes: maxFileBytes });
  const members: Readonly<Record<string, Json>> =
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, Json>)
      : {};
  const { dsseEnvelope, payloadType, predicateType } = members;
  if (dsseEnvelope !== undefined) return inEnvelope("Sigstore bundle", dsseEnvelope);
  if (payloadType !== undefined) return inEnvelope("DSSE envelope", value);
  if (predicateType === undefined)
    throw noStatement("it is no bundle with an envelope, no envelope and no statement");
  return { form: "bare statement", signatures: [], statement: parseStatement(bytes) };
}

function inEnvelope(form: FoundStatement["form"], value: Json): FoundStatement {
  const { payloadType, payload, signatures } = parseEnvelope(value);
  if (payloadType !== inTotoPayloadType) throw noStatement(`its payload is "${payloadType.slice(0, 200)}"`);
  return { form, signatures, statement: parseStatement(payload) };
}

function noStatement(why: string): CustodyError<"cli/no-statement"> {
  return new CustodyError("cli/no-statement", `there is no in-toto statement: ${why}`, {
    next: "give a Sigstore bundle, a DSSE envelope or an in-toto statement, as JSON",
  });
}
