import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { stampTime } from "custody/authority";
import { makeTrust } from "custody/authority/attestor.testing";
import { concatBytes, utf8 } from "custody/ground";
import type { Bytes, Instant } from "custody/ground";

import { Issuance } from "./issuance.ts";
import { verifyTimestamp } from "./timestamp.ts";
import { parseTimestamp } from "./timestamp-token.ts";
import type { TrustedTimestampAuthority } from "./trusted-root.ts";

const trust = await makeTrust();
const authorities = trust.authorities.trustedRoot.timestampAuthorities;
const data = utf8("a signature");
const token = await stampTime(trust.ports, trust.authorities.timestamp, data);

function timeOf(
  stamp: Bytes,
  over: Bytes,
  list: readonly TrustedTimestampAuthority[],
): Promise<Instant | undefined> {
  return verifyTimestamp(nodeCrypto, stamp, over, { authorities: list, issuance: new Issuance() });
}

const malformed = { code: "evidence/timestamp-malformed" };

test("an authority of the list vouches for the time", async () => {
  assert.equal(await timeOf(token, data, authorities), trust.clock.now());
});

test("a token over other bytes vouches for nothing", async () => {
  assert.equal(await timeOf(token, utf8("another"), authorities), undefined);
});

test("an authority that is not in the list vouches for nothing", async () => {
  const other = (await makeTrust()).authorities.trustedRoot.timestampAuthorities;
  assert.equal(await timeOf(token, data, other), undefined);
  assert.equal(await timeOf(token, data, []), undefined);
});

test("a certificate that is not for time-stamping vouches for nothing", async () => {
  const stamp = await stampTime(trust.ports, trust.authorities.intermediate, data);
  const [authority] = authorities;
  const wrong = { ...authority!, signingCertificate: trust.authorities.intermediate.certificate };
  assert.equal(await timeOf(stamp, data, [wrong]), undefined);
});

test("a time outside the authority's window vouches for nothing", async () => {
  const [authority] = authorities;
  const start = trust.clock.now();
  const later = { ...authority!, validFor: { start: (start + 1) as typeof start } };
  assert.equal(await timeOf(token, data, [later]), undefined);
});

test("a token that is cut off, continued, empty or huge is malformed", () => {
  assert.throws(() => parseTimestamp(token.slice(0, -1)), malformed);
  assert.throws(() => parseTimestamp(concatBytes(token, new Uint8Array(1))), malformed);
  assert.throws(() => parseTimestamp(new Uint8Array(0)), malformed);
  assert.throws(() => parseTimestamp(new Uint8Array(20_000)), malformed);
});

test("a token that was not granted is malformed, whatever it carries", () => {
  const refused = token.slice();
  // TimeStampResp, PKIStatusInfo, INTEGER 0.
  const at = Buffer.from(refused).indexOf(Buffer.from("3003020100", "hex")) + 4;
  refused[at] = 2;
  assert.throws(() => parseTimestamp(refused), malformed);
});

test("no one byte changed makes it vouch for another time", async () => {
  for (let at = 0; at < token.length; at++) {
    const other = token.slice();
    other[at]! ^= 0x01;
    const time = await timeOf(other, data, authorities).catch((error: { code?: string }) =>
      assert.match(error.code ?? "a bug", /^(evidence|der)\//),
    );
    assert.ok(time === undefined || time === trust.clock.now(), `byte ${at}`);
  }
});
