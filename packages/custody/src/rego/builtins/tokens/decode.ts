import { toHex } from "custody/ground";

import { types } from "../../types.ts";
import { objectGet } from "../../values/index.ts";
import type { RegoArray, RegoValue } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";
import { decodeHeader, decodePart, decodePayload, parseClaims, parseToken } from "./token.ts";

const document = types.objectOf(types.any, types.any);

/** Header, payload and signature of a token; nothing is verified. */
export const decodeBuiltin: Builtin = {
  name: "io.jwt.decode",
  args: [types.string],
  result: types.array([document, document, types.string]),
  evaluate: (_, token) => decode(token),
};

function decode(operand: RegoValue): RegoArray {
  const token = parseToken(operand);
  const header = decodeHeader(token);
  const payload = decodePayload(token);
  // A token inside a token may stand in quotes.
  if (objectGet(header, "cty") === "JWT") return decode(payload.replace(/^["']+/, "").replace(/["']+$/, ""));
  const claims = parseClaims(payload);
  return [header, claims, toHex(decodePart(token.signature, "signature"))];
}
