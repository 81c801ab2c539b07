import type { Command } from "commander";
import { Option } from "commander";

import { example, run } from "./command-parts.ts";
import type { WitnessOptions } from "./commands/witness.ts";

/** The commands of those who watch logs: witnesses and monitors. */
export function addLogCommands(program: Command): void {
  addWitness(program);
}

function addWitness(program: Command): void {
  program
    .command("witness")
    .description("cosign the checkpoints of logs, each log's one consistent line (C2SP tlog-witness)")
    .requiredOption(
      "--dir <directory>",
      "where its keys are, made at the first start, and what it has cosigned",
    )
    .requiredOption(
      "--name <name>",
      "its name in signature lines: a URL without scheme, fixed at the first start",
    )
    .requiredOption(
      "--logs <file>",
      "the logs that it follows: a verifier key a line, then the origin if another",
    )
    .addOption(
      new Option("--listen <host:port>", "where to listen; port 0 takes a free one").default(
        "127.0.0.1:7380",
      ),
    )
    .option("--json", "print the result as one JSON value")
    .addHelpText(
      "after",
      example("custody witness --dir /srv/witness --name witness.example.org/w1 --logs logs"),
    )
    .action(run<WitnessOptions>(async (call) => (await import("./commands/witness.ts")).witness(call)));
}
