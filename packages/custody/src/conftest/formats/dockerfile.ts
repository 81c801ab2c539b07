import type { RegoValue } from "custody/rego";

import { unreadable } from "../faults.ts";
import { Lines } from "../format.ts";
import type { Format, Parsed } from "../format.ts";
import { argumentsOf, flagsOf } from "./dockerfile-arguments.ts";
import { instructionLines } from "./dockerfile-lines.ts";

/** The instructions of a Dockerfile: `[[{Cmd, SubCmd, JSON, Flags, Value, Stage}, …]]`, comments among them. */
export const dockerfile: Format = {
  name: "dockerfile",
  hasName: (name) => /^dockerfile(?:\..*)?$|\.dockerfile$/.test(name),
  parse: parseDockerfile,
};

const instructions = new Set(
  (
    "add arg cmd copy entrypoint env expose from healthcheck label maintainer onbuild run shell stopsignal user " +
    "volume workdir"
  ).split(" "),
);

interface Command {
  readonly Cmd: string;
  readonly SubCmd: string;
  readonly JSON: boolean;
  readonly Flags: readonly string[] | null;
  readonly Value: readonly string[] | null;
  readonly Stage: number;
}

function parseDockerfile(text: string): Parsed {
  const commands: Command[] = [];
  const lines = new Lines();
  let stages = 0;
  const add = (command: Omit<Command, "Stage">, line: number): void => {
    lines.set([0, commands.length], line);
    commands.push({ ...command, Stage: Math.max(0, stages - 1) });
  };
  for (const { line, text: written, comments } of instructionLines(text)) {
    const command = parseCommand(written, line);
    if (command.Cmd === "from") stages++;
    for (const comment of comments)
      add({ Cmd: "comment", SubCmd: "", JSON: false, Flags: null, Value: [comment] }, line);
    add(command, line);
  }
  if (commands.length === 0) throw unreadable(1, "there are no instructions");
  return { value: [commands as unknown as RegoValue], lineOf: (path) => lines.find(path) };
}

function parseCommand(written: string, line: number): Omit<Command, "Stage"> {
  const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(written) ?? [];
  const name = word.toLowerCase();
  if (!instructions.has(name)) throw unreadable(line, `${word} is no instruction`);
  const { flags, text } = flagsOf(rest);
  if (name === "onbuild") {
    const { Value, JSON } = parseCommand(text, line);
    return { Cmd: name, SubCmd: /^\S*/.exec(text)?.[0] ?? "", JSON, Flags: flags, Value };
  }
  const { values, isJson } = argumentsOf(name, text, line);
  if (rest === "") return { Cmd: name, SubCmd: "", JSON: false, Flags: null, Value: null };
  return { Cmd: name, SubCmd: "", JSON: isJson, Flags: flags, Value: values };
}
