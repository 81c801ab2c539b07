import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { instantOf } from "custody/ground";
import { findVectors } from "custody/ground/vectors.testing";

import { findCertificateKey } from "./certificate-functionary.ts";
import { parseLayout } from "./layout.ts";
import type { CertificateConstraint } from "./layout.ts";
import { parseMetadata } from "./metadata.ts";

const vectors = findVectors("in-toto-golang");
const options = { skip: vectors === undefined && "needs shared/vectors/in-toto-golang" };
const read = (name: string): Buffer => readFileSync(join(vectors ?? "", name));

interface Change {
  readonly year?: number;
  readonly certificate?: string;
  readonly constraint?: Partial<CertificateConstraint>;
  /** Whether the layout lists its intermediate and root certificates. */
  readonly intermediates?: boolean;
  readonly roots?: boolean;
}

/** Whether the certificate of the demo's functionary counts, with one thing changed. */
async function check(change: Change, expected: boolean): Promise<void> {
  const { year = 2026, certificate = "example.com.write-code.cert.pem", constraint = {} } = change;
  const layout = parseLayout(parseMetadata(read("demo.layout")).signed);
  const constraints = (layout.steps[0]?.certificateConstraints ?? []).map((one) => ({
    ...one,
    ...constraint,
  }));
  assert.equal(constraints.length, 1);
  const held = {
    ...layout,
    ...(change.intermediates === false && { intermediateCertificates: {} }),
    ...(change.roots === false && { rootCertificates: {} }),
  };
  const at = instantOf(Date.UTC(year, 0, 1));
  const pem = read(certificate).toString();
  const key = await findCertificateKey(nodeCrypto, pem, constraints, { layout: held, at });
  assert.equal(key !== undefined, expected, JSON.stringify(change));
  if (key) assert.equal(key.scheme, "rsa-pss-sha256");
}

test(
  "a certificate that leads to a root of the layout and fulfils a constraint counts, while it lives",
  options,
  async () => {
    await check({}, true);
    await check({ year: 2020 }, false);
    await check({ year: 2040 }, false);
    await check({ intermediates: false }, false);
    await check({ roots: false }, false);
  },
);

test("an authority's own certificate is nobody's", options, async () => {
  await check({ certificate: "example.com.intermediate.cert.pem" }, false);
  await check({ certificate: "root.cert.pem" }, false);
  await check({ certificate: "alice.pub" }, false);
});

test("every part of a constraint counts, exactly; a star is any", options, async () => {
  const other = ["other"];
  for (const constraint of [
    { commonName: "other" },
    { commonName: "" },
    { organizations: other },
    { organizations: [] },
    { organizations: ["example", "other"] },
    { uris: other },
    { uris: [] },
    { uris: ["spiffe://example.com/write-cod"] },
    { dnsNames: other },
    { emails: other },
    { roots: other },
    { roots: [] },
  ]) {
    await check({ constraint }, false);
  }
  const any = ["*"];
  await check(
    {
      constraint: { commonName: "*", organizations: any, uris: any, dnsNames: any, emails: any, roots: any },
    },
    true,
  );
  await check({ constraint: { dnsNames: [""], emails: [""] } }, true);
});
