import { CustodyError } from "custody/ground";
import { issueOwnToken, sigstoreAudience } from "custody/fulcio";
import type { JsonWebKeySet, OwnTokenPorts } from "custody/fulcio";
import type { FastifyInstance } from "fastify";
import * as v from "valibot";

/** What vouches for somebody, as an OpenID provider does. */
export interface IdentityPorts {
  readonly ports: OwnTokenPorts;
  readonly issuerUrl: string;
  readonly keys: JsonWebKeySet;
}

const requestShape = v.strictObject({
  identity: v.pipe(v.string(), v.minLength(1), v.maxLength(2048)),
  audience: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(512)), sigstoreAudience),
});

/** OpenID Connect Discovery §4: where the keys are that Custody's own tokens are verified with. Public. */
export function openDiscoveryDoor(app: FastifyInstance, { issuerUrl, keys }: IdentityPorts): void {
  app.get("/.well-known/openid-configuration", async () => ({
    issuer: issuerUrl,
    jwks_uri: `${issuerUrl}/.well-known/jwks.json`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  }));
  app.get("/.well-known/jwks.json", async () => keys);
}

/** Tokens for whom the holder of the server's token names; below the API, behind its guard. */
export function openIdentityDoor(app: FastifyInstance, { ports, issuerUrl }: IdentityPorts): void {
  app.post("/identity-tokens", async (request, reply) => {
    const shape = v.safeParse(requestShape, request.body);
    if (!shape.success) {
      throw new CustodyError("api/request", `the request is refused: ${shape.issues[0].message}`, {
        next: 'send {"identity": "alice@example.org"}, and an audience if it is not sigstore',
      });
    }
    return reply.code(201).send({ token: await issueOwnToken(ports, issuerUrl, shape.output) });
  });
}
