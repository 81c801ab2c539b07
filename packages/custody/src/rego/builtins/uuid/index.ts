import { toHex } from "custody/ground";

import { types } from "../../types.ts";
import { termText } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { stringOperand } from "../operands.ts";
import { parseUuid } from "./parse.ts";

const { any, objectOf, string } = types;

export const uuidBuiltins: readonly Builtin[] = [
  {
    name: "uuid.parse",
    args: [string],
    result: objectOf(string, any),
    evaluate: (_, text) => parseUuid(stringOperand(text, 1)),
  },
  {
    name: "uuid.rfc4122",
    args: [string],
    result: string,
    nondeterministic: true,
    evaluate: (context, seed) => uuidFor(context, seed),
  },
];

/** A random UUID (RFC 9562 §5.4): one for each seed and evaluation. */
function uuidFor(context: BuiltinContext, seed: RegoValue): string {
  const key = `uuid.rfc4122 ${termText(seed)}`;
  const known = context.memo.get(key);
  if (known !== undefined) return known as string;
  const uuid = randomUuid(context);
  context.memo.set(key, uuid);
  return uuid;
}

function randomUuid({ host }: BuiltinContext): string {
  if (!host.randomBytes) throw new BuiltinError("no source of randomness");
  const bytes = host.randomBytes(16);
  const digits = toHex(
    bytes.map((byte, i) => (i === 6 ? (byte & 15) | 64 : i === 8 ? (byte & 63) | 128 : byte)),
  );
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
