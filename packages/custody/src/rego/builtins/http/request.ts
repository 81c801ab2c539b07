import { quote, stringBytes, objectGet } from "../../values/index.ts";
import type { AnyObject } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { HttpRequest } from "../builtin.ts";
import { goJson } from "../encoding/go-json.ts";
import { parseReference } from "../uri/reference.ts";
import { countField, headersField, isToken, switchField, textField, timeoutField } from "./fields.ts";
import { findTlsSettings } from "./tls-fields.ts";

/**
 * The request that an object describes.
 *
 * @throws BuiltinError
 */
export function parseRequest(request: AnyObject): HttpRequest {
  const body = bodyOf(request);
  const followRedirects = switchField(request, "enable_redirect");
  const headers = headersField(request);
  const method = textField(request, "method")?.toUpperCase() ?? "";
  const rawBody = textField(request, "raw_body");
  const timeoutMilliseconds = timeoutField(request);
  const tls = findTlsSettings(request, headers["Host"]);
  const url = textField(request, "url") ?? "";
  if (method !== "" && !isToken(method)) throw new BuiltinError(`net/http: invalid method ${quote(method)}`);
  parseReference(url);
  return {
    method: method === "" ? "GET" : method,
    url,
    headers,
    body: rawBody === undefined ? body : stringBytes(rawBody),
    timeoutMilliseconds,
    followRedirects,
    retries: countField(request, "max_retry_attempts"),
    ...(tls && { tls }),
  };
}

function bodyOf(request: AnyObject): Uint8Array {
  const body = objectGet(request, "body");
  return body === undefined ? new Uint8Array() : stringBytes(goJson(body));
}

/** Why no network can carry the request, in Go's words. */
export function findRequestFault({ url, headers }: HttpRequest): string | undefined {
  const { scheme } = parseReference(url);
  if (!["http", "https", "unix"].includes(scheme)) return `unsupported protocol scheme ${quote(scheme)}`;
  for (const [name, value] of Object.entries(headers)) {
    if (!isToken(name)) return `net/http: invalid header field name ${quote(name)}`;
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value))
      return `net/http: invalid header field value for ${quote(name)}`;
  }
  return undefined;
}
