import assert from "node:assert/strict";
import { test } from "node:test";

import { generateSigner } from "@custody/node/crypto";
import { issueCertificateFor, sealStatement, textExtension } from "custody/authority";
import { fulcioIssuerOid, link } from "custody/evidence";
import type { Statement } from "custody/evidence";
import { hexOf, instantOf, parseDigest } from "custody/ground";

import { readChainRecords, takeIn } from "./index.ts";
import { openLoop, pipelineText } from "./loop.testing.ts";
import type { Loop } from "./loop.testing.ts";
import { sealAs } from "./seal-as.testing.ts";

const scanner = { identity: "https://ci.test/scan", issuer: "https://issuer.test" };
const withScan = pipelineText.replace(
  "image:\n",
  `outside:\n  - { name: scan, identity: "${scanner.identity}", issuer: "${scanner.issuer}", deadlineSeconds: 60 }\nimage:\n`,
);

interface Scan {
  readonly step?: string;
  readonly source?: string;
  readonly exitCode?: number;
  readonly predicateType?: string;
}

function scanOf(source: string, wish: Scan = {}): Statement {
  const material = { name: "source", digest: { sha256: wish.source ?? source } };
  return {
    subject: [material],
    predicateType: wish.predicateType ?? link.predicateType,
    predicate: {
      name: wish.step ?? "scan",
      materials: [material],
      byproducts: { "return-value": wish.exitCode ?? 0 },
    },
  };
}

/** A delivery that waits at its gate, and the hash of its source. */
async function deliverUntilGate(loop: Loop): Promise<string> {
  await loop.setPolicy(withScan);
  await assert.rejects(loop.deliver(loop.commit(withScan, "ada")), { code: "control/awaiting" });
  const [delivery] = await loop.ports.deliveries.list({ limit: 1 });
  assert.equal(delivery?.phase, "gate");
  return hexOf(delivery.state.source!);
}

test("the delivery waits at the gate, and goes on when the step's attestation has come", async () => {
  using loop = await openLoop();
  const source = await deliverUntilGate(loop);
  const bytes = await sealAs(loop, scanner, scanOf(source));
  const { record } = await takeIn(loop.ports, bytes, { onlyAwaited: true });
  assert.deepEqual([record.step, record.identity], ["scan", scanner.identity]);
  const { phase, state } = await loop.resume();
  assert.equal(phase, "done", JSON.stringify(state.reasons));
  const records = await readChainRecords(loop.ports, state.image!);
  assert.ok(
    records.some(({ digest }) => digest === record.digest),
    "it is part of the chain that is read later",
  );
});

test("nothing else counts as it: each differs from what counts in one thing", async () => {
  const evil = "https://ci.test/evil";
  const rows: readonly (readonly [string, Partial<typeof scanner>, Scan, string])[] = [
    ["another signer", { identity: evil }, {}, "attestation/unasked"],
    ["another voucher", { issuer: "https://other.test" }, {}, "attestation/unasked"],
    ["another step", {}, { step: "review" }, "attestation/unasked"],
    ["another source", {}, { source: "0".repeat(64) }, "control/awaiting"],
    ["another type", {}, { predicateType: "https://example.org/scan" }, "attestation/unasked"],
  ];
  for (const [what, signer, scan, code] of rows) {
    using loop = await openLoop();
    const source = await deliverUntilGate(loop);
    const bytes = await sealAs(loop, { ...scanner, ...signer }, scanOf(source, scan));
    const attempt = async (): Promise<void> => {
      await takeIn(loop.ports, bytes, { onlyAwaited: true });
      await loop.resume();
    };
    await assert.rejects(attempt(), { code }, what);
    await takeIn(loop.ports, await sealAs(loop, scanner, scanOf(source)), { onlyAwaited: true });
    assert.equal((await loop.resume()).phase, "done", `${what}: the control`);
  }
});

test("what no step awaits is kept for the holder of the server's token, and the gate goes on waiting", async () => {
  using loop = await openLoop();
  const source = await deliverUntilGate(loop);
  const others: readonly Scan[] = [{ step: "review" }, { predicateType: "https://example.org/scan" }];
  for (const other of others) {
    await takeIn(loop.ports, await sealAs(loop, scanner, scanOf(source, other)), { onlyAwaited: false });
    await assert.rejects(loop.resume(), { code: "control/awaiting" });
  }
  await takeIn(loop.ports, await sealAs(loop, scanner, scanOf(source)), { onlyAwaited: false });
  assert.equal((await loop.resume()).phase, "done", "the control");
});

