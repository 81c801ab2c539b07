import { Option } from "commander";
import type { Command } from "commander";

import { bytes, duration, example, ignored, language, parseCount, repeatable, run } from "./command-parts.ts";
import type { ConftestOptions } from "./conftest.ts";
import type { GatorTestOptions } from "./gator-test.ts";
import type { GatorVerifyOptions } from "./gator-verify.ts";
import type { WebhookCommandOptions } from "./webhook.ts";

/** Policies for Kubernetes, tested before they are in a cluster and asked by it, and for the files of a repository. */
export function addKubernetes(rego: Command): void {
  addGator(rego);
  addWebhook(rego);
  addConftest(rego);
}

function addGator(rego: Command): void {
  const gator = rego
    .command("gator")
    .description("test Gatekeeper's templates and constraints, as gator does");
  gator
    .command("verify")
    .argument("<path...>", "suites; directories with suites in them, or below them: policies/...")
    .description("run the tests of suites (test.gatekeeper.sh/v1alpha1)")
    .option("-v, --verbose", "show tests that pass too, and what they print")
    .option("-r, --run <regex>", "only tests or cases whose name matches; tests//cases for both")
    .option("--json", "print the results as JSON")
    .addHelpText(
      "after",
      `\nExit codes: 0 all pass, 1 a test failed, 2 suites could not be read.${example("custody rego gator verify -v policies/...")}`,
    )
    .action(run<GatorVerifyOptions>(async (call) => (await import("./gator-verify.ts")).gatorVerify(call)));
  gator
    .command("test")
    .description("review objects against the templates and constraints that are given with them")
    .addOption(
      repeatable(
        "-f, --filename <path>",
        "a file or a directory with templates, constraints and objects; repeatable",
      ),
    )
    .addOption(
      new Option("-o, --output <format>", "the form of the result")
        .choices(["text", "json", "yaml"])
        .default("text"),
    )
    .option("--deny-only", "show only what is denied")
    .addHelpText(
      "after",
      `\nWithout -f, documents come on standard input. Exit codes: 0 nothing denied, 1 something denied, 2 could not decide.${example("custody rego gator test -f policies -f manifest.yaml")}`,
    )
    .action(run<GatorTestOptions>(async (call) => (await import("./gator-test.ts")).gatorTest(call)));
}

function addWebhook(rego: Command): void {
  language(rego.command("webhook"))
    .argument("[path...]", "files and directories with policies in Rego and data")
    .description("answer Kubernetes whether objects are let in: POST /v1/admit takes an AdmissionReview")
    .option("-a, --addr <address>", "where to listen; port 0 takes a free one", "localhost:8443")
    .addOption(
      repeatable(
        "--gatekeeper <path>",
        "templates, constraints and objects that they may refer to; repeatable",
      ),
    )
    .option("--query <query>", "what of the policies denies or allows", "data.kubernetes.admission.deny")
    .option("--warn-query <query>", "what of the policies only warns", "data.kubernetes.admission.warn")
    .option("--tls-cert-file <file>", "a certificate chain, PEM; read again when it changes")
    .option("--tls-private-key-file <file>", "its key, PEM")
    .addOption(duration("--tls-poll-interval <duration>", "how often to look at both").default(10_000, "10s"))
    .addOption(
      duration("--policy-poll-interval <duration>", "how often to look for other policies").default(
        10_000,
        "10s",
      ),
    )
    .addOption(duration("--deadline <duration>", "how long a decision may take").default(2000, "2s"))
    .addOption(bytes("--max-body-bytes <count>", "the largest request", 8 * 1024 * 1024))
    .addOption(
      new Option("--max-steps <count>", "how many turns of loops an evaluation may take")
        .argParser(parseCount)
        .default(10_000_000),
    )
    .addOption(ignored())
    .addHelpText(
      "after",
      `\nWhat cannot be decided is refused. Register it with failurePolicy: Fail.${example("custody rego webhook --gatekeeper policies --tls-cert-file tls.crt --tls-private-key-file tls.key")}`,
    )
    .action(run<WebhookCommandOptions>(async (call) => (await import("./webhook.ts")).webhook(call)));
}

function addConftest(rego: Command): void {
  language(rego.command("conftest"))
    .argument("<path...>", "files and directories to check; - is standard input")
    .description("check configuration: YAML, JSON, TOML, HCL, Dockerfiles and INI files, as conftest does")
    .addOption(repeatable("-p, --policy <path>", "policies; repeatable; without any, the directory policy"))
    .addOption(repeatable("-d, --data <path>", "data for policies; repeatable"))
    .addOption(repeatable("-n, --namespace <name>", "whose rules check; repeatable; without any, main"))
    .option("--all-namespaces", "the rules of every namespace check")
    .option("--combine", "check all files at once: the input is [{path, contents}, …]")
    .addOption(
      new Option("--parser <format>", "the format of all files").choices(
        "yaml json toml hcl2 dockerfile ini".split(" "),
      ),
    )
    .option("--fail-on-warn", "end with 1 for warnings too")
    .addOption(
      new Option("-o, --output <form>", "the form of the result")
        .choices("stdout json sarif tap junit github".split(" "))
        .default("stdout"),
    )
    .addOption(ignored())
    .addHelpText(
      "after",
      `\nExit codes: 0 nothing denied, 1 something denied, 2 could not decide.${example("custody rego conftest --policy policies --output sarif deploy Dockerfile")}`,
    )
    .action(run<ConftestOptions>(async (call) => (await import("./conftest.ts")).conftest(call)));
}
