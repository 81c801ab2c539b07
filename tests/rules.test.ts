import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { custody } from "../demo/custody.ts";
import { makeExample } from "../demo/example.ts";
import type { ExampleRepository } from "../demo/example.ts";
import { makeFolder, makeServerDirectory, skip, startFor } from "./live.testing.ts";
import type { LiveServer } from "./live.testing.ts";

describe("rules that are added to the gates", { skip }, () => {
  let folder: string;
  let directory: string;
  let server: LiveServer;
  let example: ExampleRepository;

  before(async () => {
    folder = await makeFolder("rules");
    directory = await makeServerDirectory(join(folder, "custody"));
    example = await makeExample("greeter", folder);
    await example.commit("Greet", "ada");
    server = await startFor(example, directory);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A directory with these modules. */
  function write(name: string, modules: Readonly<Record<string, string>>): string {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    for (const [file, text] of Object.entries(modules)) writeFileSync(join(path, file), text);
    return path;
  }

  async function run(words: readonly string[], exitCode: number): Promise<string> {
    const said: string[] = [];
    const answer = await custody([...words, "--dir", directory], (line) => said.push(line));
    const text = [answer.stdout, ...said].join("\n");
    assert.equal(answer.exitCode, exitCode, `${words.join(" ")}: ${text}`);
    return text;
  }

  test("a misspelt field is found before anything is set, with its place", async () => {
    assert.match(await run(["policy", "facts", "source"], 0), /"subject"/);
    const bad = write("bad", {
      "a.rego": 'package gates.source\ndeny contains "x" if input.commit.subjct == ""',
    });
    const text = await run(["policy", "rules", "greeter", bad, "--check"], 2);
    assert.match(text, /a\.rego:2:\d+: rego_type_error: undefined ref: input\.commit\.subjct/);
    assert.match(text, /custody policy facts/);
    await run(["policy", "rules", "greeter", bad], 2);
    assert.doesNotMatch(await run(["policy", "rules", "greeter"], 0), /subjct/);
  });

  test("a repository's rule refuses what the gate lets through, and says whose it is", async () => {
    const rule = [
      "package gates.source",
      'deny contains {"code": "work-in-progress", "message": "a draft is not delivered"} if {',
      '  startswith(input.commit.subject, "WIP")',
      "}",
    ].join("\n");
    const rules = write("drafts", { "drafts.rego": rule, "drafts_test.rego": "package drafts_test" });
    assert.match(
      await run(["policy", "rules", "greeter", rules], 0),
      /drafts\.rego\n {2}in force for greeter/,
    );
    await example.commit("WIP: greet louder", "ada");
    const text = await run(["deliver", example.directory], 1);
    assert.match(
      text,
      /rule\/work-in-progress .*: a draft is not delivered \(a rule of repository greeter\)/,
    );
    await example.commit("Greet louder", "ada");
    await run(["policy", "set", example.directory], 0);
    await run(["deliver", example.directory], 0);
    assert.match(await run(["policy", "rules", "greeter"], 0), /startswith\(input\.commit\.subject/);
    assert.match(await run(["policy", "show", "greeter"], 0), /rules of repository greeter: drafts\.rego/);
  });

  test("a workload's rule refuses the image that is there, on the server and from a file; taken back, it counts no more", async () => {
    await run(["verify", "greeter"], 0);
    const frozen = write("frozen", { "a.rego": 'package gates.admit\ndeny contains "it is frozen"' });
    const file = join(folder, "chain.tar");
    const verifyFile = ["verify", file, "--trusted-root", join(directory, "trusted_root.json")];
    await run(["export", "greeter", "-o", file], 0);
    await run(verifyFile, 0);
    await run(["policy", "rules", "--workload", "greeter", frozen], 0);
    assert.match(await run(["verify", "greeter"], 1), /it is frozen \(a rule of workload greeter\)/);
    await run(["export", "greeter", "-o", file], 0);
    assert.match(await run(verifyFile, 1), /rule\/denied .*it is frozen/);
    await run(["policy", "rules", "--workload", "greeter", write("none", {})], 0);
    await run(["verify", "greeter"], 0);
  });
});
