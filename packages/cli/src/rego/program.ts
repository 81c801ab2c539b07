import { Option } from "commander";
import type { Command } from "commander";

import type { BenchOptions } from "./bench.ts";
import type { BuildOptions } from "./build.ts";
import type { CapabilitiesOptions } from "./capabilities.ts";
import type { CheckOptions } from "./check.ts";
import type { EvalOptions } from "./eval.ts";
import type { ExplainOptions } from "./explain.ts";
import {
  bytes,
  duration,
  example,
  formats,
  ignored,
  language,
  parseCount,
  parseMilliseconds,
  partial,
  repeatable,
  run,
  schema,
  strict,
} from "./command-parts.ts";
import type { FmtOptions } from "./fmt.ts";
import type { InspectOptions } from "./inspect.ts";
import { addKubernetes } from "./kubernetes-program.ts";
import type { ParseOptions } from "./parse.ts";
import type { PushOptions } from "./push.ts";
import type { ServeOptions } from "./serve.ts";
import type { SignOptions } from "./sign.ts";
import type { TestOptions } from "./test.ts";

/** `custody rego …`: policies in Rego, with the flags, the output and the exit codes of OPA's commands. */
export function addRegoCommands(program: Command): void {
  const rego = program
    .command("rego")
    .description("read, check, evaluate, test and explain policies in Rego, as OPA 1.19 does");
  addEvaluation(rego);
  addChecks(rego);
  addFmt(rego);
  addTests(rego);
  addBundles(rego);
  addServer(rego);
  addKubernetes(rego);
}

function addEvaluation(rego: Command): void {
  const evaluation = documents(language(rego.command("eval")))
    .argument("[query]", "what to evaluate: data.authz.allow")
    .description("evaluate a query over policies and data")
    .addOption(formats("json", "pretty", "values", "bindings", "raw", "discard", "source"))
    .option("--stdin", "read the query from standard input")
    .option("--fail", "end with 1 when the result is undefined")
    .option("--fail-defined", "end with 1 when the result is defined")
    .option("--strict-builtin-errors", "an error of a builtin ends the evaluation")
    .option("--coverage", "show which lines the evaluation came to")
    .addOption(
      new Option("--explain <mode>", "trace it: notes, fails, or full; or say which rules and lines decided")
        .choices(["off", "notes", "fails", "full", "debug", "decisions"])
        .default("off"),
    )
    .option("--var-values", "show the values of variables in traces")
    .option("--record <file>", "keep what the world answers (time, random, HTTP), for --replay")
    .option("--replay <file>", "ask nobody: have the recorded answers again")
    .option("--metrics", "show how long loading, compiling and evaluating took");
  partial(evaluation);
  withQueryHeader(evaluation)
    .addOption(new Option("--count <times>", "evaluate it so many times").argParser(parseCount).default(1))
    .addOption(new Option("--timeout <duration>", "give up after: 500ms, 2s").argParser(parseMilliseconds))
    .addHelpText("after", example("custody rego eval -d policies -i input.json data.authz.allow"))
    .action(run<EvalOptions>(async (call) => (await import("./eval.ts")).evaluate(call)));
  documents(language(rego.command("explain")))
    .argument("<query>", "what to explain: data.authz.allow")
    .description("say which rule, line and value decided the result of a query")
    .addOption(formats("pretty", "json"))
    .addHelpText("after", example("custody rego explain -d policies -i input.json data.authz.allow"))
    .action(run<ExplainOptions>(async (call) => (await import("./explain.ts")).explain(call)));
  withQueryHeader(documents(language(rego.command("bench"))))
    .argument("<query>", "what to measure: data.authz.allow")
    .description("measure how long one evaluation of a prepared query takes")
    .addOption(formats("pretty", "json"))
    .addOption(new Option("--count <times>", "measure it so many times").argParser(parseCount).default(1))
    .addOption(
      new Option("--duration <duration>", "for how long").argParser(parseMilliseconds).default(1000, "1s"),
    )
    .option("--no-fail", "measure a query that is undefined too")
    .addHelpText("after", example("custody rego bench -d policies -i input.json data.authz.allow"))
    .action(run<BenchOptions>(async (call) => (await import("./bench.ts")).bench(call)));
}

