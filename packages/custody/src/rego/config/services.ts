import { Secret } from "custody/ground";
import * as v from "valibot";

import { configFault, missing, off, seconds, text } from "./options.ts";

/** A server that bundles come from, and reports go to. */
export interface ServiceConfig {
  readonly name: string;
  /** Without a slash at its end. */
  readonly url: string;
  /** What it speaks: OPA's own protocol, or that of OCI registries. */
  readonly protocol: "http" | "oci";
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: BearerCredentials | undefined;
  /** For the head of an answer. */
  readonly timeoutSeconds: number;
}

/** What stands in the header `Authorization`, before its scheme. */
interface BearerCredentials {
  readonly scheme: string;
  /** The token, or the file that holds it; the file is read again for every request. */
  readonly token: Secret<string> | { readonly file: string };
}

const bearerOnly = "credentials are bearer";
const bearer = v.strictObject({
  token: v.optional(text),
  token_path: v.optional(text),
  scheme: v.optional(v.pipe(text, v.regex(/^[\w-]+$/, "is no scheme")), "Bearer"),
});

export const serviceSchema = v.strictObject({
  name: v.optional(text),
  url: v.pipe(text, v.regex(/^https?:\/\/[^/\s]/, "is no http:// or https:// URL")),
  headers: v.optional(v.record(v.string(), text), {}),
  allow_insecure_tls: off("a certificate that nobody looks at proves nothing"),
  response_header_timeout_seconds: v.optional(seconds, 10),
  tls: missing("name the file of the authority in NODE_EXTRA_CA_CERTS"),
  credentials: v.optional(
    v.strictObject({
      bearer: v.optional(bearer),
      oauth2: missing(bearerOnly),
      client_tls: missing(bearerOnly),
      s3_signing: missing(bearerOnly),
      gcp_metadata: missing(bearerOnly),
      azure_managed_identity: missing(bearerOnly),
      plugin: missing(bearerOnly),
    }),
    {},
  ),
  type: v.optional(v.pipe(text, v.regex(/^(?:oci|OCI)?$/, "is neither oci nor empty")), ""),
});

/** @throws RegoFault `rego/config` for a token in two places, or in none. */
export function readService(name: string, given: v.InferOutput<typeof serviceSchema>): ServiceConfig {
  const { bearer: shown } = given.credentials;
  return {
    name,
    url: given.url.replace(/\/+$/, ""),
    protocol: given.type === "" ? "http" : "oci",
    headers: given.headers,
    credentials: shown && readBearer(`services.${name}.credentials.bearer`, shown),
    timeoutSeconds: given.response_header_timeout_seconds,
  };
}

function readBearer(
  where: string,
  { token, token_path: file, scheme }: v.InferOutput<typeof bearer>,
): BearerCredentials {
  if (token !== undefined && file !== undefined)
    throw configFault(`${where}: give either token or token_path`);
  if (file !== undefined) return { scheme, token: { file } };
  if (token !== undefined && token !== "") return { scheme, token: new Secret(token) };
  throw configFault(`${where}.token is missing`);
}
