import { Command, Option } from "commander";

import { collect, example, run } from "../command-parts.ts";
import type { CommonOptions } from "../commands/call.ts";
import type { TufOptions } from "./options.ts";

const inDirectory = "custody tuf --metadata-dir acme";
const there = `${inDirectory} --metadata-url https://acme.example/tuf`;

/** `custody tuf …`: a client of any TUF repository, called as tuf-conformance calls clients: options first, then what to do. */
export function addTufCommands(program: Command): void {
  const tuf = program
    .command("tuf")
    .description("follow a TUF repository, anybody's, and take from it only what it vouches for")
    .configureHelp({ showGlobalOptions: true })
    .requiredOption("--metadata-dir <directory>", "where the metadata lie that are trusted")
    .option("--metadata-url <url>", "where the repository's metadata are")
    .addOption(
      new Option("--target-name <path>", "a target to download; repeatable").argParser(collect).default([]),
    )
    .option("--target-base-url <url>", "where its targets are, if not below the metadata, in targets/")
    .option("--target-dir <directory>", "where targets go", ".")
    .option("--json", "print the result as one JSON value");
  tuf
    .command("init")
    .argument("<root>", "a root of the repository, which you have over a way that you trust")
    .description("begin to trust a repository; nothing is asked of it")
    .addHelpText("after", example(`${inDirectory} init 1.root.json`))
    .action(withGroup(async (call) => (await import("./init.ts")).init(call)));
  tuf
    .command("refresh")
    .description("bring the four roles up to date, through every change of keys")
    .addHelpText("after", example(`${there} refresh`))
    .action(withGroup(async (call) => (await import("./refresh.ts")).refresh(call)));
  tuf
    .command("download")
    .description(
      "bring the roles up to date, and take targets that they vouch for; what is there already stays",
    )
    .addHelpText("after", example(`${there} --target-name app/config.json download`))
    .action(withGroup(async (call) => (await import("./download.ts")).download(call)));
}

// The options are the group's: commander gives a command its own.
function withGroup(action: Parameters<typeof run<TufOptions>>[0]): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1);
    const options = command instanceof Command ? command.optsWithGlobals<TufOptions & CommonOptions>() : {};
    await run<TufOptions>(action)(...given.slice(0, -2), options, command);
  };
}
