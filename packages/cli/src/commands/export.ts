import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { CustodyError } from "custody/ground";

import { Client } from "../client.ts";
import { exitCodes } from "../output.ts";
import type { Call } from "./call.ts";
import { getArgument } from "./call.ts";

/** `custody export`: the file is there whole, or not at all. */
export async function exportChain(call: Call<{ readonly output: string }>): Promise<number> {
  const thing = getArgument(call, 0);
  const client = await Client.open(call.options);
  const response = await client.request("GET", "/export", { query: { thing } });
  const path = call.options.output;
  const partial = `${path}.partial`;
  try {
    if (!response.body) throw new CustodyError("cli/http", "the server sent nothing");
    await pipeline(Readable.fromWeb(response.body), createWriteStream(partial));
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new CustodyError("cli/write", `the chain could not be written to ${path}`, {
      subject: path,
      cause,
    });
  }
  call.output.result({ thing, file: path }, [
    `wrote the chain of ${thing} to ${path}`,
    `verify it anywhere: custody verify ${path} --trusted-root trusted_root.json`,
  ]);
  return exitCodes.yes;
}