test("one signer fills the open door for a day, and for nobody else", async () => {
  using loop = await openLoop();
  const source = await deliverUntilGate(loop);
  const bytes = await sealAs(loop, scanner, scanOf(source));
  const { record } = await takeIn(loop.ports, bytes, { onlyAwaited: true });
  const copies = (identity: string, first: number, count: number): (typeof record)[] =>
    Array.from({ length: count }, (_, at) => {
      const digest = parseDigest(`sha256:${(first + at).toString(16).padStart(64, "0")}`);
      return { ...record, digest, identity };
    });
  await loop.ports.attestations.add(copies("https://ci.test/other", 0, 1000));
  await loop.ports.attestations.add(copies(scanner.identity, 1000, 998));
  const send = async (): Promise<unknown> =>
    takeIn(loop.ports, await sealAs(loop, scanner, scanOf(source)), { onlyAwaited: true });
  await send();
  await assert.rejects(send(), { code: "attestation/too-many" });
  loop.trust.clock.set(loop.trust.clock.now() + 86_401_000);
  await send();
});

test("what the holder of the server's token hands in is kept, and counts for nothing that names another", async () => {
  using loop = await openLoop();
  const source = await deliverUntilGate(loop);
  const bytes = await sealAs(loop, { ...scanner, issuer: "https://other.test" }, scanOf(source));
  await takeIn(loop.ports, bytes, { onlyAwaited: false });
  const { phase, state } = await loop.resume();
  assert.equal(phase, "refused");
  assert.equal(state.reasons?.[0]?.code, "evidence/identity-mismatch");
});

test("a scan that failed refuses the delivery", async () => {
  using loop = await openLoop();
  const source = await deliverUntilGate(loop);
  await takeIn(loop.ports, await sealAs(loop, scanner, scanOf(source, { exitCode: 1 })), {
    onlyAwaited: true,
  });
  const { phase, state } = await loop.resume();
  assert.equal(phase, "refused");
  assert.equal(state.reasons?.[0]?.code, "evidence/isolation-weakened");
});

test("after the deadline the gate says what is missing", async () => {
  using loop = await openLoop();
  await deliverUntilGate(loop);
  loop.trust.clock.set(instantOf(loop.trust.clock.now() + 61_000));
  const { phase, state } = await loop.resume();
  assert.equal(phase, "refused");
  assert.deepEqual(
    state.reasons?.map(({ code, subject }) => [code, subject]),
    [["layout/step-missing", "scan"]],
  );
});

test("an attestation that does not verify is not taken in", async () => {
  using loop = await openLoop();
  const source = await deliverUntilGate(loop);
  const good = await sealAs(loop, scanner, scanOf(source));
  const text = Buffer.from(good)
    .toString()
    .replace(/"sig":"(.)(.)/, (_, a: string, b: string) => `"sig":"${b}${a}`);
  const bad = new Uint8Array(Buffer.from(text));
  await assert.rejects(takeIn(loop.ports, bad, { onlyAwaited: false }), { code: "attestation/refused" });
  const torn = good.subarray(0, good.length - 1);
  await assert.rejects(takeIn(loop.ports, torn, { onlyAwaited: false }), { code: "attestation/unreadable" });
});

test("a certificate without a URI name is told so, and what to do with the bundle", async () => {
  using loop = await openLoop();
  const source = await deliverUntilGate(loop);
  const { ports, authorities, keyless } = loop.trust;
  const signer = await generateSigner("ecdsa-p256-sha256");
  const certificate = await issueCertificateFor(ports, keyless, {
    name: { kind: "email", email: "bob@example.org" },
    publicKey: signer.publicKey,
    extensions: [textExtension(fulcioIssuerOid, scanner.issuer)],
  });
  const bytes = await sealStatement(ports, authorities, { certificate, signer }, scanOf(source));
  await assert.rejects(takeIn(loop.ports, bytes, { onlyAwaited: false }), {
    code: "attestation/refused",
    next: /only a signer whose name is a URI/,
  });
});
