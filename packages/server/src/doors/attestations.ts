import { findEarlierWithdrawal, takeIn } from "custody/control";
import type { Keeper, RememberedGate, TakeInPorts } from "custody/control";
import { bundleMediaType } from "custody/evidence";
import { CustodyError } from "custody/ground";
import type { FastifyInstance } from "fastify";
import * as v from "valibot";

/** What takes attestations in, and what they may change the mind of. */
export interface AttestationPorts {
  readonly control: TakeInPorts;
  readonly gate: Pick<RememberedGate, "forgetAll">;
  readonly deliverer: { readonly keeper: Pick<Keeper, "judgeSoon"> };
}

const nameShape = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
const withdrawableQuery = v.strictObject({
  payload: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "not a SHA-256 in hexadecimal")),
  identity: nameShape,
  issuer: nameShape,
  by: nameShape,
  byIssuer: nameShape,
});

const maxBundleBytes = 16 * 1024 * 1024;
/** Bundles go by either name; which version one is of it says itself. */
const mediaTypes = [bundleMediaType, "application/vnd.dev.sigstore.bundle+json"];
/** What the log's own door takes (1 MiB), and the proof, the checkpoint and its cosignatures around it. */
const maxAwaitedBytes = 1536 * 1024;

/**
 * Takes attestations in that were made elsewhere: behind the API's guard any that verifies; at the open door those that a
 * layout awaits, and withdrawals that count. The bytes that came are what is kept, and found again by their digest.
 */
export function openAttestationDoor(
  app: FastifyInstance,
  { control, gate, deliverer }: AttestationPorts,
  how: { readonly onlyAwaited: boolean },
): void {
  const parser = {
    parseAs: "buffer" as const,
    bodyLimit: how.onlyAwaited ? maxAwaitedBytes : maxBundleBytes,
  };
  app.addContentTypeParser(mediaTypes, parser, (_request, body, done) => done(null, body));
  app.post("/attestations", async (request, reply) => {
    if (!Buffer.isBuffer(request.body)) {
      throw new CustodyError("api/media-type", "an attestation is a bundle", {
        next: `send it as ${bundleMediaType}`,
      });
    }
    const { record, isNew } = await takeIn(control, new Uint8Array(request.body), how);
    gate.forgetAll();
    deliverer.keeper.judgeSoon();
    const { digest, predicateType, identity, logIndex, step, rendering } = record;
    const kept = { digest, predicateType, identity, logIndex, step, rendering, isNew };
    return reply.code(isNew ? 201 : 200).send(kept);
  });
  openWithdrawable(app, control);
}

// Whoever is to sign a withdrawal asks first: what would count nowhere is not signed.
function openWithdrawable(app: FastifyInstance, control: TakeInPorts): void {
  app.get("/attestations/withdrawable", async (request) => {
    const query = v.safeParse(withdrawableQuery, request.query);
    if (!query.success)
      throw new CustodyError("api/request", `the query is malformed: ${query.issues[0].message}`);
    const { payload, identity, issuer, by, byIssuer } = query.output;
    const words = { payload, identity, issuer };
    const earlier = await findEarlierWithdrawal(control, { identity: by, issuer: byIssuer }, words);
    if (!earlier) return { earlier: null };
    const { digest, logIndex, rendering } = earlier;
    return { earlier: { digest, logIndex, rendering, isNew: false } };
  });
}
