import { CustodyError } from "custody/ground";

import { shortText } from "./attestation-type.ts";
import type { Statement } from "./statement.ts";
import { findAttestationType } from "./types/index.ts";

const maxLineLength = 400;

/**
 * What a statement says, in one line of bounded length that steers no terminal: in its type's words where the type is known
 * and the predicate has its shape, else by its type alone.
 */
export function renderStatement(statement: Statement): string {
  return shortText(findRendering(statement) ?? plainRendering(statement), maxLineLength);
}

function findRendering({ predicateType, subject, predicate }: Statement): string | undefined {
  const type = findAttestationType(predicateType);
  try {
    return type?.render(subject, type.parse(predicate));
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

function plainRendering({ predicateType, subject: [first] }: Statement): string {
  return `${shortText(predicateType, 200)} about ${shortText(first?.name ?? "")}`;
}
