import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { TestContext } from "node:test";
import { promisify } from "node:util";

import { makeChain, writeChain } from "../bench/chain-file.ts";
import type { ChainFiles } from "../bench/chain-file.ts";
import { pack } from "./pack.ts";

const execute = promisify(execFile);
const top = join(import.meta.dirname, "..");
const npmOptions = [
  "--no-audit",
  "--no-fund",
  "--ignore-scripts",
  "--fetch-retries=0",
  "--fetch-timeout=20000",
];

/** Rooms that may be loaded with `custody/log`: itself and what its imports name. */
const roomsOfLog = ["ground", "log", "merkle", "note"];

suite("the tarballs, installed into an empty folder", () => {
  let folder: string;
  let unreachable: string | undefined;
  let chain: ChainFiles;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "custody-pack-"));
    chain = await writeChain(await makeChain(), folder);
    const tarballs = await pack(join(folder, "dist"));
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
    unreachable = await install(folder, tarballs);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const check = (name: string, run: () => Promise<void>): void => {
    test(name, { timeout: 60_000 }, async (context: TestContext) => {
      if (unreachable === undefined) await run();
      else context.skip(unreachable);
    });
  };

  check("`custody --help` names the commands", async () => {
    const { stdout } = await custody(folder, ["--help"]);
    assert.match(stdout, /verify .*thing/);
  });

  check("`custody verify` holds a chain against a trusted root, with no server", async () => {
    const { archive, trustedRoot } = chain;
    const { stdout } = await custody(folder, ["verify", archive, "--trusted-root", trustedRoot]);
    assert.match(stdout, /the whole chain holds/);
  });

  check("`custody verify` refuses a chain under another root with exit code 1", async () => {
    const { scene } = await makeChain();
    const other = join(folder, "other.json");
    const { formatTrustedRoot } = await import("custody/evidence");
    await writeFile(other, JSON.stringify(formatTrustedRoot(scene.authorities.trustedRoot)));
    await assert.rejects(custody(folder, ["verify", chain.archive, "--trusted-root", other]), { code: 1 });
  });

  check("importing custody/log loads no other room than it needs", async () => {
    const rooms = await loadedRooms(folder, "custody/log");
    assert.deepEqual(rooms, roomsOfLog);
  });

  check("every subpath of every package can be imported", async () => {
    for (const name of ["custody", "@custody/node", "@custody/server"]) {
      const subpaths = await subpathsOf(folder, name);
      assert.ok(subpaths.length > 0, name);
      const imports = subpaths.map((subpath) => `await import(${JSON.stringify(subpath)});`).join("\n");
      await runModule(folder, imports);
    }
  });

  check("the types of every subpath hold, read strictly", async () => {
    const names = ["custody", "@custody/node", "@custody/server"];
    const subpaths = (await Promise.all(names.map((name) => subpathsOf(folder, name)))).flat();
    const lines = subpaths.map((subpath, i) => `export type * as M${i} from ${JSON.stringify(subpath)};`);
    lines.push('import { digestOf } from "custody/ground";', "export const wrong: number = digestOf;");
    await writeFile(join(folder, "consumer.ts"), lines.join("\n"));
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024", "--types", "node"];
    const types = ["--typeRoots", join(top, "node_modules/@types"), "--lib", "es2024,esnext.disposable"];
    const checked = execute(join(top, "node_modules/.bin/tsc"), [...options, ...types, "consumer.ts"], {
      cwd: folder,
    });
    const error = await checked.then(
      () => assert.fail("the wrong line must be found"),
      ({ stdout }: { stdout: string }) => stdout,
    );
    assert.deepEqual(error.match(/error TS\d+/g), ["error TS2322"], error);
  });

  check("nothing that only tests use is inside", async () => {
    const { stdout } = await execute("find", [join(folder, "node_modules/custody/"), "-name", "*.ts"]);
    assert.doesNotMatch(stdout, /\.test\.|\.testing\.|contract\./);
    assert.doesNotMatch(stdout, /[^d]\.ts$/m);
  });
});

/** @returns why it cannot be tried, when the registry is out of reach. */
async function install(folder: string, tarballs: readonly string[]): Promise<string | undefined> {
  try {
    await execute("npm", ["install", ...npmOptions, ...tarballs], { cwd: folder, timeout: 240_000 });
    return undefined;
  } catch (error) {
    const words = (error as { stderr?: string }).stderr ?? "";
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network/i.test(words)) {
      return "npm reaches no registry";
    }
    throw error;
  }
}

function custody(folder: string, words: readonly string[]): Promise<{ stdout: string }> {
  return execute("npx", ["--no-install", "custody", ...words], { cwd: folder });
}

async function runModule(folder: string, code: string): Promise<string> {
  const { stdout } = await execute(process.execPath, ["--input-type=module", "-e", code], { cwd: folder });
  return stdout;
}

async function loadedRooms(folder: string, specifier: string): Promise<string[]> {
  const stdout = await runModule(
    folder,
    `import { registerHooks } from "node:module";
     const urls = [];
     registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
     await import(${JSON.stringify(specifier)});
     console.log(JSON.stringify(urls));`,
  );
  const urls = JSON.parse(stdout) as string[];
  const rooms = urls.flatMap((url) => /node_modules\/custody\/dist\/([^/]+)\//.exec(url)?.[1] ?? []);
  return [...new Set(rooms)].toSorted();
}

async function subpathsOf(folder: string, name: string): Promise<string[]> {
  const text = await readFile(join(folder, "node_modules", name, "package.json"), "utf8");
  const { exports } = JSON.parse(text) as { readonly exports: Readonly<Record<string, unknown>> };
  return Object.keys(exports).map((subpath) => join(name, subpath));
}
