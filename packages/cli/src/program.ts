import { Command, Option } from "commander";
import type { CommanderError } from "commander";

import { addAttestationCommands } from "./attestation/program.ts";
import type { DeliverOptions } from "./commands/deliver.ts";
import type { RulesOptions } from "./commands/rules.ts";
import type { UpOptions } from "./commands/up.ts";
import type { VerifyOptions } from "./commands/verify.ts";
import { collect, common, example, run } from "./command-parts.ts";
import { addEvidenceCommands } from "./evidence-program.ts";
import { addLogCommands } from "./log-program.ts";
import { addRegoCommands } from "./rego/program.ts";
import { addTrustCommands } from "./trust/program.ts";
import { addTufCommands } from "./tuf/program.ts";

const signerFlag = "--signer <name=file>";

/** The `custody` command. Each command's code is loaded when it is called: verifying should not wait for a server. */
export function buildProgram(): Command {
  const program = new Command("custody")
    .description("An unbroken, provable chain from a developer's signed commit to every running process.")
    .version("0.1.0")
    .showHelpAfterError("(custody --help shows all commands)")
    .exitOverride((error) => process.exit(exitCodeOf(error)))
    .addHelpText(
      "after",
      "\nExit codes: 0 yes, 1 refused, 2 could not decide or do.\nStart with: custody up, then custody init in a repository.",
    );
  addServerCommands(program);
  addRepositoryCommands(program);
  addQueryCommands(program);
  addEvidenceCommands(program);
  addAttestationCommands(program);
  addLogCommands(program);
  addTrustCommands(program);
  addTufCommands(program);
  addRegoCommands(program);
  return program;
}

// Commander's own errors are wrong use; help and version that were asked for are not errors.
function exitCodeOf({ exitCode }: CommanderError): number {
  return exitCode === 0 ? 0 : 2;
}

function addServerCommands(program: Command): void {
  common(program.command("up"))
    .description("start a server on a durable directory; it runs until it is told to stop")
    .addOption(
      new Option("--listen <host:port>", "where to listen; port 0 takes a free one").default(
        "127.0.0.1:7080",
      ),
    )
    .addOption(
      new Option("--trust-domain <name>", "the SPIFFE trust domain, fixed at the first start").default(
        "custody.local",
      ),
    )
    .option("--database <url>", "your PostgreSQL; without it the server starts its own")
    .option("--url <url>", "under which others reach the server, where it is not what it listens on")
    .option(
      "--oidc-issuers <file>",
      "whose identity tokens certificates are given for, as Fulcio's config.yaml",
    )
    .option(
      "--witness-policy <file>",
      "from now on the log publishes what a quorum of these witnesses cosigned (C2SP tlog-policy)",
    )
    .option("--log-shard-year", "in the first start of a year the log goes on in a new shard")
    .option("--log-shard-size <entries>", "a start that finds so many in the log's shard begins a new one")
    .option("--no-install", "do not install missing host tools, say what is missing instead")
    .addHelpText("after", example("custody up --dir /srv/custody --trust-domain example.org"))
    .action(run<UpOptions>(async (call) => (await import("./commands/up.ts")).up(call)));
  common(program.command("console"))
    .description("print a link that signs in at the console, once and within ten minutes")
    .addHelpText("after", example("custody console"))
    .action(run(async (call) => (await import("./commands/console.ts")).openConsole(call)));
  common(program.command("ps"))
    .description("list the processes that run, each with the image it was admitted as")
    .addHelpText("after", example("custody ps --json"))
    .action(run(async (call) => (await import("./commands/ps.ts")).ps(call)));
  common(program.command("stop"))
    .argument("<workload>", "the repository whose process is to end")
    .description("stop a workload; `custody start` starts it again")
    .addHelpText("after", example("custody stop hello"))
    .action(run(async (call) => (await import("./commands/desire.ts")).desire("stopped", call)));
  common(program.command("start"))
    .argument("<workload>", "the repository whose admitted image is to run")
    .description("start a stopped workload again; its admission is checked anew")
    .option("--image <thing>", "another admitted image of the repository: a digest or repository:tag")
    .addHelpText("after", example("custody start hello"))
    .action(
      run<{ image?: string }>(async (call) => (await import("./commands/desire.ts")).desire("running", call)),
    );
}

