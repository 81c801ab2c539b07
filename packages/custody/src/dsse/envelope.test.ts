import assert from "node:assert/strict";
import { test } from "node:test";

import { parseUtf8, utf8 } from "custody/ground";
import { formatEnvelope, parseEnvelope, preAuthEncode } from "./index.ts";

test("encodes the vector of the DSSE protocol page", () => {
  const encoded = preAuthEncode("http://example.com/HelloWorld", utf8("hello world"));
  assert.equal(parseUtf8(encoded), "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
});

test("counts bytes, not characters", () => {
  assert.equal(parseUtf8(preAuthEncode("ü", utf8("€"))), "DSSEv1 2 ü 3 €");
});

test("reads standard, URL-safe and unpadded base64 to the same bytes", () => {
  const read = (payload: string) =>
    parseEnvelope({ payloadType: "t", payload, signatures: [{ sig: "AA==" }] }).payload;
  assert.deepEqual(read("-_8="), new Uint8Array([0xfb, 0xff]));
  assert.deepEqual(read("+/8="), read("-_8"));
});

test("survives a round trip", () => {
  const envelope = { payloadType: "t", payload: utf8("{}"), signatures: [{ keyid: "k", sig: utf8("s") }] };
  assert.deepEqual(parseEnvelope(JSON.parse(JSON.stringify(formatEnvelope(envelope)))), envelope);
});

test("refuses what is not an envelope", () => {
  const good = { payloadType: "t", payload: "e30=", signatures: [{ sig: "AA==" }] };
  const wrong = [
    null,
    [],
    { ...good, payloadType: "" },
    { ...good, payload: "e30 =" },
    { ...good, payload: 1 },
    { ...good, signatures: [] },
    { ...good, signatures: Array.from({ length: 17 }, () => ({ sig: "AA==" })) },
    { ...good, signatures: [{ sig: "A" }] },
  ];
  for (const value of wrong) assert.throws(() => parseEnvelope(value), { code: "dsse/envelope" });
});
