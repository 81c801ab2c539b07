import { CustodyError } from "custody/ground";
import * as v from "valibot";

import type { ResourceDescriptor, Statement } from "./statement.ts";

/** What an attestation says of the chain: which hand-off it claims to be, what went in, what came out. */
export interface HandOff {
  /** The step it claims, or undefined where the type has no such notion. A claim chooses what is looked at; it decides nothing. */
  readonly step: string | undefined;
  readonly materials: readonly ResourceDescriptor[];
  readonly products: readonly ResourceDescriptor[];
  /** Protections that were off while the step ran; any entry refuses the hand-off. */
  readonly weakened: readonly string[];
  /** It vouches for the contrary: the step was done, and failed. */
  readonly failed?: boolean;
  /** The commit that it names; attestations of one chain name the same one. */
  readonly commit?: { readonly repository: string; readonly id: string } | undefined;
}

/** A kind of attestation: its URI, its shape, what it means for the chain, and how to say it in one line. */
export interface AttestationType<Predicate> {
  /** A short name for people and command lines. */
  readonly name: string;
  readonly predicateType: string;
  /** URIs under which it goes besides, each compared exactly. A layout's step counts only the one that it names. */
  readonly otherPredicateTypes?: readonly string[];
  /** The shape of a predicate, for those who describe it (JSON Schema); unknown fields are passed over. */
  readonly shape: v.GenericSchema;
  /** @throws CustodyError `evidence/predicate`. */
  parse(predicate: unknown): Predicate;
  handOff(subject: readonly ResourceDescriptor[], predicate: Predicate): HandOff;
  render(subject: readonly ResourceDescriptor[], predicate: Predicate): string;
}

/** Parses with a shape; unknown fields of a predicate are passed over (in-toto parsing rules, "monotonic"). */
export function predicateParser<const Schema extends v.GenericSchema>(
  name: string,
  shape: Schema,
): (predicate: unknown) => v.InferOutput<Schema> {
  return (predicate) => {
    const result = v.safeParse(shape, predicate);
    if (result.success) return result.output;
    const [issue] = result.issues;
    throw new CustodyError(
      "evidence/predicate",
      `not a ${name} predicate: ${v.getDotPath(issue) ?? "it"}: ${issue.message}`,
    );
  };
}

/** The hand-off of a statement read as that type, or undefined when its predicate does not have the type's shape. */
export function findHandOff<P>(
  type: AttestationType<P>,
  { subject, predicate }: Statement,
): HandOff | undefined {
  try {
    return type.handOff(subject, type.parse(predicate));
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

/** What is said about the subjects without any step being claimed: it explains artifacts, and can be no layout's evidence. */
export function observationOf(subject: readonly ResourceDescriptor[]): HandOff {
  return { step: undefined, materials: subject, products: [], weakened: [] };
}

/** A text of a stranger as part of one line: nothing that steers a terminal or begins another line, and not all of it. */
export function shortText(text: string, maxLength = 80): string {
  const head = text.slice(0, maxLength + 1);
  const harmless = head.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\ufffd");
  return text.length > maxLength ? `${harmless.slice(0, maxLength)}…` : harmless;
}

/** The types' common words for a digest: enough to recognise, not the whole. */
export function shortDigest(descriptor: ResourceDescriptor | undefined): string {
  const [algorithm, hex = ""] = Object.entries(descriptor?.digest ?? {})[0] ?? [];
  return algorithm === undefined ? "nothing" : `${algorithm}:${hex.slice(0, 12)}`;
}
