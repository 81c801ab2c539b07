import assert from "node:assert/strict";
import { after } from "node:test";

import { parseModules, readJson } from "custody/rego";
import type { AnyObject } from "custody/rego";
import { allBuiltins } from "custody/rego/builtins";

import { startRegoServer } from "./index.ts";
import type { RegoServer, RegoServerOptions } from "./index.ts";

export interface Scene extends Partial<Omit<RegoServerOptions, "data" | "modules">> {
  readonly data?: string;
  readonly modules?: readonly string[];
}

/** A server that ends with the tests of the file, on a free port. */
export async function serve({ data = "{}", modules = [], ...options }: Scene = {}): Promise<RegoServer> {
  const sources = modules.map((text, i) => ({ file: `m${i}`, text }));
  const server = await startRegoServer({
    compile: { builtins: allBuiltins },
    address: "127.0.0.1:0",
    authentication: "off",
    authorization: "off",
    bundles: [],
    bundleOptions: { pollMilliseconds: 100, sizeLimitBytes: 1_000_000 },
    limits: { bodyBytes: 100_000, evaluationMilliseconds: 1000 },
    ...options,
    data: readJson(data) as AnyObject,
    modules: parseModules(sources, { version: "v1" }),
  });
  after(() => server.stop());
  return server;
}

/** `GET /v1/data?pretty {…}`: what is asked, and how it is answered, `200 {…}`. */
export async function check(
  server: RegoServer,
  request: string,
  expected: string | RegExp,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const [, method = "", path = "", body] = /^(\w+) (\S+)(?: ([^]*))?$/.exec(request) ?? [];
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  const got = `${response.status} ${withoutTimes(text)}`.trimEnd();
  if (typeof expected === "string") assert.equal(got, expected, request);
  else assert.match(got, expected, request);
}

function withoutTimes(text: string): string {
  return text.replaceAll(/_ns":\d+/g, '_ns":0');
}

/** The body of an error that has no more to tell than this. */
export function refusal(status: number, code: string, message: string): string {
  return `${status} ${JSON.stringify({ code, message }, null, 2)}`;
}
