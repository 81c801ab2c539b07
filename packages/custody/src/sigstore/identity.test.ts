import assert from "node:assert/strict";
import { test } from "node:test";

import type { Certificate } from "custody/evidence";
import { concatBytes, derTags, derValue, parseHex, utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";

import { findIdentity, findIssuer } from "./identity.ts";

const sanOid = "2.5.29.17";
const issuerOid = "1.3.6.1.4.1.57264.1.1";

function certificateWith(extensions: Record<string, Bytes>, oidcIssuer?: string): Certificate {
  return { extensions: new Map(Object.entries(extensions)), oidcIssuer } as unknown as Certificate;
}

const namesOf = (...names: readonly Bytes[]) => derValue(derTags.sequence, concatBytes(...names));
const mail = derValue(0x81, utf8("me@example.org"));
const uri = derValue(0x86, utf8("https://example.org/a"));
const usernameOid = parseHex("060a2b0601040183bf300107");
const username = (oid: Bytes, text: string) =>
  derValue(0xa0, concatBytes(oid, derValue(0xa0, derValue(derTags.utf8String, utf8(text)))));

test("reads the one name, whatever Fulcio writes it as", () => {
  const check = (names: Bytes, expected: string | undefined) =>
    assert.equal(findIdentity(certificateWith({ [sanOid]: names })), expected);
  check(namesOf(mail), "me@example.org");
  check(namesOf(uri), "https://example.org/a");
  check(namesOf(username(usernameOid, "me!example")), "me!example");
  check(namesOf(username(parseHex("06022a03"), "me")), undefined);
  check(namesOf(), undefined);
  check(namesOf(mail, uri), undefined);
  check(namesOf(derValue(0x87, parseHex("7f000001"))), undefined);
  check(namesOf(derValue(0x86, parseHex("ff"))), undefined);
  check(parseHex("30"), undefined);
  assert.equal(findIdentity(certificateWith({})), undefined);
});

test("reads the issuer from either extension, and none where the two differ", () => {
  const first = { [issuerOid]: utf8("https://one") };
  assert.equal(findIssuer(certificateWith(first)), "https://one");
  assert.equal(findIssuer(certificateWith({}, "https://two")), "https://two");
  assert.equal(findIssuer(certificateWith(first, "https://one")), "https://one");
  assert.equal(findIssuer(certificateWith(first, "https://two")), undefined);
  assert.equal(findIssuer(certificateWith({})), undefined);
});
