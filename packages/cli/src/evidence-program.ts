import { Option } from "commander";
import type { Command } from "commander";

import { collect, common, example, run } from "./command-parts.ts";
import type { AttestOptions } from "./attest/attest.ts";
import type { RunOptions } from "./attest/run.ts";
import type { WithdrawOptions } from "./attest/withdraw.ts";
import type { InTotoVerifyOptions } from "./commands/in-toto.ts";
import type { TokenOptions } from "./commands/token.ts";
import type { VerifyBundleOptions } from "./commands/verify-bundle.ts";

/** The commands that make and verify evidence of any origin. */
export function addEvidenceCommands(program: Command): void {
  addToken(program);
  addRun(program);
  addAttest(program);
  addWithdraw(program);
  addVerifyBundle(program);
  addInToto(program);
}

function addToken(program: Command): void {
  common(program.command("token"))
    .argument("<identity>", "whom the server is to vouch for: a mail address or a URI")
    .description("print an identity token for ten minutes, which Sigstore's clients sign with")
    .option("--audience <name>", "who is to take it", "sigstore")
    .addHelpText("after", example("custody token alice@example.org > token"))
    .action(run<TokenOptions>(async (call) => (await import("./commands/token.ts")).token(call)));
}

function addRun(program: Command): void {
  signing(common(program.command("run")))
    .argument("<command...>", "what to run, after --")
    .requiredOption("--step <name>", "which step of the layout it is")
    .addOption(
      repeatable(
        "--material <[name=]path>",
        "what it takes in besides the commit: a file, a directory, NAME=sha256:HEX",
      ),
    )
    .addOption(repeatable("--product <[name=]path>", "what it makes; without a name it goes by STEP/PATH"))
    .addOption(repeatable("--exclude <pattern>", "what to leave out of directories"))
    .addOption(
      repeatable(
        "--env <name[=value]>",
        "what it may see of the environment besides PATH, HOME, LANG and their like",
      ),
    )
    .option(
      "--allow-dirty",
      "run over a work tree that is not as the commit; the attestation names no source then",
    )
    .description(
      "run a step of a pipeline that lives elsewhere, and attest what it took in, made and how it ended",
    )
    .addHelpText(
      "after",
      example("custody run --step scan --server https://custody.example.org -- make scan"),
    )
    .action(run<RunOptions>(async (call) => (await import("./attest/run.ts")).run(call)));
}

function addAttest(program: Command): void {
  signing(common(program.command("attest")))
    .argument("<subject...>", "what it is about: files, sha256:HEX, or images as host/name@sha256:HEX")
    .requiredOption("--type <type>", "the attestation's type: a short name, or any URI")
    .requiredOption("--predicate <file>", "what it says, JSON")
    .option("--name <name>", "what the subject is called")
    .description("sign that a predicate holds for files, digests or images")
    .addHelpText(
      "after",
      example("custody attest --type openvex --predicate app.openvex.json host/app@sha256:…"),
    )
    .action(run<AttestOptions>(async (call) => (await import("./attest/attest.ts")).attest(call)));
}

function addWithdraw(program: Command): void {
  signing(common(program.command("withdraw")))
    .argument(
      "<attestation>",
      "its digest, as trace --json names it; or its bundle's file, to withdraw it as its signer",
    )
    .requiredOption("--reason <text>", "why it no longer counts; everybody who verifies reads it")
    .option("--superseded-by <attestation>", "the digest, or the bundle's file, of what takes its place")
    .description(
      "take an attestation back, in the log: it counts no more, and what runs by it is judged again",
    )
    .addHelpText("after", example('custody withdraw sha256:… --reason "the scanner was misconfigured"'))
    .action(run<WithdrawOptions>(async (call) => (await import("./attest/withdraw.ts")).withdraw(call)));
}

function signing(command: Command): Command {
  return command
    .option(
      "--identity-token <token>",
      "who signs: a token or its file; else $CUSTODY_IDENTITY_TOKEN, $SIGSTORE_ID_TOKEN or the CI system's own",
    )
    .option("--signing-config <file>", "where to sign, if not at the server")
    .option("--trusted-root <file>", "whom to trust, if not as the server says")
    .option("--bundle <file>", "write the bundle to a new file")
    .option("--no-upload", "do not give the attestation to the server; it is in the log all the same");
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description}; repeatable`).argParser(collect).default([]);
}

function addVerifyBundle(program: Command): void {
  program
    .command("verify-bundle")
    .argument("<artifact>", "what was signed: a file, or sha256:HEX")
    .description("verify a Sigstore bundle of any instance, offline; without a root Sigstore's public one")
    .requiredOption("--bundle <file>", "the bundle, v0.1 to v0.3")
    .option("--certificate-identity <name>", "who must have signed: exactly, or glob:PATTERN")
    .option("--certificate-oidc-issuer <url>", "who must have vouched for that: exactly, or glob:PATTERN")
    .option("--key <file>", "the public key that must have signed, PEM; no identity is asked for then")
    .addOption(
      new Option("--trusted-root <file>", "whose certificates, logs and timestamps count").conflicts([
        "tufUrl",
        "tufRoot",
      ]),
    )
    .option("--tuf-url <url>", "ask a TUF repository for the trusted root; all else is offline")
    .option("--tuf-root <file>", "the repository's root, which you have over a way that you trust")
    .option("--witness-policy <file>", "who must have cosigned the checkpoints of its log entries")
    .option("--predicate-type <uri>", "the type that the attestation must be of")
    .option("--json", "print the result as one JSON value")
    .addHelpText(
      "after",
      `${example(
        "custody verify-bundle --bundle app.sigstore.json --certificate-identity me@example.org \\",
      )}\n      --certificate-oidc-issuer https://accounts.example.org app.tar`,
    )
    .action(
      run<VerifyBundleOptions>(async (call) =>
        (await import("./commands/verify-bundle.ts")).verifyBundle(call),
      ),
    );
}

function addInToto(program: Command): void {
  program
    .command("in-toto")
    .description("verify supply chains with in-toto's own layouts and links")
    .command("verify")
    .description("verify a final product against a layout: who did what, in which order, with what")
    .requiredOption("--layout <file>", "the layout: metablock or DSSE, or an attestation layout, YAML too")
    .option(
      "--keys <file...>",
      "public keys, PEM; each must have signed the layout (a plain attestation layout has no signatures)",
    )
    .option("--links <directory>", "where the links or attestations lie", ".")
    .option("--directory <directory>", "where the final product lies, for inspections; it is copied", ".")
    .addOption(
      new Option("--inspections <how>", "run the layout's inspections without network, unprotected, or not")
        .choices(["sandbox", "host", "refuse"])
        .default("sandbox"),
    )
    .addOption(
      new Option("--inspection-timeout <seconds>", "how long one may take").argParser(Number).default(60),
    )
    .addOption(
      new Option("--parameter <name=value>", "what stands for {NAME} in the layout; repeatable")
        .argParser(collect)
        .default([]),
    )
    .option("--json", "print the result as one JSON value")
    .addHelpText(
      "after",
      example("custody in-toto verify --layout root.layout --keys alice.pub --links links/"),
    )
    .action(
      run<InTotoVerifyOptions>(async (call) => (await import("./commands/in-toto.ts")).verifyInToto(call)),
    );
}
