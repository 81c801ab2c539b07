import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { parsePipeline } from "custody/factory";

import { custody } from "../demo/custody.ts";
import type { CommandResult } from "../demo/custody.ts";
import { makeExample } from "../demo/example.ts";
import type { ExampleRepository } from "../demo/example.ts";
import { buildProgram } from "../packages/cli/src/program.ts";
import { findWorkload } from "./api.testing.ts";
import { LiveServer, makeFolder, makeServerDirectory, skip } from "./live.testing.ts";

const golden = join(import.meta.dirname, "help.golden.txt");
/** Every command there is, by the words that it is called with. */
const commands = listCommands(buildProgram());

function listCommands(command: ReturnType<typeof buildProgram>, words = ""): readonly string[] {
  const below = command.commands.flatMap((one) => listCommands(one, `${words} ${one.name()}`.trim()));
  return [words, ...below];
}

interface Failure {
  readonly error: { readonly code: string; readonly message: string; readonly next?: string };
}

// oxlint-disable typescript/no-unnecessary-type-parameters -- the caller says what the command's JSON is.
/** Runs a command with --json; what it prints must be one JSON value, however it ends. */
async function runJson<T = unknown>(...args: readonly string[]): Promise<{ exitCode: number; value: T }> {
  const { exitCode, stdout } = await custody([...args, "--json"]);
  return { exitCode, value: JSON.parse(stdout) as T };
}

test("says of every command what it does, with an example", async () => {
  const texts = [];
  for (const command of commands) {
    const { exitCode, stdout } = await custody([...command.split(" ").filter(Boolean), "--help"]);
    assert.equal(exitCode, 0, command);
    texts.push(`$ custody ${command} --help\n${stdout}`);
  }
  const text = texts.join("\n");
  if (process.env["UPDATE_GOLDEN"]) writeFileSync(golden, text);
  assert.equal(
    text,
    readFileSync(golden, "utf8"),
    "run it again with UPDATE_GOLDEN=1 and look at the difference",
  );
});

test("ends with 2 when it is used wrongly, and says where help is", async () => {
  for (const args of [
    ["nonsense"],
    ["ps", "--nonsense"],
    ["trace"],
    ["policy"],
    ["verify"],
    ["export", "x"],
  ]) {
    const said: string[] = [];
    const { exitCode, stdout } = await custody(args, (line) => said.push(line));
    assert.equal(exitCode, 2, args.join(" "));
    assert.equal(stdout, "");
    assert.match(said.join("\n"), /--help|Usage:/, args.join(" "));
  }
});

test("ends with 2 without a server, and says how to start one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "custody-none-"));
  const places = [
    { args: ["--dir", folder], code: "cli/no-server" },
    { args: ["--server", "http://127.0.0.1:1"], code: "cli/unreachable" },
  ];
  for (const { args, code } of places) {
    for (const words of [["ps"], ["verify", "x"], ["deliveries"], ["policy", "show", "x"]]) {
      const { exitCode, value } = await runJson<Failure>(...words, ...args);
      assert.deepEqual([exitCode, value.error.code], [2, code]);
      assert.match(value.error.next ?? "", /custody up/);
    }
  }
  rmSync(folder, { recursive: true });
});

