import { types } from "../../types.ts";
import {
  findInt64,
  isObject,
  objectEntries,
  objectGet,
  objectOf,
  RegoSet,
  stringBytes,
  termText,
} from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { goJson } from "../encoding/go-json.ts";
import { requestOperand } from "../http/request-keys.ts";
import { numberOperand, objectOperand, wrongOperand, wrongType } from "../operands.ts";
import { formatMoment } from "../time/format.ts";
import { momentAt } from "../time/moment.ts";
import { utc } from "../time/zone.ts";
import { parseReference } from "../uri/reference.ts";
import { signedHeaders } from "./signature.ts";
import type { AwsConfig } from "./signature.ts";

const { any, number, objectOf: objectTypeOf, string } = types;

export const awsBuiltins: readonly Builtin[] = [
  {
    name: "providers.aws.sign_req",
    args: [objectTypeOf(string, any), objectTypeOf(string, any), number],
    result: objectTypeOf(any, any),
    evaluate: signRequest,
  },
];

/** A request of `http.send` with the headers that AWS wants. */
function signRequest(_: BuiltinContext, ...operands: RegoValue[]): RegoValue {
  const [requestValue = null, configValue = null, timeValue = null] = operands;
  objectOperand(requestValue, 1);
  const config = objectOperand(configValue, 1);
  const credentials = parseConfig(config);
  const time = findInt64(numberOperand(timeValue, 1));
  if (time === undefined) throw wrongOperand(3, "could not convert time_ns value into a unix timestamp");
  const request = requestOperand(requestValue);
  const headers = headersOf(request);
  const { method, url } = targetOf(request);
  const unsignedPayload = payloadOption(config);
  const added = signedHeaders(
    { ...credentials, unsignedPayload },
    {
      method,
      url: parseReference(url),
      headers,
      body: bodyOf(request),
      time: formatMoment(momentAt(time, utc), "20060102T150405Z"),
    },
  );
  return objectOf([...objectEntries(request), ["headers", { ...headers, ...added }]]);
}

const requiredKeys = ["aws_service", "aws_access_key", "aws_secret_access_key", "aws_region"];

function parseConfig(config: AnyObject): Omit<AwsConfig, "unsignedPayload"> {
  const missing = new RegoSet(requiredKeys.filter((key) => objectGet(config, key) === undefined));
  if (missing.size > 0)
    throw wrongOperand(2, `missing required AWS config parameters(s): ${termText(missing)}`);
  const invalid = new RegoSet(requiredKeys.filter((key) => typeof objectGet(config, key) !== "string"));
  if (invalid.size > 0)
    throw wrongOperand(2, `invalid values for required AWS config parameters(s): ${termText(invalid)}`);
  return {
    service: textOf(objectGet(config, "aws_service")),
    accessKey: textOf(objectGet(config, "aws_access_key")),
    secretKey: textOf(objectGet(config, "aws_secret_access_key")),
    region: textOf(objectGet(config, "aws_region")),
    sessionToken: textOf(objectGet(config, "aws_session_token")),
  };
}

function payloadOption(config: AnyObject): boolean {
  const value = objectGet(config, "disable_payload_signing") ?? false;
  if (typeof value === "boolean") return value;
  throw wrongOperand(2, "invalid value for 'disable_payload_signing' in AWS config");
}

function headersOf(request: AnyObject): Readonly<Record<string, string>> {
  const headers = objectGet(request, "headers") ?? {};
  if (!isObject(headers)) throw wrongType(headers, 0, "object");
  return Object.fromEntries(objectEntries(headers).map(([name, value]) => [textOf(name), textOf(value)]));
}

function targetOf(request: AnyObject): { readonly method: string; readonly url: string } {
  const [method, url] = [objectGet(request, "method"), objectGet(request, "url")];
  if (typeof method === "string" && typeof url === "string") return { method, url };
  const invalid = new RegoSet(["method", "url"].filter((key) => typeof objectGet(request, key) !== "string"));
  throw wrongOperand(1, `invalid values for required request parameters(s): ${termText(invalid)}`);
}

function bodyOf(request: AnyObject): Uint8Array {
  const raw = objectGet(request, "raw_body");
  if (raw !== undefined) return stringBytes(textOf(raw));
  const body = objectGet(request, "body");
  return stringBytes(body === undefined ? "" : goJson(body));
}

/** What is no string counts as an empty one. */
function textOf(value: RegoValue | undefined): string {
  return typeof value === "string" ? value : "";
}
