import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { certifyFreshKey, sealStatement } from "custody/authority";
import { makeTrust } from "custody/authority/attestor.testing";
import { parseTrustDomain, spiffeIdOf } from "custody/spiffe";

import { Examination, examineBundle } from "./index.ts";
import type { TrustedRoot } from "./index.ts";

const statement = {
  subject: [{ name: "a", digest: { sha256: "0".repeat(64) } }],
  predicateType: "https://example.org/p",
  predicate: {},
};

test("of two trusted domains, neither can speak for the other", async () => {
  const [ours, theirs] = [parseTrustDomain("ours.test"), parseTrustDomain("theirs.test")];
  const [own, other] = [await makeTrust(ours), await makeTrust(theirs)];
  const both: TrustedRoot = {
    authorities: [...own.authorities.trustedRoot.authorities, ...other.authorities.trustedRoot.authorities],
    logs: [...own.authorities.trustedRoot.logs, ...other.authorities.trustedRoot.logs],
    timestampAuthorities: [
      ...own.authorities.trustedRoot.timestampAuthorities,
      ...other.authorities.trustedRoot.timestampAuthorities,
    ],
    certificateLogs: [],
  };
  const examine = async (bytes: Uint8Array<ArrayBuffer>) =>
    examineBundle(nodeCrypto, bytes, both, new Examination());
  const good = await other.attest(spiffeIdOf(theirs, "gate"), statement);
  assert.equal((await examine(good.bytes)).kind, "verified");

  // Their authority makes out a certificate for an identity of ours, which its own software would refuse to do.
  const asOurs = { ...other.authorities, trustDomain: ours };
  const certified = await certifyFreshKey(other.ports, asOurs, spiffeIdOf(ours, "gate"));
  const forged = await examine(await sealStatement(other.ports, other.authorities, certified, statement));
  assert.ok(forged.kind === "refused");
  assert.equal(forged.reason.code, "evidence/certificate-untrusted");
});