function addChecks(rego: Command): void {
  language(rego.command("check"))
    .argument("<path...>", "files and directories")
    .description("read and check policies; silent when all is well")
    .addOption(formats("pretty", "json"))
    .option("-b, --bundle", "the paths are bundles")
    .addOption(schema())
    .addOption(strict())
    .addOption(ignored())
    .addHelpText("after", example("custody rego check policies"))
    .action(run<CheckOptions>(async (call) => (await import("./check.ts")).check(call)));
  language(rego.command("parse"))
    .argument("<file>", "a module")
    .description("print the syntax tree of a module")
    .addOption(formats("pretty", "json"))
    .option("--no-comments", "leave comments out")
    .addHelpText("after", example("custody rego parse --format json policies/authz.rego"))
    .action(run<ParseOptions>(async (call) => (await import("./parse.ts")).parse(call)));
  rego
    .command("capabilities")
    .description("list the builtins that policies may call")
    .option("--current", "print a capabilities file, as OPA has them")
    .option("--json", "the same")
    .addHelpText("after", example("custody rego capabilities --current > capabilities.json"))
    .action(run<CapabilitiesOptions>(async (call) => (await import("./capabilities.ts")).capabilities(call)));
}

function addFmt(rego: Command): void {
  language(rego.command("fmt"))
    .argument("[path...]", "files and directories; without any, a module on standard input")
    .description("lay policies out as OPA does")
    .option("-w, --write", "write the files instead of printing them")
    .option("-l, --list", "print the names of the files that would change")
    .option("-d, --diff", "print what would change")
    .option("--fail", "end with 2 when a file would change")
    .option("--v0-v1", "lay modules of the language before OPA 1.0 out to be of both languages")
    .option("--drop-v0-imports", "leave out imports that OPA 1.0 does not need")
    .addOption(
      new Option("--check-result [boolean]", "make sure that what was laid out can be read")
        .choices(["true", "false"])
        .default("true"),
    )
    .addHelpText("after", example("custody rego fmt --diff --fail policies"))
    .action(run<FmtOptions>(async (call) => (await import("./fmt.ts")).fmt(call)));
}

function addTests(rego: Command): void {
  language(rego.command("test"))
    .argument("<path...>", "files and directories with policies, tests and data")
    .description("run the rules that are called test_…; those called todo_test_… are skipped")
    .addOption(formats("pretty", "json"))
    .option("-v, --verbose", "show tests that pass too, and where others failed")
    .option("-r, --run <regex>", "only tests whose full name matches")
    .addOption(
      new Option("--explain <mode>", "trace tests that fail").choices(["notes", "fails", "full", "debug"]),
    )
    .option("-b, --bundle", "the paths are bundles")
    .option("-c, --coverage", "print which lines the tests came to, as JSON")
    .addOption(schema())
    .addOption(
      new Option("--threshold <percent>", "end with 2 when coverage is lower").argParser(Number).default(0),
    )
    .addOption(
      new Option("--timeout <duration>", "how long one test may take")
        .argParser(parseMilliseconds)
        .default(5000, "5s"),
    )
    .addOption(new Option("--count <times>", "run them so many times").argParser(parseCount).default(1))
    .option("--fail-on-empty", "end with 1 when there are no tests")
    .option("-z, --exit-zero-on-skipped", "tests that are skipped are no failure")
    .addOption(
      new Option("--sort <order>", "the order of JSON results").choices(["none", "duration"]).default("none"),
    )
    .addOption(ignored())
    .addHelpText(
      "after",
      `\nExit codes: 0 all pass, 1 could not be run, 2 a test failed or coverage is too low.${example("custody rego test -v policies")}`,
    )
    .action(run<TestOptions>(async (call) => (await import("./test.ts")).runTests(call)));
}

