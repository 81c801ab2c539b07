import {
  formatConfiguration,
  formatSigningCertificate,
  formatTrustBundle,
  issueForToken,
} from "custody/fulcio";
import type { FulcioPorts, KeylessAuthority, OidcIssuer } from "custody/fulcio";
import { parseJson } from "custody/ground";
import type { FastifyInstance } from "fastify";

import { takeOnly } from "./media-types.ts";

/** What gives certificates to whomever a token is about. */
export interface FulcioDoorPorts {
  readonly ports: FulcioPorts;
  readonly authority: KeylessAuthority;
  readonly issuers: readonly OidcIssuer[];
}

const maxRequestBytes = 64 * 1024;

/**
 * Fulcio's API (`fulcio.proto`): signing certificates for identity tokens, the chain that they lead to, and whose tokens
 * are taken. Open to everybody who can reach the server: it is the token that counts.
 */
export function openFulcioDoor(app: FastifyInstance, { ports, authority, issuers }: FulcioDoorPorts): void {
  takeOnly(app, {
    types: ["application/json"],
    limitBytes: maxRequestBytes,
    read: (body) => parseJson(body),
  });
  app.post("/api/v2/signingCert", async (request, reply) => {
    const [, bearer] = /^bearer (\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    const chain = await issueForToken(ports, authority, { body: request.body, bearer });
    return reply.send(formatSigningCertificate(chain, ports.certificateLog !== undefined));
  });
  app.get("/api/v2/trustBundle", async () => formatTrustBundle([authority.chain]));
  app.get("/api/v2/configuration", async () => formatConfiguration(issuers));
}
