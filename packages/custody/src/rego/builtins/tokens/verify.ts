import { types } from "../../types.ts";
import { stringBytes } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { decodeBase64Url } from "../encoding/base64.ts";
import { stringOperand } from "../operands.ts";
import { algorithms, parseKeys } from "./keys.ts";
import { isMac, verifySignature, verifyWithAny } from "./signatures.ts";
import { decodeHeader, parseHeader, parseToken, signedBytes } from "./token.ts";

/** `io.jwt.verify_rs256` and its like: only the signature counts. */
export const verifyBuiltins: readonly Builtin[] = [...algorithms].map((algorithm) => ({
  name: `io.jwt.verify_${algorithm.toLowerCase()}`,
  args: [types.string, types.string],
  result: types.boolean,
  evaluate: (context, token, key) =>
    isMac(algorithm)
      ? verifyMac(context, algorithm, [token, key])
      : verifyPublic(context, algorithm, [token, key]),
}));

type Operands = readonly [token: RegoValue, key: RegoValue];

function verifyMac(context: BuiltinContext, algorithm: string, [operand, key]: Operands): boolean {
  stringOperand(operand, 1);
  const secret = stringBytes(stringOperand(key, 2));
  const token = parseToken(operand);
  const signature = decodeBase64Url(token.signature);
  return verifySignature(
    context,
    { algorithm, id: "", secret },
    { algorithm, bytes: signedBytes(token), signature },
  );
}

function verifyPublic(context: BuiltinContext, algorithm: string, [operand, key]: Operands): boolean {
  const token = parseToken(operand);
  const keys = parseKeys(stringOperand(key, 2));
  const signature = decodeBase64Url(token.signature);
  const { kid, alg } = parseHeader(decodeHeader(token));
  return verifyWithAny(context, keys, {
    kid,
    alg,
    signed: { algorithm, bytes: signedBytes(token), signature },
  });
}
