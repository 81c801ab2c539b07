import { findAttestationType, findHandOff, renderStatement, shortText } from "custody/evidence";
import type { AttestationType, HandOff, ResourceDescriptor, Statement } from "custody/evidence";
import { CustodyError } from "custody/ground";

import type { Call } from "../commands/call.ts";
import { getArgument } from "../commands/call.ts";
import { readFileBytes } from "../commands/read-file.ts";
import { exitCodes } from "../output.ts";
import type { FoundStatement } from "./find-statement.ts";
import { findStatement } from "./find-statement.ts";

const maxFileBytes = 64 * 1024 * 1024;
const maxShown = 20;
const maxNameLength = 200;

/** `custody attestation show`: what an attestation says, in words; it verifies nothing, and says so. */
export async function showAttestation(call: Call): Promise<number> {
  const found = findStatement(await readFileBytes(getArgument(call, 0), maxFileBytes));
  const { statement } = found;
  const type = findAttestationType(statement.predicateType);
  const malformed = type && findMalformation(type, statement);
  const facts = type && findHandOff(type, statement);
  const result = {
    verified: false,
    form: found.form,
    predicateType: statement.predicateType,
    type: type?.name ?? null,
    rendering: renderStatement(statement),
    subject: statement.subject,
    ...(facts && { facts }),
    ...(malformed !== undefined && { malformed }),
    predicate: statement.predicate,
  };
  call.output.result(result, linesOf(found, { type, facts, malformed }));
  return malformed === undefined ? exitCodes.yes : exitCodes.refused;
}

function findMalformation(type: AttestationType<never>, { predicate }: Statement): string | undefined {
  try {
    type.parse(predicate);
    return undefined;
  } catch (error) {
    if (error instanceof CustodyError) return error.message;
    throw error;
  }
}

interface Reading {
  readonly type: AttestationType<never> | undefined;
  readonly facts: HandOff | undefined;
  readonly malformed: string | undefined;
}

function linesOf(
  { form, signatures, statement }: FoundStatement,
  { type, facts, malformed }: Reading,
): string[] {
  const isSigned = form !== "bare statement";
  const warning = isSigned ? `its ${signatures.length} signatures were not checked` : "nobody signed it";
  return [
    `UNVERIFIED ${form}: ${warning}`,
    `says: ${renderStatement(statement)}`,
    `type: ${shortText(statement.predicateType, maxNameLength)} (${type?.name ?? "not known"})`,
    ...(malformed === undefined ? [] : [`malformed: ${shortText(malformed, 400)}`]),
    ...artifactLines("subject", statement.subject),
    ...(facts ? factLines(facts) : []),
  ];
}

function factLines({ step, materials, products, weakened, commit }: HandOff): string[] {
  return [
    ...(step === undefined ? [] : [`step: ${shortText(step, maxNameLength)}`]),
    ...(commit ? [`commit: ${shortText(commit.id)} of ${shortText(commit.repository, maxNameLength)}`] : []),
    ...artifactLines("material", materials),
    ...artifactLines("product", products),
    ...weakened.map((one) => `not whole: ${shortText(one, maxNameLength)}`),
  ];
}

function artifactLines(word: string, artifacts: readonly ResourceDescriptor[]): string[] {
  const lines = artifacts.slice(0, maxShown).map((one) => `${word}: ${artifactText(one)}`);
  const more = artifacts.length - lines.length;
  return more > 0 ? [...lines, `… and ${more} more`] : lines;
}

function artifactText({ name, digest }: ResourceDescriptor): string {
  const digests = Object.entries(digest).map(
    ([algorithm, hex]) => `${shortText(algorithm)}:${shortText(hex, 128)}`,
  );
  return [shortText(name, maxNameLength), ...digests].filter((word) => word !== "").join(" ");
}
