import { types } from "../../types.ts";
import type { RegoArray, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { objectOperand, stringOperand } from "../operands.ts";
import { certificateValue, extendedValue } from "./certificate-value.ts";
import type { Certificate } from "./certificate.ts";
import { keyPairValue } from "./key-pair.ts";
import { parseRequest } from "./request.ts";
import { orMalformed, parseCertificates } from "./source.ts";
import { defaultOptions, parseOptions } from "./verify-options.ts";
import type { VerifyOptions } from "./verify-options.ts";
import { findChain } from "./verify.ts";

const { any, array, arrayOf, boolean, objectOf, string } = types;

const document = objectOf(string, any);
const verified = array([boolean, arrayOf(document)]);

export const x509Builtins: readonly Builtin[] = [
  {
    name: "crypto.x509.parse_certificates",
    args: [string],
    result: arrayOf(document),
    evaluate: (_, text) => shown(parseCertificates(stringOperand(text, 1)), extendedValue),
  },
  {
    name: "crypto.x509.parse_and_verify_certificates",
    args: [string],
    result: verified,
    evaluate: (context, text) => {
      const chain = verify(context, stringOperand(text, 1), defaultOptions);
      return chain ? [true, shown(chain, extendedValue)] : [false, []];
    },
  },
  {
    name: "crypto.x509.parse_and_verify_certificates_with_options",
    args: [string, document],
    result: verified,
    evaluate: (context, operand, options) => {
      const text = stringOperand(operand, 1);
      const given = objectOperand(options, 2);
      // What cannot be read is only not verified, whatever the options.
      if (!findCertificates(text)) return [false, []];
      const chain = verify(context, text, parseOptions(given));
      return chain ? [true, shown(chain, certificateValue)] : [false, []];
    },
  },
  {
    name: "crypto.x509.parse_certificate_request",
    args: [string],
    result: document,
    evaluate: (_, text) => parseRequest(stringOperand(text, 1)),
  },
  {
    name: "crypto.x509.parse_keypair",
    args: [string, string],
    result: document,
    // OPA names the first operand for the second too.
    evaluate: (context, certificates, key) =>
      keyPairValue(context, stringOperand(certificates, 1), stringOperand(key, 1)),
  },
];

function shown(
  certificates: readonly Certificate[],
  value: (certificate: Certificate) => RegoValue,
): RegoArray {
  return orMalformed("certificate", () => certificates.map(value));
}

function verify(
  context: BuiltinContext,
  text: string,
  options: VerifyOptions,
): readonly Certificate[] | undefined {
  const certificates = findCertificates(text);
  return certificates && orMalformed("certificate", () => findChain(context, certificates, options));
}

function findCertificates(text: string): readonly Certificate[] | undefined {
  try {
    return parseCertificates(text);
  } catch (error) {
    if (error instanceof BuiltinError) return undefined;
    throw error;
  }
}
