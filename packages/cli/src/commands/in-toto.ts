import { readFile } from "node:fs/promises";

import { nodeCrypto } from "@custody/node/crypto";
import { openInspector, openLinkFolder } from "@custody/node/in-toto";
import type { InspectionPlace } from "@custody/node/in-toto";
import { CustodyError, exitCodeOf, instantOf } from "custody/ground";
import type { Verdict } from "custody/ground";
import { parsePublicKeyPem, verifyLayout } from "custody/in-toto";
import type { LayoutQuestion, VerifiedSupplyChain } from "custody/in-toto";

import type { Call } from "./call.ts";

export interface InTotoVerifyOptions {
  readonly layout: string;
  readonly keys: readonly string[];
  readonly links: string;
  readonly directory: string;
  readonly inspections: InspectionPlace | "refuse";
  readonly parameter: readonly string[];
  readonly inspectionTimeout: number;
}

/** `custody in-toto verify`: a final product's supply chain against its layout. */
export async function verifyInToto({ options, output }: Call<InTotoVerifyOptions>): Promise<number> {
  const keys = await Promise.all(options.keys.map(async (path) => parsePublicKeyPem(await readText(path))));
  const question: LayoutQuestion = {
    layout: new Uint8Array(await readBytes(options.layout)),
    keys,
    links: openLinkFolder(options.links),
    at: instantOf(Date.now()),
    parameters: Object.fromEntries(options.parameter.map(parseParameter)),
  };
  const verdict = await decide(question, options);
  output.result(resultOf(verdict), linesOf(verdict));
  return exitCodeOf(verdict);
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