describe("custody init", () => {
  const folder = mkdtempSync(join(tmpdir(), "custody-init-"));
  after(() => rmSync(folder, { recursive: true }));

  const make = (name: string, file?: string): string => {
    const directory = join(folder, name);
    mkdirSync(directory);
    if (file !== undefined) writeFileSync(join(directory, file), "");
    return directory;
  };
  const parse = (directory: string): ReturnType<typeof parsePipeline> =>
    parsePipeline(readFileSync(join(directory, "custody.yaml"), "utf8"));

  test("writes a custody.yaml that is valid as it is, for whatever stands there", async () => {
    const rows = [
      { directory: make("Empty Folder!"), name: "empty-folder", packages: [] },
      { directory: make("made", "Makefile"), name: "made", packages: ["gcc", "libc6-dev", "make"] },
      { directory: make("snake", "pyproject.toml"), name: "snake", packages: ["python3"] },
    ];
    for (const { directory, name, packages } of rows) {
      const { exitCode, value } = await runJson<{ file: string }>("init", directory);
      assert.equal(exitCode, 0);
      assert.equal(value.file, join(directory, "custody.yaml"));
      const pipeline = parse(directory);
      assert.equal(pipeline.name, name);
      assert.deepEqual(pipeline.stemcells["build"]?.packages, packages);
    }
  });

  test("leaves a custody.yaml that is there alone, unless it is told to replace it", async () => {
    const directory = make("there", "custody.yaml");
    const refused = await runJson<Failure>("init", directory);
    assert.deepEqual([refused.exitCode, refused.value.error.code], [2, "cli/write"]);
    assert.match(refused.value.error.next ?? "", /--force/);
    assert.equal(readFileSync(join(directory, "custody.yaml"), "utf8"), "");
    assert.equal((await runJson("init", directory, "--force")).exitCode, 0);
    assert.equal(parse(directory).name, "there");
  });

  test("says when there is no such folder", async () => {
    const { exitCode, value } = await runJson<Failure>("init", join(folder, "nowhere"));
    assert.deepEqual([exitCode, value.error.code], [2, "cli/write"]);
  });
});

