import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "custody/ground";

import { compareStrings, stringBytes } from "../../values/index.ts";
import { escapedPath } from "../uri/reference.ts";
import type { Reference } from "../uri/reference.ts";

export interface AwsConfig {
  readonly service: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  readonly sessionToken: string;
  /** Whether the signature leaves the body out. */
  readonly unsignedPayload: boolean;
}

export interface AwsRequest {
  readonly method: string;
  readonly url: Reference;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** `20260102T030405Z`. */
  readonly time: string;
}

/** Headers that may change on the way. */
const unsigned: ReadonlySet<string> = new Set(["authorization", "user-agent", "x-amzn-trace-id"]);

const algorithm = "AWS4-HMAC-SHA256";

/** The headers that a request needs besides its own, the signature among them (AWS Signature Version 4). */
export function signedHeaders(config: AwsConfig, request: AwsRequest): Record<string, string> {
  const contentHash = config.unsignedPayload ? "UNSIGNED-PAYLOAD" : toHex(sha256(request.body));
  const headers = {
    host: request.url.host,
    "x-amz-date": request.time,
    ...((config.service === "s3" || config.service === "glacier") && { "x-amz-content-sha256": contentHash }),
    ...(config.sessionToken !== "" && { "x-amz-security-token": config.sessionToken }),
  };
  const own = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const signed = new Map([...Object.entries(headers), ...own.filter(([name]) => !unsigned.has(name))]);
  const names = [...signed.keys()].sort(compareStrings);
  const lines = names.map((name) => `${name}:${signed.get(name)}\n`).join("");
  const target = `${request.method}\n${escapedPath(request.url)}\n${request.url.rawQuery}\n`;
  const canonical = `${target}${lines}\n${names.join(";")}\n${contentHash}`;
  const Authorization = authorization(config, request.time, { canonical, names: names.join(";") });
  return { Authorization, ...headers };
}

interface Canonical {
  readonly canonical: string;
  readonly names: string;
}

function authorization(config: AwsConfig, time: string, { canonical, names }: Canonical): string {
  const date = time.slice(0, 8);
  const scope = `${date}/${config.region}/${config.service}/aws4_request`;
  const text = [algorithm, time, scope, toHex(sha256(stringBytes(canonical)))].join("\n");
  const key = [date, config.region, config.service, "aws4_request"].reduce(
    mac,
    stringBytes(`AWS4${config.secretKey}`),
  );
  const credential = `Credential=${config.accessKey}/${scope}`;
  return `${algorithm} ${credential},SignedHeaders=${names},Signature=${toHex(mac(key, text))}`;
}

function mac(key: Uint8Array, text: string): Uint8Array {
  return hmac(sha256, key, stringBytes(text));
}
