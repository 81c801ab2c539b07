import { readFile } from "node:fs/promises";

import { nodeCrypto } from "@custody/node/crypto";
import { openAttestationFolder, openInspector, openLinkFolder } from "@custody/node/in-toto";
import type { InspectionPlace } from "@custody/node/in-toto";
import { CustodyError, exitCodeOf, instantOf } from "custody/ground";
import type { Verdict } from "custody/ground";
import {
  findLayoutDocument,
  parsePublicKeyPem,
  verifyAttestationLayout,
  verifyLayout,
} from "custody/in-toto";
import type { LayoutDocument, LayoutQuestion, VerifiedSupplyChain } from "custody/in-toto";

import type { Call } from "./call.ts";

export interface InTotoVerifyOptions {
  readonly layout: string;
  /** Whose signatures the layout must have; only a plain attestation layout has none. */
  readonly keys?: readonly string[];
  readonly links: string;
  readonly directory: string;
  readonly inspections: InspectionPlace | "refuse";
  readonly parameter: readonly string[];
  readonly inspectionTimeout: number;
}

/** `custody in-toto verify`: a final product's supply chain against its layout, of either form. */
export async function verifyInToto({ options, output }: Call<InTotoVerifyOptions>): Promise<number> {
  const layout = new Uint8Array(await readBytes(options.layout));
  const document = findLayoutDocument(layout);
  const verdict = await (document ? decideAttestations(document, options) : decideLinks(layout, options));
  output.result(resultOf(verdict), linesOf(verdict));
  return exitCodeOf(verdict);
}

async function decideAttestations(
  document: LayoutDocument,
  options: InTotoVerifyOptions,
): Promise<Verdict<VerifiedSupplyChain>> {
  return verifyAttestationLayout(nodeCrypto, {
    document,
    keys: await readKeys(options),
    attestations: openAttestationFolder(options.links),
    at: instantOf(Date.now()),
    parameters: readParameters(options),
  });
}

async function decideLinks(
  layout: Uint8Array,
  options: InTotoVerifyOptions,
): Promise<Verdict<VerifiedSupplyChain>> {
  const keys = await readKeys(options);
  if (keys.length === 0)
    throw new CustodyError("cli/usage", "say who must have signed the layout", { next: "give --keys" });
  const question: LayoutQuestion = {
    layout,
    keys,
    links: openLinkFolder(options.links),
    at: instantOf(Date.now()),
    parameters: readParameters(options),
  };
  return decide(question, options);
}

async function readKeys({ keys = [] }: InTotoVerifyOptions): Promise<LayoutQuestion["keys"]> {
  return Promise.all(keys.map(async (path) => parsePublicKeyPem(await readText(path))));
}

function readParameters({ parameter }: InTotoVerifyOptions): Readonly<Record<string, string>> {
  return Object.fromEntries(parameter.map(parseParameter));
}

async function decide(
  question: LayoutQuestion,
  { inspections: place, directory, inspectionTimeout: timeoutSeconds }: InTotoVerifyOptions,
): Promise<Verdict<VerifiedSupplyChain>> {
  if (place === "refuse") return verifyLayout(nodeCrypto, question);
  await using inspector = await openInspector({ directory, place, timeoutSeconds });
  return await verifyLayout(nodeCrypto, { ...question, inspector });
}

function parseParameter(word: string): [name: string, value: string] {
  const [, name, value] = /^([A-Za-z0-9_-]+)=([\s\S]*)$/.exec(word) ?? [];
  if (name === undefined || value === undefined)
    throw new CustodyError("cli/usage", `"${word}" is not NAME=VALUE`, { subject: word });
  return [name, value];
}

function resultOf(verdict: Verdict<VerifiedSupplyChain>): object {
  return verdict.kind === "allowed"
    ? { verdict: "allowed", ...verdict.facts }
    : { verdict: verdict.kind, reasons: verdict.reasons };
}

function linesOf(verdict: Verdict<VerifiedSupplyChain>): string[] {
  if (verdict.kind === "allowed") {
    const { steps, warnings } = verdict.facts;
    return [
      `the supply chain follows its layout: ${steps.map(({ name }) => name).join(" → ")}`,
      ...warnings.map((warning) => `  warning: ${warning}`),
    ];
  }
  const how = verdict.kind === "refused" ? "refused" : "could not decide";
  return [how, ...verdict.reasons.map(({ code, subject, message }) => `  ${code} (${subject}): ${message}`)];
}

async function readText(path: string): Promise<string> {
  return (await readBytes(path)).toString("utf8");
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new CustodyError("cli/read", `${path} cannot be read`, { subject: path, cause });
  }
}
