import { types } from "../../types.ts";
import { stringBytes, stringOfBytes } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { decodeBase64 } from "../encoding/base64-codec.ts";
import { stringOperand } from "../operands.ts";
import { pemBlocks } from "./pem.ts";
import { parsePrivateKey } from "./private-key.ts";
import type { KeyForm, PrivateKey } from "./private-key.ts";
import { privateJwk, privateKeyValue } from "./private-key-shapes.ts";

const { any, arrayOf, objectOf, string } = types;

const keyForms: Readonly<Record<string, KeyForm>> = {
  "RSA PRIVATE KEY": "PKCS1",
  "PRIVATE KEY": "PKCS8",
  "EC PRIVATE KEY": "EC",
};

export const privateKeyBuiltins: readonly Builtin[] = [
  {
    name: "crypto.parse_private_keys",
    args: [string],
    result: arrayOf(objectOf(string, any)),
    evaluate: (context, operand) => {
      const text = stringOperand(operand, 1);
      return text === "" ? null : parseKeys(context, text).map(privateKeyValue);
    },
  },
  {
    name: "crypto.x509.parse_rsa_private_key",
    args: [string],
    result: objectOf(string, any),
    evaluate: (context, operand) => {
      const text = stringOperand(operand, 1);
      if (text === "") throw new BuiltinError("input PEM data was empty");
      const [key] = parseKeys(context, text.startsWith("-----BEGIN") ? text : decoded(text));
      return key ? privateJwk(key) : null;
    },
  },
];

/** The private keys among the PEM blocks of a text, which may stand in base64. */
function parseKeys(context: BuiltinContext, text: string): readonly PrivateKey[] {
  return pemBlocks(findDecoded(text) ?? text).flatMap(({ type, bytes }) => {
    const form = Object.hasOwn(keyForms, type) ? keyForms[type] : undefined;
    return form ? [parsePrivateKey(context, form, bytes)] : [];
  });
}

function decoded(text: string): string {
  return stringOfBytes(decodeBase64(stringBytes(text), "standard"));
}

function findDecoded(text: string): string | undefined {
  try {
    return decoded(text);
  } catch (error) {
    if (error instanceof BuiltinError) return undefined;
    throw error;
  }
}
