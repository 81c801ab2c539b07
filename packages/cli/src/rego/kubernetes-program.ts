import { Option } from "commander";
import type { Command } from "commander";

import { example, repeatable, run } from "./command-parts.ts";
import type { GatorTestOptions } from "./gator-test.ts";
import type { GatorVerifyOptions } from "./gator-verify.ts";

/** `custody rego gator …`: policies for Kubernetes, before and while they are in a cluster. */
export function addKubernetes(rego: Command): void {
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
