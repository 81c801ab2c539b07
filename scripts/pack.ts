/**
 * Makes installable tarballs of the four packages in dist/: Node runs no TypeScript below node_modules, so they hold
 * JavaScript and types.
 */
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { build as bundle } from "esbuild";

import { buildConsole } from "./console.ts";
import { planManifest } from "./package-manifest.ts";
import type { PackageManifest } from "./package-manifest.ts";

const execute = promisify(execFile);
const top = join(import.meta.dirname, "..");
/** In the order in which they depend on each other. */
const packages = ["custody", "node", "server", "cli"];

/**
 * Builds and packs; what lay in the folder is replaced.
 *
 * @returns the tarballs, in the order in which they depend on each other.
 */
export async function pack(folder: string): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  const build = join(folder, "build");
  await execute(join(top, "node_modules/.bin/tsc"), [
    "-p",
    join(top, "tsconfig.build.json"),
    "--outDir",
    build,
  ]);
  const tarballs: string[] = [];
  for (const name of packages) {
    const staged = join(folder, "packages", name);
    await stage(name, join(build, name, "src"), staged);
    tarballs.push(await packOne(staged, folder));
  }
  await rm(build, { recursive: true });
  return tarballs;
}

/** One package as npm packs it: manifest, licence, README, and what was built. */
async function stage(name: string, built: string, staged: string): Promise<void> {
  const sources = join(top, "packages", name);
  await mkdir(staged, { recursive: true });
  await cp(join(top, "LICENSE"), join(staged, "LICENSE"));
  await cp(join(sources, "README.md"), join(staged, "README.md"));
  const manifest = JSON.parse(await readFile(join(sources, "package.json"), "utf8")) as PackageManifest;
  const planned = planManifest(manifest, sources);
  if (name === "server") await buildConsole(join(staged, "console"));
  if (name === "custody") await bundleRooms(planned, built, join(staged, "dist"));
  else await cp(built, join(staged, "dist"), { recursive: true });
  await writeFile(join(staged, "package.json"), `${JSON.stringify(planned, undefined, 2)}\n`);
}

// The library's rooms become one file each (docs/decisions/0007-rooms-in-one-file.md): a process that verifies spends most of
// its time on finding and reading files. Other rooms stay imports, so that there is one of each.
async function bundleRooms({ exports }: PackageManifest, built: string, dist: string): Promise<void> {
  const entries = Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [] : [join(built, target.default.replace("./dist/", ""))],
  );
  await cp(built, dist, { recursive: true, filter: (path) => !path.endsWith(".js") });
  await bundle({
    entryPoints: entries,
    outbase: built,
    outdir: dist,
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    target: "es2024",
    logLevel: "error",
  });
}

async function packOne(staged: string, folder: string): Promise<string> {
  const { stdout } = await execute("npm", ["pack", "--json", "--pack-destination", folder], { cwd: staged });
  const [packed] = JSON.parse(stdout) as { readonly filename: string }[];
  if (!packed) throw new Error(`npm packed nothing in ${staged}`);
  return join(folder, packed.filename);
}

if (import.meta.main) for (const tarball of await pack(join(top, "dist"))) console.log(tarball);
