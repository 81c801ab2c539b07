import { Option } from "commander";
import type { Command } from "commander";

import { collect, common, example, run } from "../command-parts.ts";
import type { RotateKeyOptions } from "./rotate-key.ts";
import type { RotateRootOptions } from "./rotate-root.ts";

const rootDays = 365;

/** `custody trust …`: the TUF repository that says whom to trust, and the keys behind it. */
export function addTrustCommands(program: Command): void {
  const trust = program
    .command("trust")
    .description("show and rotate the keys that clients come to trust through the server's TUF repository");
  common(trust.command("show"))
    .description("print the trusted root's revision, the roles, until when each holds, and whose keys sign")
    .addHelpText("after", example("custody trust show"))
    .action(run(async (call) => (await import("./show.ts")).show(call)));
  trust
    .command("new-key")
    .argument("<file>", "where the private key goes; the public one goes beside it, as .pub")
    .description("make a key for the root role, on a machine of its own if you can")
    .option("--json", "print the result as one JSON value")
    .addHelpText("after", example("custody trust new-key bob.key"))
    .action(run(async (call) => (await import("./new-key.ts")).newKey(call)));
  addRotateRoot(trust);
  addSigning(trust);
  addRotateKey(trust);
}

function addRotateRoot(trust: Command): void {
  signing(common(trust.command("rotate-root")))
    .description("the next root: with other keys, another threshold, or only a later end")
    .addOption(
      new Option("--add <file>", "a public key, PEM, of the root role").argParser(collect).default([]),
    )
    .addOption(new Option("--remove <id>", "a key that is no longer of it").argParser(collect).default([]))
    .addOption(new Option("--threshold <n>", "how many root keys must sign from then on").argParser(Number))
    .addHelpText(
      "after",
      example("custody trust rotate-root --key alice.key --key bob.key --add bob.key.pub --threshold 2"),
    )
    .action(run<RotateRootOptions>(async (call) => (await import("./rotate-root.ts")).rotateRoot(call)));
}

function addSigning(trust: Command): void {
  trust
    .command("sign")
    .argument("<file>", "a root that rotate-root --out has written")
    .description("add signatures to a root; no server is asked")
    .addOption(keyOption())
    .requiredOption("--out <file>", "where the root goes with them")
    .option("--json", "print the result as one JSON value")
    .addHelpText("after", example("custody trust sign --key bob.key --out signed.root.json next.root.json"))
    .action(
      run<{ readonly key: readonly string[]; readonly out: string }>(async (call) =>
        (await import("./rotate-root.ts")).sign(call),
      ),
    );
  common(trust.command("publish"))
    .argument("<file>", "a root that enough keys have signed")
    .description("put a root in force")
    .addHelpText("after", example("custody trust publish signed.root.json"))
    .action(run(async (call) => (await import("./rotate-root.ts")).publish(call)));
}

function addRotateKey(trust: Command): void {
  signing(common(trust.command("rotate-key")))
    .argument("<key>", "online (of the repository), or signing, keyless or timestamp")
    .description("a new key in the place of one; what the old one signed stays good")
    .addHelpText(
      "after",
      `${example("custody trust rotate-key online --key alice.key")}
  $ custody trust rotate-key timestamp --dir /srv/custody

The keys of the services are rotated while the server is down; at the next start root.key, for keyless
keyless-root.key, must be in its place again.`,
    )
    .action(run<RotateKeyOptions>(async (call) => (await import("./rotate-key.ts")).rotateKey(call)));
}

function signing(command: Command): Command {
  return command
    .addOption(keyOption())
    .addOption(
      new Option("--days <n>", "for how long the new root holds").argParser(Number).default(rootDays),
    )
    .option("--out <file>", "write the root there for others to sign, instead of putting it in force");
}

function keyOption(): Option {
  return new Option("--key <file>", "a private key of the root role; repeatable")
    .argParser(collect)
    .default([]);
}
