import type { Command } from "commander";
import { Option } from "commander";

import { common, example, run } from "./command-parts.ts";
import type { SearchOptions } from "./commands/log-search.ts";
import type { LogOptions } from "./commands/log.ts";
import type { MonitorOptions } from "./commands/monitor.ts";
import type { WitnessOptions } from "./commands/witness.ts";

/** The commands of those who watch logs: witnesses and monitors. */
export function addLogCommands(program: Command): void {
  addWitness(program);
  addMonitor(program);
  addLog(program);
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

function addMonitor(program: Command): void {
  program
    .command("monitor")
    .description("follow a log (C2SP tlog-tiles), and tell what it must not do and who signs in your name")
    .requiredOption("--dir <directory>", "where it keeps what it has seen of this one log")
    .requiredOption("--log <url>", "where the log's checkpoint and tiles are")
    .requiredOption("--key <vkey>", "the log's verifier key")
    .option("--witness-policy <file>", "who must have cosigned each checkpoint")
    .option(
      "--watch <file>",
      "your names: lines `identity NAME [ISSUER]`, exact or glob:, and `key sha256:HEX`",
    )
    .option(
      "--expect <file>",
      "what may be signed in them: digests of artifacts or payloads, read at every look",
    )
    .option("--once", "look at all there is now, and end")
    .option("--interval <duration>", "how long to wait between looks: 30s, 5m", "1m")
    .option("--webhook <url>", "where alarms are posted as JSON, besides being printed")
    .option("--json", "print each alarm as one line of JSON")
    .addHelpText(
      "after",
      example(
        "custody monitor --dir /srv/monitor --log https://log.example.org --key log.example.org+b3c8…+AW… --once",
      ),
    )
    .action(run<MonitorOptions>(async (call) => (await import("./commands/monitor.ts")).monitor(call)));
}

function addLog(program: Command): void {
  const log = program.command("log").description("keys and proofs of transparency logs");
  log
    .command("key")
    .description("print the verifier keys of a trusted root's logs, as witnesses and monitors take them")
    .requiredOption("--trusted-root <file>", "the root that names the logs")
    .option("--json", "print the result as one JSON value")
    .addHelpText("after", example("custody log key --trusted-root trusted_root.json >> logs"))
    .action(run<{ trustedRoot: string }>(async (call) => (await import("./commands/log.ts")).logKeys(call)));
  log
    .command("proof")
    .argument("<index>", "the entry, by its place in the log")
    .description("print a proof that the log holds an entry, which verifies offline (C2SP tlog-proof)")
    .requiredOption("--log <url>", "where the log's checkpoint and tiles are")
    .requiredOption("--key <vkey>", "the log's verifier key")
    .option("--json", "print the result as one JSON value")
    .addHelpText(
      "after",
      example("custody log proof 12 --log https://log.example.org --key log.example.org+b3c8…+AW…"),
    )
    .action(run<LogOptions>(async (call) => (await import("./commands/log.ts")).logProof(call)));
  addSearch(log);
  log
    .command("verify")
    .description("read a whole log and verify it from entry 0 on: entries, tiles, root, signature")
    .requiredOption("--log <url>", "where the log's checkpoint and tiles are")
    .requiredOption("--key <vkey>", "the log's verifier key")
    .option("--json", "print the result as one JSON value")
    .addHelpText(
      "after",
      example("custody log verify --log https://log.example.org --key log.example.org+b3c8…+AW…"),
    )
    .action(run<LogOptions>(async (call) => (await import("./commands/log.ts")).logVerify(call)));
}

function addSearch(log: Command): void {
  common(log.command("search"))
    .description("find entries of the server's log, with proof that each is in it and that none was left out")
    .option("--identity <name>", "signed by whom, with --issuer: exactly as the certificate names it")
    .option("--issuer <url>", "who vouched for the identity")
    .option("--subject <digest>", "attestations about it, as sha256:HEX; of those that are kept here")
    .option("--type <uri>", "attestations of that predicate type; of those that are kept here")
    .option("--key <digest>", "signed by the key, sha256:HEX of its SubjectPublicKeyInfo")
    .option("--digest <digest>", "of an artifact, or of an envelope's payload")
    .option("--since <time>", "only those whose certificate begins then or later")
    .option("--until <time>", "only those whose certificate begins then or before")
    .option("--trusted-root <file>", "whose log it is, if not as the server says")
    .addHelpText("after", example("custody log search --subject sha256:310ba8ab…"))
    .action(run<SearchOptions>(async (call) => (await import("./commands/log-search.ts")).logSearch(call)));
}
