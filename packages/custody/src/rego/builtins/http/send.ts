import { objectGet, quote } from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext, HttpOutcome, HttpRequest } from "../builtin.ts";
import { objectOperand } from "../operands.ts";
import { hostName, parseReference } from "../uri/reference.ts";
import { asksForCache, isCacheable, requestKey } from "./cache.ts";
import { booleanField } from "./fields.ts";
import { requestOperand } from "./request-keys.ts";
import { findRequestFault, parseRequest } from "./request.ts";
import { responseValue } from "./response.ts";

/** A request that no answer came to. */
class NetworkError extends BuiltinError {
  /** What the object of the error says, which is more than the error for an evaluation that ends. */
  readonly shown: string;

  constructor(message: string, shown = message) {
    super(message);
    this.shown = shown;
  }
}

/**
 * Sends a request, once in an evaluation, and answers with the response; with `raise_error: false` with what failed.
 *
 * @throws BuiltinError
 */
export function send(context: BuiltinContext, operand: RegoValue): RegoValue {
  const raises = objectGet(objectOperand(operand, 1), "raise_error") ?? true;
  if (typeof raises !== "boolean") throw new BuiltinError("invalid value for raise_error field");
  try {
    return sendOnce(context, requestOperand(operand));
  } catch (error) {
    if (raises || !(error instanceof BuiltinError)) throw error;
    return { status_code: 0, error: errorValue(error) };
  }
}

function errorValue(error: BuiltinError): RegoValue {
  return error instanceof NetworkError
    ? { code: "eval_http_send_network_error", message: error.shown }
    : { code: "eval_http_send_internal_error", message: `${error.code}: http.send: ${error.message}` };
}

function sendOnce(context: BuiltinContext, request: AnyObject): RegoValue {
  const key = `http.send ${requestKey(request)}`;
  const keepsAll = asksForCache(request);
  const known = context.memo.get(key) as RegoValue | BuiltinError | undefined;
  if (known instanceof BuiltinError) throw known;
  if (known !== undefined) return known;
  if (keepsAll) decodingOf(request);
  try {
    const answer = perform(context, parseRequest(request));
    const value = responseValue(context, answer, decodingOf(request));
    if (keepsAll || isCacheable(answer.status)) context.memo.set(key, value);
    return value;
  } catch (error) {
    if (error instanceof BuiltinError) context.memo.set(key, error);
    throw error;
  }
}

function decodingOf(request: AnyObject): { readonly json: boolean; readonly yaml: boolean } {
  return {
    json: booleanField(request, "force_json_decode"),
    yaml: booleanField(request, "force_yaml_decode"),
  };
}

type Answer = Extract<HttpOutcome, { kind: "answer" }>;

function perform({ host }: BuiltinContext, request: HttpRequest): Answer {
  if (!host.send) throw new BuiltinError(`unallowed host: ${hostName(parseReference(request.url))}`);
  const fault = findRequestFault(request);
  const outcome = fault === undefined ? host.send(request) : { kind: "network" as const, message: fault };
  if (outcome.kind === "answer") return outcome;
  if (outcome.kind === "settings") throw new BuiltinError(outcome.message);
  throw networkError(request, outcome);
}

function networkError(
  { method, url }: HttpRequest,
  { kind, message }: Exclude<HttpOutcome, Answer>,
): NetworkError {
  const verb = method.charAt(0) + method.slice(1).toLowerCase();
  const whole = `${verb} ${quote(url)}: ${message}`;
  if (kind === "network") return new NetworkError(whole);
  const detail = `${whole} (Client.Timeout exceeded while awaiting headers)`;
  return new NetworkError(`${verb} ${url}: request timed out`, detail);
}
