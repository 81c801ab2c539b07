import type { Trace } from "@custody/server";

import { Client } from "../client.ts";
import { exitCodes, formatTable } from "../output.ts";
import type { Call } from "./call.ts";
import { getArgument } from "./call.ts";

/** `custody trace`. */
export async function trace(call: Call): Promise<number> {
  const client = await Client.open(call.options);
  const found = await client.get<Trace>("/trace", { thing: getArgument(call, 0) });
  call.output.result(found, linesOf(found));
  return exitCodes.yes;
}

function linesOf({ thing, direction, handOffs, processes }: Trace): string[] {
  const rows = handOffs.map(({ logIndex, signedAt, step, rendering }) => [
    `#${logIndex}`,
    new Date(signedAt).toISOString().slice(0, 19).replace("T", " "),
    step,
    rendering,
  ]);
  const running = processes.map(
    ({ name, process: found }) => `  ${name}: pid ${found?.pid} at http://${found?.address}`,
  );
  return [
    `${thing}, ${direction === "back" ? "back to its commit" : "forward to what runs it"}:`,
    ...formatTable(rows).map((line) => `  ${line}`),
    ...(running.length > 0 ? ["running now:", ...running] : ["nothing runs it now"]),
  ];
}
