import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { hasErrno } from "@custody/node/files";

import { stemcellFault } from "./faults.ts";

/** One source of packages, as deb822 writes it: field names in lower case. */
export type AptSource = Readonly<Record<string, string>>;

const keyring = /debian-archive-/;

/**
 * The part of this host's own apt sources that is Debian's for a suite, its updates and security fixes included, as
 * deb822 text (sources.list(5)). Sources that another key than Debian's signs are left out.
 *
 * @throws CustodyError `stemcell/no-source` when the host has none for the suite.
 */
export async function readAptSources(suite: string, directory = "/etc/apt"): Promise<string> {
  const names = await listDirectory(join(directory, "sources.list.d"));
  const paths = ["sources.list", ...names.sort().map((name) => join("sources.list.d", name))];
  const sources: AptSource[] = [];
  for (const path of paths) sources.push(...parseSources(path, await readOrEmpty(join(directory, path))));
  const chosen = sources.flatMap((source) => chooseSuite(source, suite));
  if (chosen.length === 0) {
    throw stemcellFault("stemcell/no-source", `this host's apt sources have no Debian suite "${suite}"`, {
      subject: suite,
      next: "add the suite to /etc/apt/sources.list.d, or use a suite that is there",
    });
  }
  return chosen.map(formatSource).join("\n");
}

/** The sources in one file of apt's, in either of its formats; a file of neither kind has none. */
export function parseSources(path: string, text: string): AptSource[] {
  if (path.endsWith(".sources")) return text.split(/\n(?:[ \t]*\n)+/).map(parseStanza);
  return path.endsWith(".list") ? text.split("\n").flatMap(parseLine) : [];
}

function parseStanza(text: string): AptSource {
  const fields: Record<string, string> = {};
  let name = "";
  for (const line of text.split("\n").filter((line) => !line.startsWith("#"))) {
    const [, key, value = ""] = /^([A-Za-z-]+):\s*(.*)$/.exec(line) ?? [];
    if (key !== undefined) name = key.toLowerCase();
    if (key !== undefined) fields[name] = value.trim();
    else if (/^\s/.test(line) && name !== "") fields[name] = `${fields[name]}\n ${line.trim()}`.trim();
  }
  return fields;
}

function parseLine(line: string): AptSource[] {
  const [, options = "", rest = ""] =
    /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S.*)$/.exec(line.replace(/#.*/, "")) ?? [];
  const [uris, suites, ...components] = rest.trim().split(/\s+/);
  if (uris === undefined || suites === undefined || uris === "") return [];
  const signedBy = /signed-by=(\S+)/.exec(options)?.[1];
  const source = { types: "deb", uris, suites, components: components.join(" ") };
  return [signedBy === undefined ? source : { ...source, "signed-by": signedBy }];
}

function chooseSuite(source: AptSource, suite: string): AptSource[] {
  const wanted: ReadonlySet<string> = new Set([suite, `${suite}-updates`, `${suite}-security`]);
  const suites = words(source["suites"]).filter((name) => wanted.has(name));
  const isDebian = source["signed-by"] === undefined || keyring.test(source["signed-by"]);
  const isUsable = words(source["types"]).includes("deb") && words(source["components"]).includes("main");
  const isOn = source["enabled"] !== "no";
  if (suites.length === 0 || !isDebian || !isUsable || !isOn) return [];
  return [{ ...source, types: "deb", suites: suites.join(" "), components: "main" }];
}

function formatSource(source: AptSource): string {
  const fields = ["types", "uris", "suites", "components", "signed-by"];
  return fields
    .flatMap((name) => (source[name] === undefined ? [] : [`${name}: ${source[name]}\n`]))
    .join("");
}

function words(text: string | undefined): string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}

async function listDirectory(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return [];
    throw error;
  }
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return "";
    throw error;
  }
}
