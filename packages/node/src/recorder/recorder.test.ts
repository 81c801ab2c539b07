import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";

import { allowEnvironment, findGitState, hashArtifacts, parseArtifactSpec, runCommand } from "./index.ts";

const top = mkdtempSync(join(tmpdir(), "custody-recorder-"));
after(() => rmSync(top, { recursive: true, force: true }));

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A directory with these files. */
function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(top, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function namesOf(path: string, excluded: readonly string[] = []): Promise<readonly string[]> {
  const artifacts = await hashArtifacts([{ kind: "path", path, name: "out" }], excluded);
  return artifacts.map(({ name }) => name);
}

test("names files by what they hold, and those of a directory one by one", async () => {
  const folder = folderOf("a", { "b/c.txt": "c", "a.txt": "a", ".git/config": "never" });
  assert.deepEqual(await hashArtifacts([{ kind: "path", path: folder, name: "out" }]), [
    { name: "out/a.txt", digest: { sha256: sha256("a") } },
    { name: "out/b/c.txt", digest: { sha256: sha256("c") } },
  ]);
  assert.deepEqual(await hashArtifacts([{ kind: "path", path: join(folder, "a.txt"), name: "x" }]), [
    { name: "x", digest: { sha256: sha256("a") } },
  ]);
});

test("leaves out what a pattern excludes", async () => {
  const folder = folderOf("excluded", { "a.o": "", "a.c": "", "node_modules/x/y.js": "", "deep/b.o": "" });
  assert.deepEqual(await namesOf(folder, ["*.o", "node_modules"]), ["out/a.c"]);
});

test("a link counts as what it leads to within the directory, and leads nowhere else", async () => {
  const folder = folderOf("links", { "a.txt": "a" });
  symlinkSync("a.txt", join(folder, "b.txt"));
  const [, linked] = await hashArtifacts([{ kind: "path", path: folder, name: "out" }]);
  assert.deepEqual(linked, { name: "out/b.txt", digest: { sha256: sha256("a") } });
  for (const target of ["/etc/passwd", "../a/a.txt", "nowhere"]) {
    symlinkSync(target, join(folder, "c.txt"));
    await assert.rejects(namesOf(folder), { code: "recorder/link" }, target);
    rmSync(join(folder, "c.txt"));
  }
});

test("refuses what is not there, what comes twice, and more than one statement can name", async () => {
  await assert.rejects(namesOf(join(top, "nowhere")), { code: "recorder/absent" });
  const folder = folderOf("twice", { "a.txt": "a" });
  const spec = { kind: "path", path: join(folder, "a.txt"), name: "a" } as const;
  await assert.rejects(hashArtifacts([spec, spec]), { code: "recorder/twice" });
  const many = folderOf("many", Object.fromEntries(Array.from({ length: 1025 }, (_, i) => [`${i}`, ""])));
  await assert.rejects(namesOf(many), { code: "recorder/too-many" });
});

test("reads how artifacts are named on a command line", () => {
  const hex = "0".repeat(64);
  const rows: readonly (readonly [string, object])[] = [
    ["dist/app", { kind: "path", path: "dist/app", name: "build/dist/app" }],
    ["./dist/app", { kind: "path", path: "./dist/app", name: "build/dist/app" }],
    ["app=dist/app", { kind: "path", path: "dist/app", name: "app" }],
    [`image=sha256:${hex}`, { kind: "digest", name: "image", sha256: hex }],
  ];
  for (const [text, expected] of rows) assert.deepEqual(parseArtifactSpec(text, "build/"), expected, text);
  for (const text of ["a=sha256:zz", "sha256:zz", `sha256:${hex}`, `a=sha256:${hex}0`]) {
    assert.throws(() => parseArtifactSpec(text), { code: "recorder/digest" }, text);
  }
  assert.equal(parseArtifactSpec("a=./sha256:zz").kind, "path", "a file of that name");
});

function repositoryOf(name: string): { folder: string; git: (...args: readonly string[]) => string } {
  const folder = folderOf(name, { "a.txt": "a" });
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", HOME: top };
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args], { env })
      .toString()
      .trim();
  git("init", "--quiet", "--initial-branch=main");
  return { folder, git };
}

test("says of a work tree which commit it is, and what is not as in it", async () => {
  const { folder, git } = repositoryOf("repository");
  await assert.rejects(findGitState(folder), { code: "recorder/dirty" });
  git("add", "--all");
  git("commit", "--quiet", "-m", "one");
  git("remote", "add", "origin", "https://user:password@example.org/a.git");
  const clean = await findGitState(folder);
  assert.equal(clean?.commit, git("rev-parse", "HEAD"));
  assert.equal(clean.remote, "https://example.org/a.git");
  assert.deepEqual([clean.branch, clean.changed], ["main", []]);
  writeFileSync(join(folder, "a.txt"), "changed");
  writeFileSync(join(folder, "new.txt"), "new");
  const dirty = await findGitState(folder);
  assert.deepEqual(dirty?.changed, ["a.txt", "new.txt"]);
  assert.deepEqual(dirty?.source, clean.source, "the source is the commit's, whatever lies in the work tree");
  assert.equal(await findGitState(top), undefined);
});

test("gives a command what was allowed of the environment, and writes no secret down", () => {
  const environment = {
    PATH: "/bin",
    HOME: "/h",
    SECRET_KEY: "k",
    API_TOKEN: "t",
    COLOUR: "blue",
    OTHER: "o",
  };
  const { given, recorded } = allowEnvironment(environment, ["API_TOKEN", "COLOUR", "MODE=fast", "ABSENT"]);
  assert.deepEqual(given, { PATH: "/bin", HOME: "/h", API_TOKEN: "t", COLOUR: "blue", MODE: "fast" });
  assert.deepEqual(recorded, { ...given, API_TOKEN: "(withheld)" });
});

test("ends as the command ended", async () => {
  const rows: readonly (readonly [readonly string[], number])[] = [
    [["true"], 0],
    [["sh", "-c", "exit 3"], 3],
    [["sh", "-c", "kill -TERM $$"], 143],
  ];
  for (const [command, exitCode] of rows) {
    assert.equal(
      (await runCommand(command, { PATH: process.env["PATH"] })).exitCode,
      exitCode,
      command.join(" "),
    );
  }
  const notStarted: readonly (readonly [string, number])[] = [
    ["no-such-program", 127],
    [top, 126],
  ];
  for (const [program, exitCode] of notStarted) {
    const expected = { code: "recorder/command", details: { exitCode } };
    await assert.rejects(runCommand([program], {}), expected, program);
  }
});

test("a signal reaches what the command has started, too", { timeout: 30_000 }, async () => {
  const grandchild = "trap 'echo ended; exit' TERM; echo ready; while :; do sleep 0.1; done";
  const script = `sh -c "${grandchild}" & wait`;
  const recorder = join(import.meta.dirname, "index.ts");
  const code = `const { runCommand } = await import(${JSON.stringify(recorder)}); await runCommand(["sh", "-c", process.argv[1]], process.env);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code, script], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines: string[] = [];
  // The pipe ends with the last process that holds it.
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line === "ready") child.kill("SIGTERM");
  }
  assert.deepEqual(lines, ["ready", "ended"]);
});
