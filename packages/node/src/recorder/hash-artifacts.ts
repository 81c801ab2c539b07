import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";

import type { ResourceDescriptor } from "custody/evidence";
import { matchesPattern } from "custody/evidence";

import { recorderFault } from "./faults.ts";

/** Something to record: a file or a directory, and the name that it goes by; or a digest that is known already. */
export type ArtifactSpec =
  | { readonly kind: "path"; readonly path: string; readonly name: string }
  | { readonly kind: "digest"; readonly name: string; readonly sha256: string };

/** As many as one statement may have subjects. */
const maxArtifacts = 1024;

/**
 * Reads `PATH`, `NAME=PATH` or `NAME=sha256:HEX`; without a name, a path goes by itself below `prefix`.
 *
 * @throws CustodyError `recorder/digest` for a digest that is none; a file of such a name is `./sha256:…`.
 */
export function parseArtifactSpec(text: string, prefix = ""): ArtifactSpec {
  const at = text.indexOf("=");
  const [name, value] = at < 0 ? [undefined, text] : [text.slice(0, at), text.slice(at + 1)];
  const [, sha256] = /^sha256:([0-9a-f]{64})$/.exec(value) ?? [];
  if (sha256 !== undefined && name !== undefined) return { kind: "digest", name, sha256 };
  if (value.startsWith("sha256:")) throw noDigest(text, sha256 !== undefined);
  const own = relative("", resolve(value)).replaceAll(sep, "/");
  return { kind: "path", path: value, name: name ?? `${prefix}${own}` };
}

function noDigest(text: string, isUnnamed: boolean): Error {
  const what = isUnnamed ? "has no name" : "is not a SHA-256: 64 hexadecimal digits in lower case";
  return recorderFault("recorder/digest", `the digest of ${text} ${what}`, {
    subject: text,
    next: "write NAME=sha256:HEX",
  });
}

/**
 * The artifacts by name and SHA-256, files of directories one by one below the directory's name. What a pattern excludes is left
 * out: shell patterns over the path within what was named (`*` matches slashes too).
 *
 * @throws CustodyError `recorder/…` for what is not there, for links that lead out, for more than 1,024.
 */
export async function hashArtifacts(
  specs: readonly ArtifactSpec[],
  excluded: readonly string[] = [],
): Promise<readonly ResourceDescriptor[]> {
  const found = new Map<string, string>();
  const add = (name: string, sha256: string): void => {
    if (found.has(name)) throw twice(name);
    found.set(name, sha256);
    if (found.size > maxArtifacts) throw tooMany(name);
  };
  for (const spec of specs) {
    if (spec.kind === "digest") add(spec.name, spec.sha256);
    else await hashInto(add, spec, excluded);
  }
  return [...found].map(([name, sha256]) => ({ name, digest: { sha256 } }));
}

function twice(name: string): Error {
  return recorderFault("recorder/twice", `two artifacts go by the name ${name}`, {
    subject: name,
    next: "name them apart: NAME=PATH",
  });
}

function tooMany(name: string): Error {
  const message = `there are more than ${maxArtifacts} files, which is as many as an attestation can name; ${name} is one too many`;
  return recorderFault("recorder/too-many", message, {
    next: "exclude some (--exclude), or let the command put them into an archive and name that",
  });
}

async function hashInto(
  add: (name: string, sha256: string) => void,
  { path, name }: { readonly path: string; readonly name: string },
  excluded: readonly string[],
): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile()) return add(name, await hashFile(path));
  if (!info?.isDirectory()) {
    throw recorderFault("recorder/absent", `${path} is neither a file nor a directory`, {
      subject: path,
      next: "name what is there when the command begins (materials) or has ended (products)",
    });
  }
  const top = await realpath(path);
  for await (const inside of walk(top, "", excluded)) {
    add(`${name}/${inside}`, await hashFile(await within(top, inside)));
  }
}

async function* walk(top: string, below: string, excluded: readonly string[]): AsyncGenerator<string> {
  const entries = await readdir(join(top, below), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const inside = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.name === ".git" || excluded.some((pattern) => matchesPattern(pattern, inside))) continue;
    if (entry.isDirectory()) yield* walk(top, inside, excluded);
    else if (entry.isFile() || entry.isSymbolicLink()) yield inside;
  }
}

// A link counts as the file that it leads to, and must lead to one of the same directory.
async function within(top: string, inside: string): Promise<string> {
  const path = join(top, inside);
  if (!(await lstat(path)).isSymbolicLink()) return path;
  const target = await realpath(path).catch(() => "");
  const isFile = target !== "" && (await stat(target)).isFile();
  if (isFile && target.startsWith(`${top}${sep}`)) return target;
  throw recorderFault("recorder/link", `${path} is a link that leads to no file of ${top}`, {
    subject: path,
    next: "exclude it, or name what it leads to",
  });
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