function addRepositoryCommands(program: Command): void {
  common(program.command("init"))
    .argument("[directory]", "the repository", ".")
    .description("write a commented custody.yaml for the repository it stands in")
    .option("--force", "replace a custody.yaml that is there")
    .addHelpText("after", example("cd hello && custody init"))
    .action(run<{ force?: boolean }>(async (call) => (await import("./commands/init.ts")).init(call)));
  const policy = program
    .command("policy")
    .description("who may sign a repository's commits, and the layout its chain must follow");
  common(policy.command("set"))
    .argument("[directory]", "the repository, with its custody.yaml", ".")
    .description("hold the repository's later deliveries to the custody.yaml that is there now")
    .addOption(
      new Option(signerFlag, "a developer and the file of the SSH public key; repeatable")
        .argParser(collect)
        .default([]),
    )
    .addOption(new Option("--valid-for <duration>", "how long these keys count: 30m, 12h, 7d").default("12h"))
    .addHelpText("after", example("custody policy set --signer ada=~/.ssh/id_ed25519.pub --valid-for 12h"))
    .action(
      run<{ signer: string[]; validFor: string }>(async (call) =>
        (await import("./commands/policy.ts")).setPolicy(call),
      ),
    );
  common(policy.command("show"))
    .argument("<repository>", "the repository's name")
    .description("print the policy in force and its revision")
    .addHelpText("after", example("custody policy show hello"))
    .action(run(async (call) => (await import("./commands/policy.ts")).showPolicy(call)));
  common(policy.command("retire"))
    .argument("<repository>", "the repository's name")
    .argument("<signer>", "the developer's name in the policy")
    .description("from now on the developer's keys sign nothing new; what the log saw before stays good")
    .addHelpText("after", example("custody policy retire hello ada"))
    .action(run(async (call) => (await import("./commands/policy.ts")).retireSigner(call)));
  addRules(policy);
  common(program.command("lock"))
    .argument("[directory]", "the repository, with its custody.yaml", ".")
    .description("pin the stemcells to the packages that the last delivery's were made of (custody.lock)")
    .addHelpText("after", example("custody lock && git add custody.lock"))
    .action(run(async (call) => (await import("./commands/lock.ts")).lock(call)));
  common(program.command("deliver"))
    .argument("<repository>", "a directory with a git repository, or the URL of one")
    .description("take a signed commit all the way to a running process, or say why not")
    .option("--ref <ref>", "what to deliver: a branch, a tag, a commit's reference", "HEAD")
    .option("--name <repository>", "the repository's name, where it cannot be read from custody.yaml")
    .option("--detach", "return when the commit is taken in")
    .addHelpText("after", example("custody deliver ."))
    .action(run<DeliverOptions>(async (call) => (await import("./commands/deliver.ts")).deliver(call)));
}

function addQueryCommands(program: Command): void {
  common(program.command("deliveries"))
    .argument("[repository]", "only this repository's")
    .description("list deliveries, the newest first, and how they ended")
    .addHelpText("after", example("custody deliveries hello"))
    .action(run(async (call) => (await import("./commands/deliveries.ts")).deliveries(call)));
  const thing = "a pid, a commit, a digest, repository, or repository:tag";
  common(program.command("trace"))
    .argument("<thing>", thing)
    .description(
      "print the way back to the commit and its signer, or from a commit forward to all that runs it",
    )
    .addHelpText("after", example("custody trace 4711"))
    .action(run(async (call) => (await import("./commands/trace.ts")).trace(call)));
  common(program.command("verify"))
    .argument("<thing>", `${thing}; or the file of an exported chain`)
    .description("verify the whole chain of a thing; an exported file needs no server and no network")
    .option("--trusted-root <file>", "whom to trust, for an exported file")
    .option("--witness-policy <file>", "who must have cosigned the log's checkpoints, for an exported file")
    .option("--image <digest>", "what an exported file must be about; without it the file says so itself")
    .option("--repository <name>", "the repository that an exported file must be about")
    .addHelpText(
      "after",
      `${example("custody verify hello:latest")}\n  $ custody verify chain.tar --trusted-root trusted_root.json`,
    )
    .action(run<VerifyOptions>(async (call) => (await import("./commands/verify.ts")).verify(call)));
  common(program.command("export"))
    .argument("<image>", thing)
    .description("write the whole chain of an image into one file that verifies offline")
    .requiredOption("-o, --output <file>", "the file to write")
    .addHelpText("after", example("custody export hello:latest -o chain.tar"))
    .action(
      run<{ output: string }>(async (call) => (await import("./commands/export.ts")).exportChain(call)),
    );
}

function addRules(policy: Command): void {
  common(policy.command("rules"))
    .argument("<name>", "the repository, or with a flag the project or workload")
    .argument("[directory]", "modules of packages gates.GATE; none there takes back what was added")
    .description("print what is added to the gates, or add what is in a directory: it can only deny more")
    .option("--project", "for every repository whose name begins with NAME/")
    .option("--workload", "for the workload of that name")
    .option("--check", "only hold the modules against the language and the gates' facts")
    .addHelpText("after", example("custody policy rules hello rules/"))
    .action(run<RulesOptions>(async (call) => (await import("./commands/rules.ts")).rules(call)));
  common(policy.command("facts"))
    .argument("[gate]", "source, build, package, publish, admit or running")
    .description("print the JSON Schema of what a gate is told")
    .addHelpText("after", example("custody policy facts admit"))
    .action(run(async (call) => (await import("./commands/rules.ts")).facts(call)));
}