describe("the commands against a server", { skip }, () => {
  let folder: string;
  let server: LiveServer;
  let example: ExampleRepository;
  let dir: readonly string[];

  const deliver = (): Promise<CommandResult> => custody(["deliver", example.directory, ...dir]);
  /** Delivers HEAD and answers with the exit code and the reason's code. */
  const deliverJson = async (): Promise<readonly [number, string | undefined]> => {
    const { exitCode, value } = await runJson<{ state: { reasons?: { code: string }[] } }>(
      "deliver",
      example.directory,
      ...dir,
    );
    return [exitCode, value.state.reasons?.[0]?.code];
  };
  const findPid = async (): Promise<number | undefined> =>
    (await findWorkload(server, "greeter"))?.process?.pid;

  before(async () => {
    folder = await makeFolder("commands");
    server = await LiveServer.start(await makeServerDirectory(join(folder, "custody")));
    dir = ["--dir", server.directory];
    example = await makeExample("greeter", folder);
    await example.commit("Greet", "ada");
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a repository without a policy is refused with 1", async () => {
    assert.deepEqual(await deliverJson(), [1, "source/no-policy"]);
  });

  test("a policy is set, shown and held to its revision", async () => {
    const signer = ["--signer", `ada=${example.keys.ada}`];
    const set = await runJson<{ revision: string }>("policy", "set", example.directory, ...signer, ...dir);
    assert.equal(set.exitCode, 0);
    const shown = await runJson<{ revision: string }>("policy", "show", "greeter", ...dir);
    assert.equal(shown.value.revision, set.value.revision);
    const { stdout } = await custody(["policy", "show", "greeter", ...dir]);
    assert.match(stdout, /ada +ssh-ed25519 +counts until/);
    const none = await runJson<Failure>("policy", "show", "nothing", ...dir);
    assert.deepEqual([none.exitCode, none.value.error.code], [2, "policy/none"]);
    const stranger = await runJson<Failure>("policy", "retire", "greeter", "mallory", ...dir);
    assert.deepEqual([stranger.exitCode, stranger.value.error.code], [2, "cli/no-signer"]);
    const privateKey = ["--signer", `x=${example.keys.ada.replace(".pub", "")}`];
    const secret = await runJson<Failure>("policy", "set", example.directory, ...privateKey, ...dir);
    assert.deepEqual([secret.exitCode, secret.value.error.code], [2, "cli/usage"]);
  });

  test("a signed commit is delivered with 0, phase by phase with the time of each", async () => {
    const said: string[] = [];
    const { exitCode, stdout } = await custody(["deliver", example.directory, ...dir], (line) =>
      said.push(line),
    );
    assert.equal(exitCode, 0, stdout);
    assert.match(stdout, /^delivery [0-9a-f-]{36} of greeter: done\n {2}image sha256:[0-9a-f]{64}\n$/);
    const finished = said.flatMap((line) => /^✓ (\w+) \(\d+\.\d s\): /.exec(line)?.[1] ?? []);
    assert.deepEqual(finished, [
      "source",
      "stemcells",
      "steps",
      "steps",
      "package",
      "publish",
      "gate",
      "run",
    ]);
  });

  test("a stranger's commit is refused with 1", async () => {
    const good = await example.git("rev-parse", "HEAD");
    await example.commit("Signed by a stranger", "mallory");
    assert.deepEqual(await deliverJson(), [1, "source/signer-not-listed"]);
    await example.git("reset", "--quiet", "--hard", good);
  });

  test("every command answers with --json in JSON", async () => {
    const archive = join(folder, "chain.tar");
    const rows = [
      ["ps"],
      ["deliveries"],
      ["deliveries", "greeter"],
      ["trace", "greeter"],
      ["trace", String(await findPid())],
      ["trace", await example.git("rev-parse", "HEAD")],
      ["verify", "greeter:latest"],
      ["export", "greeter", "-o", archive],
    ];
    for (const args of rows) assert.equal((await runJson(...args, ...dir)).exitCode, 0, args.join(" "));
    const root = ["--trusted-root", join(server.directory, "trusted_root.json")];
    assert.equal((await runJson("verify", archive, ...root)).exitCode, 0);
    assert.equal((await runJson("verify", archive)).exitCode, 2);
    for (const args of [
      ["trace", "nothing"],
      ["verify", `sha256:${"0".repeat(64)}`],
      ["start", "nothing"],
    ]) {
      const { exitCode, value } = await runJson<Failure>(...args, ...dir);
      assert.deepEqual([exitCode, value.error.code], [2, "api/not-found"], args.join(" "));
    }
  });

  test("a policy that changed does not keep a workload from starting again: it is admitted anew", async () => {
    const pid = await findPid();
    const added = ["--signer", `grace=${example.keys.mallory}`, "--valid-for", "1h"];
    assert.equal((await custody(["policy", "set", example.directory, ...added, ...dir])).exitCode, 0);
    assert.equal((await runJson("stop", "greeter", ...dir)).exitCode, 0);
    assert.equal(await findPid(), undefined);
    const started = await custody(["start", "greeter", ...dir]);
    assert.equal(started.exitCode, 0, started.stdout);
    assert.match(started.stdout, /greeter is running as pid \d+ at http/);
    assert.notEqual(await findPid(), pid);
    assert.equal((await custody(["policy", "retire", "greeter", "grace", ...dir])).exitCode, 0);
  });

  test("commits that nobody signed, and those that retired keys signed, are refused with 1", async () => {
    const good = await example.git("rev-parse", "HEAD");
    await example.commit("Not signed");
    assert.deepEqual(await deliverJson(), [1, "source/unsigned"]);
    await example.git("reset", "--quiet", "--hard", good);
    await example.commit("Signed by grace, who is retired", "mallory");
    assert.deepEqual(await deliverJson(), [1, "source/key-retired"]);
    await example.git("reset", "--quiet", "--hard", good);

    assert.equal((await custody(["policy", "retire", "greeter", "ada", ...dir])).exitCode, 0);
    await example.commit("Signed after retiring", "ada");
    assert.deepEqual(await deliverJson(), [1, "source/key-retired"]);
    await example.git("reset", "--quiet", "--hard", good);
    const again = await deliver();
    assert.equal(again.exitCode, 0, `what the log saw before stays good: ${again.stdout}`);
  });

  test("what a stranger writes into a commit does not steer the reader's terminal", async () => {
    await example.commit("\u001b[2J\u001b]0;owned\u0007 Innocent", "mallory");
    const said: string[] = [];
    const { stdout } = await custody(["deliver", example.directory, ...dir], (line) => said.push(line));
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(stdout + said.join("\n"), /[\u0000-\u0008\u000b-\u001f]/);
  });
});
