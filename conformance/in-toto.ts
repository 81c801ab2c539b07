import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findTestTools } from "@custody/node/host";
import { CustodyError } from "custody/ground";

import { verifyInToto } from "../packages/cli/src/commands/in-toto.ts";
import type { InTotoVerifyOptions } from "../packages/cli/src/commands/in-toto.ts";
import { makeSigner, signEnvelope, signMetablock } from "../packages/custody/src/in-toto/in-toto.testing.ts";
import type { TestSigner } from "../packages/custody/src/in-toto/in-toto.testing.ts";
import type { VectorOutcome } from "./vector-outcome.ts";

/** A question over a copy of a folder of the reference's test data, and whether the reference says yes to it. */
interface InTotoCase {
  readonly name: string;
  readonly isWanted: boolean;
  readonly layout: string;
  readonly keys: readonly string[];
  readonly inspections?: InTotoVerifyOptions["inspections"];
  /** What is different in the copy. */
  readonly prepare?: (folder: string) => void;
}

const keyFiles = ["alice.pub", "carol.pub", "dan.pub", "erin.pub", "frank.pub", "grace.pub", "heidi.pub"];
const ownerFile = "owner-of-the-run.pub";

/** Runs what can be asked over the reference implementations' test data, through the command's own function. */
export async function runInTotoCases(directory: string): Promise<readonly VectorOutcome[]> {
  const outcomes: VectorOutcome[] = [];
  for (const one of listCases(directory)) outcomes.push(await runCase(directory, one));
  return outcomes;
}

function listCases(directory: string): readonly InTotoCase[] {
  const has = (file: string): boolean => existsSync(join(directory, file));
  const signed = ["demo.layout", "demo.dsse.layout", "dsse-only.root.layout"]
    .filter(has)
    .flatMap(signedCases);
  return has("demo.layout.template") ? [...signed, ...templateCases(directory)] : signed;
}

/** A layout that alice signed, in force: as it is, for other owners, and with each of its links gone or changed. */
function signedCases(layout: string): readonly InTotoCase[] {
  const good: InTotoCase = { name: layout, isWanted: true, layout, keys: ["alice.pub"] };
  const links = layout.startsWith("dsse-only")
    ? ["clone-dsse.776a00e2.link", "update-version-dsse.776a00e2.link", "package-dsse.2f89b927.link"]
    : ["write-code.b7d643de.link", "package.d3ffd108.link"];
  return [
    good,
    ...keyFiles
      .slice(1)
      .map((key) => ({ ...good, name: `${layout} by ${key}`, isWanted: false, keys: [key] })),
    { ...good, name: `${layout} by two owners`, isWanted: false, keys: ["alice.pub", "dan.pub"] },
    ...links.flatMap((link) => spoiltCases(good, link)),
    spoilt(good, "changed", (folder) => change(join(folder, layout), flipSignature)),
  ];
}

function spoiltCases(good: InTotoCase, link: string): readonly InTotoCase[] {
  return [
    spoilt(good, `without ${link}`, (folder) => rmSync(join(folder, link))),
    spoilt(good, `${link} changed`, (folder) => change(join(folder, link), flipSignature)),
  ];
}

function spoilt(good: InTotoCase, how: string, spoil: (folder: string) => void): InTotoCase {
  const prepare = (folder: string): void => {
    good.prepare?.(folder);
    spoil(folder);
  };
  return { ...good, name: `${good.name}, ${how}`, isWanted: false, prepare };
}

/** The demo's layout, which comes unsigned: an owner made for the run signs it, in each form. */
function templateCases(directory: string): readonly InTotoCase[] {
  const links = readdirSync(directory).filter((file) => file.endsWith(".link"));
  return [signMetablock, signEnvelope].flatMap((sign) => {
    const layout = `${sign.name}.layout`;
    const prepare =
      (change: object, owner = makeSigner("owner")) =>
      (folder: string) =>
        writeTemplate(folder, { layout, change, sign, owner });
    const good: InTotoCase = {
      name: `demo.layout.template, ${sign.name}`,
      isWanted: true,
      layout,
      keys: [ownerFile],
      inspections: "refuse",
      prepare: prepare({ expires: "2100-01-01T00:00:00Z", inspect: [] }),
    };
    return [
      good,
      ...links.flatMap((link) => spoiltCases(good, link)),
      { ...good, name: `${good.name}, by another`, isWanted: false, keys: ["alice.pub"] },
      {
        ...good,
        name: `${good.name}, expired`,
        isWanted: false,
        prepare: prepare({ expires: "2020-01-01T00:00:00Z" }),
      },
      {
        ...good,
        name: `${good.name}, not inspected`,
        isWanted: false,
        prepare: prepare({ expires: "2100-01-01T00:00:00Z" }),
      },
    ];
  });
}

interface Template {
  readonly layout: string;
  readonly change: object;
  readonly sign: typeof signMetablock;
  readonly owner: TestSigner;
}

function writeTemplate(folder: string, { layout, change: changed, sign, owner }: Template): void {
  const { signed, payload } = JSON.parse(readFileSync(join(folder, "demo.layout.template"), "utf8")) as {
    signed?: object;
    payload?: string;
  };
  const template = signed ?? (JSON.parse(Buffer.from(payload ?? "", "base64").toString()) as object);
  writeFileSync(join(folder, layout), sign({ ...template, ...changed }, owner));
  const pem = Buffer.from(owner.publicKey.spki).toString("base64");
  writeFileSync(join(folder, ownerFile), `-----BEGIN PUBLIC KEY-----\n${pem}\n-----END PUBLIC KEY-----\n`);
}

function change(path: string, by: (text: string) => string): void {
  const [before, after] = [readFileSync(path, "utf8"), by(readFileSync(path, "utf8"))];
  if (before === after) throw new Error(`${path} did not change`);
  writeFileSync(path, after);
}

/** Another character in the middle of every signature. */
function flipSignature(text: string): string {
  return text.replace(
    /("sig": *"[^"]{20})(.)/g,
    (_, head: string, one: string) => head + (one === "a" ? "b" : "a"),
  );
}

async function runCase(directory: string, one: InTotoCase): Promise<VectorOutcome> {
  const inspections = one.inspections ?? "sandbox";
  const bwrap = (await findTestTools()).find(({ name }) => name === "bwrap");
  if (inspections === "sandbox" && bwrap?.version === undefined)
    return { name: one.name, failure: undefined, skipped: "there is no bubblewrap to inspect in" };
  const folder = mkdtempSync(join(tmpdir(), "custody-in-toto-"));
  try {
    cpSync(directory, folder, { recursive: true });
    one.prepare?.(folder);
    const exitCode = await ask(folder, one, inspections);
    const isRight = one.isWanted ? exitCode === 0 : exitCode === 1 || exitCode === 2;
    return {
      name: one.name,
      failure: isRight ? undefined : `wanted ${one.isWanted ? "yes" : "no"}, got ${exitCode}`,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function ask(
  folder: string,
  { layout, keys }: InTotoCase,
  inspections: InTotoVerifyOptions["inspections"],
): Promise<number> {
  const options: InTotoVerifyOptions = {
    layout: join(folder, layout),
    keys: keys.map((key) => join(folder, key)),
    links: folder,
    directory: folder,
    inspections,
    parameter: [],
    inspectionTimeout: 60,
  };
  const output = { result: () => {}, progress: () => {}, event: () => {} };
  try {
    return await verifyInToto({ output, args: [], options });
  } catch (error) {
    // As the command's process does: what is thrown is "could not decide", a bug too, and a bug is no answer here.
    if (!(error instanceof CustodyError)) throw error;
    return 2;
  }
}
