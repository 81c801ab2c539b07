import assert from "node:assert/strict";
import { test } from "node:test";

import { runCommand, runCommandOrThrow } from "./command.ts";
import { missingPackages } from "./install.ts";
import { findRequirements, findTestTools } from "./requirements.ts";

const withCode = (code: string) => (error: unknown) => (error as { code?: unknown }).code === code;

test("finds each tool by running it, and says its version", async () => {
  const report = await findRequirements();
  assert.deepEqual(
    report.tools.map((tool) => tool.name),
    ["git", "ssh", "runc", "mmdebstrap", "unshare", "setpriv", "mount", "ip"],
  );
  for (const tool of report.tools) assert.match(tool.version ?? "0 missing", /^\d/);
});

test("what only tests need is no requirement", async () => {
  const needed = new Set((await findRequirements()).tools.map(({ name }) => name));
  const names = (await findTestTools()).map(({ name }) => name);
  assert.deepEqual(names, ["bwrap", "chromium"]);
  assert.ok(names.every((name) => !needed.has(name)));
});

test("says of every feature of the kernel what it found", async () => {
  const { features } = await findRequirements();
  assert.deepEqual(
    features.map((feature) => feature.name),
    ["user-namespaces", "cgroups", "seccomp"],
  );
  assert.ok(features.every((feature) => feature.detail.length > 10));
});

test("names each missing package once", () => {
  const tool = { usedFor: "", version: undefined, package: "util-linux" } as const;
  const report = {
    root: false,
    features: [],
    tools: [
      { ...tool, name: "unshare" as const },
      { ...tool, name: "setpriv" as const },
      { ...tool, name: "runc" as const, package: "runc" },
      { ...tool, name: "git" as const, version: "2.39" },
    ],
  };
  assert.deepEqual(missingPackages(report), ["runc", "util-linux"]);
});

test("a command inherits nothing of the environment", async () => {
  process.env["CUSTODY_TEST_CANARY"] = "seen";
  const { stdout } = await runCommand(["env"], { env: { ONLY: "this" } });
  delete process.env["CUSTODY_TEST_CANARY"];
  const names = stdout
    .trim()
    .split("\n")
    .map((line) => line.split("=")[0]);
  assert.deepEqual(new Set(names), new Set(["PATH", "LC_ALL", "ONLY"]));
});

test("a command that fails is a result; one that has to succeed is a fault with its last words", async () => {
  const argv = ["sh", "-c", "echo broken >&2; exit 3"] as const;
  assert.deepEqual(await runCommand(argv), { exitCode: 3, stdout: "", stderr: "broken\n" });
  await assert.rejects(runCommandOrThrow(argv), /ended with 3: broken/);
});

test("a command that is not there is told apart from one that fails", async () => {
  await assert.rejects(runCommand(["custody-no-such-command"]), withCode("host/command-missing"));
});

test("a command is killed at its deadline, with its children", async () => {
  const started = Date.now();
  const slow = runCommand(["sh", "-c", "sleep 20 & wait"], { timeoutSeconds: 0.2 });
  await assert.rejects(slow, withCode("host/command-timeout"));
  assert.ok(Date.now() - started < 5000);
});

test("a flood of output is read to its end and kept only up to the limit", async () => {
  const lines: string[] = [];
  const { stdout } = await runCommand(["head", "-c", "3000000", "/dev/zero"], { maxOutputBytes: 1000 });
  assert.equal(stdout.length, 1000);
  await runCommand(["sh", "-c", "echo one >&2; echo two >&2"], { onLine: (line) => lines.push(line) });
  assert.deepEqual(lines, ["one", "two"]);
});

test("what is given as input is what the command reads", async () => {
  assert.equal(await runCommandOrThrow(["cat"], { input: "hello" }), "hello");
  assert.equal(await runCommandOrThrow(["true"], { input: "x".repeat(1 << 20) }), "");
});
