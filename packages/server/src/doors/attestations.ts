import { takeIn } from "custody/control";
import type { ControlPorts, Keeper, RememberedGate } from "custody/control";
import { bundleMediaType } from "custody/evidence";
import { CustodyError } from "custody/ground";
import type { FastifyInstance } from "fastify";

/** What takes attestations in, and what they may change the mind of. */
export interface AttestationPorts {
  readonly control: Pick<ControlPorts, "crypto" | "trustedRoot" | "attestations" | "policies">;
  readonly gate: Pick<RememberedGate, "forgetAll">;
  readonly deliverer: { readonly keeper: Pick<Keeper, "judgeSoon"> };
}

const maxBundleBytes = 16 * 1024 * 1024;
/** What the log's own door takes (1 MiB), and the proof, the checkpoint and its cosignatures around it. */
const maxAwaitedBytes = 1536 * 1024;

/**
 * Takes attestations in that were made elsewhere: behind the API's guard any that verifies; at the open door those that a
 * layout awaits. The bytes that came are what is kept, and found again by their digest.
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
  app.addContentTypeParser(bundleMediaType, parser, (_request, body, done) => done(null, body));
  app.post("/attestations", async (request, reply) => {
    if (!Buffer.isBuffer(request.body)) {
      throw new CustodyError("api/media-type", `an attestation is a bundle: ${bundleMediaType}`);
    }
    const record = await takeIn(control, new Uint8Array(request.body), how);
    gate.forgetAll();
    deliverer.keeper.judgeSoon();
    const { digest, predicateType, identity, logIndex, step, rendering } = record;
    return reply.code(201).send({ digest, predicateType, identity, logIndex, step, rendering });
  });
}
