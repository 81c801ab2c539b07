import { RegoFault } from "../../faults.ts";
import { readJson, stringOfBytes } from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext, HttpAnswer } from "../builtin.ts";
import { readYaml } from "../yaml/read.ts";

export interface Decoding {
  readonly json: boolean;
  readonly yaml: boolean;
}

/** An answer as a policy sees it. A body that cannot be decoded is null. */
export function responseValue(context: BuiltinContext, answer: HttpAnswer, forced: Decoding): AnyObject {
  const { status, statusText, headers, body } = answer;
  const text = stringOfBytes(body);
  return {
    status: statusText,
    status_code: status,
    headers,
    raw_body: text,
    body: decodeBody(context, text, { forced, type: headers["content-type"]?.[0] ?? "" }),
  };
}

interface Hints {
  readonly forced: Decoding;
  readonly type: string;
}

function decodeBody(context: BuiltinContext, text: string, { forced, type }: Hints): RegoValue {
  if (forced.json || isJson(type)) return orNull(() => readJson(text));
  if (forced.yaml || /application\/(?:x-)?yaml/.test(type)) return orNull(() => readYaml(context, text));
  return null;
}

/** `application/json` and its kin (RFC 6839 §3.1). */
function isJson(type: string): boolean {
  const [media = ""] = type.split(";");
  return /^application\/(?:json|[^/]*\+json)$/i.test(media.trim());
}

function orNull(decode: () => RegoValue): RegoValue {
  try {
    return decode();
  } catch (error) {
    if (error instanceof BuiltinError || (error instanceof RegoFault && error.code === "rego/json"))
      return null;
    throw error;
  }
}
