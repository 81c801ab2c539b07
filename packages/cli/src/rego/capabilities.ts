import { allBuiltins } from "custody/rego/builtins";
import { capabilitiesDocument, capabilitiesLines, documentText } from "custody/rego/results";

import { endings } from "./call.ts";
import type { RegoCall } from "./call.ts";

export interface CapabilitiesOptions {
  readonly current?: boolean;
  readonly json?: boolean;
}

/** `custody rego capabilities`: every builtin with its type, or a capabilities file. */
export function capabilities({ options, streams }: RegoCall<CapabilitiesOptions>): number {
  const isJson = options.current === true || options.json === true;
  const text = isJson
    ? `${documentText(capabilitiesDocument(allBuiltins))}\n`
    : capabilitiesLines(allBuiltins)
        .map((line) => `${line}\n`)
        .join("");
  streams.out(text);
  return endings.done;
}