function addBundles(rego: Command): void {
  signing(language(rego.command("build")))
    .argument("<path...>", "files and directories with policies and data")
    .description("make a bundle of policies that check, and data")
    .option("-b, --bundle", "the paths are bundles: their manifests count")
    .option("-o, --output <file>", "the file to write: bundle.tar.gz or policy.mjs unless it is named")
    .addOption(
      new Option("-t, --target <target>", "a bundle, or a module of JavaScript")
        .choices(["rego", "es"])
        .default("rego"),
    )
    .option("-r, --revision <text>", "the revision of the bundle")
    .option("--signing-key <key>", "sign it: a PEM file, or a secret for HMAC")
    .option("--verification-key <key>", "verify the bundles first: a PEM file, or a secret for HMAC")
    .option("--scope <scope>", "the scope that signatures must have")
    .addOption(schema())
    .addOption(repeatable("--exclude-files-verify <name>", "a file that need not be signed; repeatable"))
    .addOption(ignored())
    .addHelpText("after", example("custody rego build policies --revision 7 -o policies.tar.gz"))
    .action(run<BuildOptions>(async (call) => (await import("./build.ts")).build(call)));
  signing(rego.command("sign"))
    .argument("<path...>", "bundles: directories or archives")
    .description("write the signature of bundles, .signatures.json")
    .requiredOption("--signing-key <key>", "a PEM file, or a secret for HMAC")
    .option("-b, --bundle", "the paths are bundles (they always are)")
    .option("-o, --output-file-path <directory>", "where to write .signatures.json", ".")
    .addHelpText("after", example("custody rego sign --signing-key key.pem --bundle policies"))
    .action(run<SignOptions>(async (call) => (await import("./sign.ts")).sign(call)));
  rego
    .command("push")
    .argument("<bundle>", "the archive of a bundle: bundle.tar.gz")
    .argument("<reference>", "where to: registry.test/policies/authz:1")
    .description("push a bundle to an OCI registry, in the form that OPA pulls it in")
    .option("--user <name>", "who pushes", "custody")
    .requiredOption("--password-file <file>", "a file with the password, or the token of a Custody server")
    .option("--plain-http", "the registry has no TLS")
    .option("--json", "print the reference as JSON")
    .addHelpText(
      "after",
      example("custody rego push bundle.tar.gz registry.test/policies/authz:1 --password-file token"),
    )
    .action(run<PushOptions>(async (call) => (await import("./push.ts")).push(call)));
  language(rego.command("inspect"))
    .argument("[path]", "a bundle: a directory or an archive", ".")
    .description("show what a bundle holds: packages, files, annotations; verify its signature")
    .addOption(formats("pretty", "json"))
    .option("-a, --annotations", "show annotations (JSON)")
    .option(
      "--verification-key <key>",
      "end with 1 unless this key signed it: a PEM file, or a secret for HMAC",
    )
    .option("--signing-alg <name>", "the algorithm of the key", "RS256")
    .addHelpText("after", example("custody rego inspect policies.tar.gz"))
    .action(run<InspectOptions>(async (call) => (await import("./inspect.ts")).inspect(call)));
}

function addServer(rego: Command): void {
  language(rego.command("serve"))
    .argument("[path...]", "files and directories with policies and data")
    .description("answer on HTTP as OPA's server does: /v1/data, /v1/policies, /v1/query …")
    .option("-a, --addr <address>", "where to listen; port 0 takes a free one", "localhost:8181")
    .addOption(
      repeatable("-b, --bundle <bundle>", "a bundle: directory, archive or URL, or name=one; repeatable"),
    )
    .option("-c, --config-file <file>", "OPA's configuration, YAML or JSON; ${NAME} stands for a variable")
    .addOption(repeatable("--set <setting>", "an option over the file's: status.console=true; repeatable"))
    .addOption(repeatable("--set-file <setting>", "the same with a file that holds the value; repeatable"))
    .addOption(
      duration("--poll-interval <duration>", "how often to ask URLs of bundles").default(60_000, "60s"),
    )
    .option("--verification-key <key>", "only bundles that it signed count: a PEM file, or a secret for HMAC")
    .option("--signing-alg <name>", "the algorithm of the key", "RS256")
    .option("--scope <scope>", "the scope that signatures must have")
    .addOption(
      new Option("--authentication <scheme>", "who asks: nobody, or a bearer token")
        .choices(["off", "token"])
        .default("off"),
    )
    .addOption(
      new Option("--authorization <scheme>", "who may: all, or whom system.authz.allow lets in")
        .choices(["off", "basic"])
        .default("off"),
    )
    .option("--token-file <file>", "let in only who has one of its tokens, one a line")
    .option("--log-decisions <place>", "log decisions to stdout, a file, or a URL that takes gzipped arrays")
    .option("--log-secrets", "log what looks like a secret too: password, token, authorization …")
    .addOption(bytes("--log-buffer-bytes <count>", "how much may wait for the log", 16 * 1024 * 1024))
    .addOption(
      duration("--evaluation-timeout <duration>", "how long one decision may take").default(5000, "5s"),
    )
    .addOption(bytes("--max-body-bytes <count>", "the largest request", 256 * 1024 * 1024))
    .addOption(ignored())
    .addHelpText("after", example("custody rego serve --log-decisions stdout policies"))
    .action(run<ServeOptions>(async (call) => (await import("./serve.ts")).serve(call)));
}

function signing(command: Command): Command {
  return command
    .option("--signing-alg <name>", "the algorithm of the keys", "RS256")
    .option("--claims-file <file>", "claims of the signature, JSON");
}

function documents(command: Command): Command {
  return command
    .addOption(repeatable("-d, --data <path>", "policies and data: files and directories; repeatable"))
    .addOption(repeatable("-b, --bundle <path>", "a bundle: a directory or an archive; repeatable"))
    .option("-i, --input <file>", "the input, JSON or YAML")
    .option("-I, --stdin-input", "read the input from standard input")
    .addOption(schema())
    .addOption(strict())
    .addOption(ignored());
}

function withQueryHeader(command: Command): Command {
  return command
    .option("--package <path>", "the package that the query stands in")
    .addOption(repeatable("--import <path>", "what the query imports; repeatable"));
}
