import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { evidenceDrills, layoutDrills, liveDrills, sandboxDrills, sourceDrills } from "custody/assurance";

import { buildProgram } from "../packages/cli/src/program.ts";

type Command = ReturnType<typeof buildProgram>;

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
const drills = [sourceDrills, evidenceDrills, layoutDrills, liveDrills, sandboxDrills].flat();

test("the README counts the attacks that there are", () => {
  assert.equal(/attacks it (\d+) ways/.exec(readme)?.[1], String(drills.length));
});

test("every command of the README is one, with the options that it has", () => {
  const lines = [...readme.matchAll(/(?:\$|&&) custody ([^#\n]*)/g)].map(([, words = ""]) =>
    words.trim().split(/\s+/),
  );
  assert.ok(lines.length >= 10);
  for (const words of lines) {
    const command = findCommand(buildProgram(), words);
    const flags = words.filter((word) => /^--?[a-z]/.test(word));
    const known = new Set(command.options.flatMap(({ short, long }) => [short, long]));
    for (const flag of flags) assert.ok(known.has(flag), `custody ${words.join(" ")}: no ${flag}`);
  }
});

test("every command says what it is for, with an example", () => {
  const check = (command: Command): void => {
    let help = "";
    command.configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    assert.match(
      help,
      command.commands.length > 0 ? /Commands:/ : /Example:\n {2}\$ .*custody /,
      command.name(),
    );
    for (const child of command.commands) check(child);
  };
  for (const command of buildProgram().commands) check(command);
});

test("the demo's output in the README shows every attack refused", () => {
  for (const { name, code } of drills) {
    const line = readme.split("\n").find((text) => text.startsWith(`✓ ${name} `));
    assert.ok(line?.includes(code) && line.endsWith("passes without"), `${name}: ${line ?? "not shown"}`);
  }
});

function findCommand(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) {
    const child = command.commands.find((one) => one.name() === word);
    if (!child) break;
    command = child;
  }
  assert.notEqual(command, program, `${words.join(" ")} is no command`);
  return command;
}
