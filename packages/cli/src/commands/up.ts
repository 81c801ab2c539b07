import { CustodyError } from "custody/ground";

import { exitCodes } from "../output.ts";
import { defaultDirectory } from "../client.ts";
import type { Call } from "./call.ts";
import { untilSignal } from "./until-signal.ts";

export interface UpOptions {
  readonly listen: string;
  readonly trustDomain: string;
  readonly database?: string;
  readonly install: boolean;
  readonly url?: string;
  readonly oidcIssuers?: string;
  readonly witnessPolicy?: string;
  readonly logShardYear?: boolean;
  readonly logShardSize?: string;
}

const lingerMilliseconds = 1000;

/** `custody up`: runs until SIGTERM or SIGINT. */
export async function up({ output, options }: Call<UpOptions>): Promise<number> {
  const { startServer } = await import("@custody/server");
  const directory = options.dir ?? defaultDirectory();
  const server = await startServer({
    directory,
    listen: options.listen,
    trustDomain: options.trustDomain,
    install: options.install,
    say: (line) => output.progress(line),
    ...(options.database === undefined ? {} : { database: options.database }),
    ...(options.url === undefined ? {} : { url: readUrl(options.url) }),
    ...(options.oidcIssuers === undefined ? {} : { oidcIssuers: options.oidcIssuers }),
    ...(options.witnessPolicy === undefined ? {} : { witnessPolicy: options.witnessPolicy }),
    shardPlan: {
      ...(options.logShardYear ? { yearly: true } : {}),
      ...(options.logShardSize === undefined ? {} : { sizeLimit: readCount(options.logShardSize) }),
    },
  });
  const link = await server.makeSignInLink();
  output.result({ url: server.url, directory, pid: process.pid, console: link }, [
    `custody is up at ${server.url}, trust domain ${options.trustDomain}, data in ${directory}`,
    `look at it at ${link} (signs in once, within ten minutes; another: custody console)`,
  ]);
  await untilSignal();
  output.progress("stopping");
  await server.stop();
  // A request that was under way may still wait for a program, such as git.
  setTimeout(() => process.exit(), lingerMilliseconds).unref();
  return exitCodes.yes;
}

function readCount(text: string): number {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
  throw new CustodyError("cli/usage", `"${text}" is not a number of entries`, {
    next: "write it as 100000000",
  });
}

function readUrl(text: string): string {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === "")
    return text.replace(/\/+$/, "");
  throw new CustodyError("cli/usage", `"${text}" is not the URL of a server`, {
    next: "write it as https://custody.example.org",
  });
}
