import { nodeCrypto } from "@custody/node/crypto";
import { openTufTrustStore } from "@custody/node/tuf-client";
import { formatInstant } from "custody/ground";
import { beginTuf, tufLimits } from "custody/tuf";

import type { Call } from "../commands/call.ts";
import { getArgument } from "../commands/call.ts";
import { readFileBytes } from "../commands/read-file.ts";
import { exitCodes } from "../output.ts";
import { orRefusal } from "./options.ts";
import type { TufOptions } from "./options.ts";

/** `custody tuf init`: trusts a root from here on. */
export async function init(call: Call<TufOptions>): Promise<number> {
  const { metadataDir } = call.options;
  const bytes = await readFileBytes(getArgument(call, 0), tufLimits.rootBytes);
  return orRefusal(call.output, async () => {
    const ports = { crypto: nodeCrypto, store: openTufTrustStore(metadataDir) };
    const { version, expires } = (await beginTuf(ports, bytes)).signed;
    call.output.result({ verdict: "allowed", root: version, expires: formatInstant(expires) }, [
      `root ${version} is trusted, in ${metadataDir}`,
      "go on with: custody tuf refresh",
    ]);
    return exitCodes.yes;
  });
}
