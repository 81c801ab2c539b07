import { exitCodes } from "../output.ts";
import { defaultDirectory } from "../client.ts";
import type { Call } from "./call.ts";

export interface UpOptions {
  readonly listen: string;
  readonly trustDomain: string;
  readonly database?: string;
  readonly install: boolean;
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
  });
  output.result({ url: server.url, directory, pid: process.pid }, [
    `custody is up at ${server.url}, trust domain ${options.trustDomain}, data in ${directory}`,
  ]);
  await untilSignal();
  output.progress("stopping");
  await server.stop();
  // A request that was under way may still wait for a program, such as git.
  setTimeout(() => process.exit(), lingerMilliseconds).unref();
  return exitCodes.yes;
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
