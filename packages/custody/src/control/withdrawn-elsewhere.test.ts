import assert from "node:assert/strict";
import { test } from "node:test";

import { link, planWithdrawal } from "custody/evidence";
import type { SaidWords, SignerName, Statement } from "custody/evidence";
import { hexOf } from "custody/ground";

import { decideOn, payloadOf, readChainRecords, takeIn, withdraw } from "./index.ts";
import type { TakenIn } from "./index.ts";
import { openLoop, pipelineText } from "./loop.testing.ts";
import type { Loop } from "./loop.testing.ts";
import { sealAs } from "./seal-as.testing.ts";

const issuer = "https://issuer.test";
const scanner = { identity: "https://ci.test/scan", issuer };
const office = { identity: "https://security.test/office", issuer };
const outside = `outside:\n  - { name: scan, identity: "${scanner.identity}", issuer: "${issuer}" }\n`;
const withdrawers = `withdrawers:\n  - { identity: "${office.identity}", issuer: "${issuer}" }\n`;
const withScan = pipelineText.replace("image:\n", `${outside}image:\n`);
const withOffice = pipelineText.replace("image:\n", `${outside}${withdrawers}image:\n`);

/** An image that was let in by a scan from elsewhere. */
interface Scanned extends Disposable {
  readonly loop: Loop;
  readonly said: SaidWords;
  readonly scanDigest: TakenIn["record"]["digest"];
  /** Hands in at the open door that somebody takes the scan back. */
  withdrawAs(by: SignerName, reason?: string): Promise<TakenIn>;
  /** The codes of what the gate has against the image now. */
  judge(): Promise<readonly string[]>;
}

async function openScanned(pipeline: string): Promise<Scanned> {
  const loop = await openLoop();
  await loop.setPolicy(pipeline);
  await assert.rejects(loop.deliver(loop.commit(pipeline, "ada")), { code: "control/awaiting" });
  const [waiting] = await loop.ports.deliveries.list({ limit: 1 });
  const bytes = await sealAs(loop, scanner, scanOf(hexOf(waiting!.state.source!)));
  const { record } = await takeIn(loop.ports, bytes, { onlyAwaited: true });
  const { state } = await loop.resume();
  const said = { ...scanner, payload: hexOf(payloadOf(loop.ports.crypto, { bytes })!) };
  return {
    loop,
    said,
    scanDigest: record.digest,
    async withdrawAs(by, reason = "the rules were wrong") {
      const withdrawal = await sealAs(loop, by, planWithdrawal(said, { reason }));
      return takeIn(loop.ports, withdrawal, { onlyAwaited: true });
    },
    async judge() {
      const records = await readChainRecords(loop.ports, state.image!);
      const { verdict } = await decideOn(loop.ports, "hello", state.image!, records);
      return verdict.kind === "allowed" ? [] : verdict.reasons.map(({ code }) => code);
    },
    [Symbol.dispose]: () => loop[Symbol.dispose](),
  };
}

function scanOf(source: string): Statement {
  const material = { name: "source", digest: { sha256: source } };
  const predicate = { name: "scan", materials: [material], byproducts: { "return-value": 0 } };
  return { subject: [material], predicateType: link.predicateType, predicate };
}

test("its signer takes it back at the open door, and the gate refuses the image from then on", async () => {
  using scanned = await openScanned(withScan);
  assert.deepEqual(await scanned.judge(), []);
  assert.equal((await scanned.withdrawAs(scanner)).isNew, true);
  assert.deepEqual(await scanned.judge(), ["evidence/withdrawn"]);
  assert.equal((await scanned.withdrawAs(scanner, "once more")).isNew, false);
});

test("whom custody.yaml names takes it back; where it names nobody, the same is refused and not kept", async () => {
  using unnamed = await openScanned(withScan);
  await assert.rejects(unnamed.withdrawAs(office), { code: "attestation/withdrawer" });
  assert.deepEqual(await unnamed.judge(), []);
  using named = await openScanned(withOffice);
  assert.equal((await named.withdrawAs(office)).isNew, true);
  assert.deepEqual(await named.judge(), ["evidence/withdrawn"]);
});

test("nobody else takes it back: not by another name, nor by the same from another voucher", async () => {
  using scanned = await openScanned(withOffice);
  const others: readonly SignerName[] = [
    { identity: "https://ci.test/evil", issuer },
    { ...scanner, issuer: "https://other.test" },
    { ...office, issuer: "https://other.test" },
  ];
  for (const other of others) {
    await assert.rejects(scanned.withdrawAs(other), { code: "attestation/withdrawer" }, other.identity);
    assert.deepEqual(await scanned.judge(), []);
  }
});

test("the trust domain takes back what its own parts said, and another CI's only where custody.yaml names it", async () => {
  using scanned = await openScanned(withScan);
  const { ports } = scanned.loop;
  const refused = withdraw(ports, scanned.scanDigest, { reason: "no" });
  await assert.rejects(refused, { code: "attestation/withdrawer", details: { verdict: "refused" } });
  assert.deepEqual(await scanned.judge(), []);
  const domain = `  - { identity: "${ports.identities.withdrawal}", issuer: "spiffe://example.org" }\n`;
  await scanned.loop.setPolicy(withOffice.replace("image:\n", `${domain}image:\n`));
  assert.equal((await withdraw(ports, scanned.scanDigest, { reason: "no" })).isNew, true);
  assert.deepEqual(await scanned.judge(), ["evidence/withdrawn"]);
});

test("a signer whom no layout names any more takes its own words back all the same", async () => {
  using scanned = await openScanned(withScan);
  await scanned.loop.setPolicy(pipelineText);
  assert.equal((await scanned.withdrawAs(scanner)).isNew, true);
  await scanned.loop.setPolicy(withScan);
  assert.deepEqual(await scanned.judge(), ["evidence/withdrawn"]);
});

test("what nobody handed in cannot be taken back, nor what another said in the same words", async () => {
  using scanned = await openScanned(withScan);
  const stranger = { identity: "https://ci.test/stranger", issuer };
  const rows: readonly SaidWords[] = [
    { ...scanned.said, ...stranger },
    { ...scanned.said, payload: "0".repeat(64) },
  ];
  for (const said of rows) {
    const bytes = await sealAs(scanned.loop, said, planWithdrawal(said, { reason: "x" }));
    const taken = takeIn(scanned.loop.ports, bytes, { onlyAwaited: true });
    await assert.rejects(taken, { code: "attestation/unknown" });
  }
});

test("a withdrawal that names no attestation, or two, is refused", async () => {
  using scanned = await openScanned(withScan);
  const whole = planWithdrawal(scanned.said, { reason: "x" });
  const [subject] = whole.subject;
  const changes: readonly Partial<Statement>[] = [
    { predicate: {} },
    { subject: [subject!, { name: "another", digest: { sha256: "0".repeat(64) } }] },
    { subject: [{ name: "attestation", digest: { sha512: "0".repeat(128) } }] },
  ];
  for (const change of changes) {
    const bytes = await sealAs(scanned.loop, scanner, { ...whole, ...change });
    const taken = takeIn(scanned.loop.ports, bytes, { onlyAwaited: false });
    await assert.rejects(taken, { code: "attestation/refused" }, JSON.stringify(change));
  }
});
