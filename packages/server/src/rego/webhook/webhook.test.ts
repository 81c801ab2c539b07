import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { text } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";

import { CustodyError } from "custody/ground";
import { privateKeyPem, selfSignedCertificate } from "custody/rego/certificate.testing";

import { ask, byGatekeeper, byRego, check, review, serve } from "./webhook.testing.ts";
import { until } from "../management/service.testing.ts";
import type { PolicySet } from "../index.ts";
import { budgetMilliseconds } from "./deadline.ts";

const uid = "705ab4f5-6393-11e8-b7cc-42010a800002";
const wantsOwner = `deny contains "a Pod needs an owner" if not input.request.object.metadata.labels.owner`;
const owned = { object: { apiVersion: "v1", kind: "Pod", metadata: { labels: { owner: "me" } } } };

const template = (rego: string): string => `
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: k8sowner}
spec:
  crd: {spec: {names: {kind: K8sOwner}}}
  targets: [{target: admission.k8s.gatekeeper.sh, rego: ${JSON.stringify(`package a\n${rego}`)}}]`;
const ownerRego = `violation[{"msg": "no owner"}] { not input.review.object.metadata.labels.owner }`;
const constraint = (spec: string): string => `
---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sOwner
metadata: {name: owner}
spec: ${spec}`;

describe("policies that change", () => {
  test("decide from then on, and those that are refused leave the ones before", async () => {
    let text = `deny contains "one"`;
    const said: string[] = [];
    const read = async (): Promise<PolicySet> => {
      const now = text;
      if (now === "unreadable") throw new Error("the disk is away");
      return { fingerprint: now, open: () => (now === "" ? [] : [byRego(now)]) };
    };
    const policies = { read, intervalMilliseconds: 10 };
    const webhook = await serve([], { policies, say: (line) => void said.push(line) });
    const message = async (): Promise<string> => JSON.stringify(await ask(webhook, review()));
    const health = async (): Promise<string> => (await fetch(`${webhook.url}/health`)).text();
    assert.match(await message(), /"one"/);
    text = `deny contains "two"`;
    await until(async () => (await message()).includes('"two"'));
    assert.equal(await health(), "{}");
    for (const [bad, reason] of [
      ["deny contains y", "var y is unsafe"],
      ["unreadable", "the disk is away"],
      ["", "a webhook without a policy would decide nothing"],
    ] as const) {
      text = bad;
      await until(async () => (await health()).includes(reason));
      assert.match(await message(), /"two"/);
      assert.ok(said.at(-1)?.startsWith("policies: those of before decide: "), bad);
    }
    text = `deny contains "three"`;
    await until(async () => (await health()) === "{}");
    assert.match(await message(), /"three"/);
  });
});

describe("the shapes of admission.k8s.io", () => {
  test("an allowed request is answered with its uid alone, in its own version", async () => {
    const webhook = await serve([byRego(wantsOwner)]);
    for (const version of ["v1", "v1beta1"]) {
      assert.deepEqual(await ask(webhook, review(owned, version)), {
        apiVersion: `admission.k8s.io/${version}`,
        kind: "AdmissionReview",
        response: { uid, allowed: true },
      });
    }
  });

  test("a refused one has a status with code and message; warnings and audit annotations stand beside it", async () => {
    const warn = byRego(`deny contains "no"\nwarn contains "old"\nwarn contains {"msg": "older"}`);
    const dryrun = byGatekeeper(template(ownerRego) + constraint("{enforcementAction: dryrun}"));
    const webhook = await serve([warn, dryrun]);
    assert.deepEqual(await ask(webhook, review()), {
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: {
        uid,
        allowed: false,
        status: { code: 403, message: "no" },
        warnings: ["old", "older"],
        auditAnnotations: { dryrun: "[owner] no owner" },
      },
    });
  });
});

describe("by Rego", () => {
  test("messages deny; nothing denied is allowed", async () => {
    const webhook = await serve([byRego(wantsOwner)]);
    await check(webhook, review(), "403 a Pod needs an owner");
    await check(webhook, review(owned), "allowed");
  });

  test("the control: with the policy off, the same request is allowed", async () => {
    await check(await serve([byRego("deny := set()")]), review(), "allowed");
  });

  test("a policy may answer with true or false, or a whole AdmissionReview", async () => {
    const main = (response: string): string => `main := {"apiVersion": "v1", "response": ${response}}`;
    for (const [rules, expected] of [
      ["main := true", "allowed"],
      ["main := false", "403 the policy does not allow it"],
      ["main := []", "allowed"],
      [`main := [{"msg": "b"}, "a"]`, "403 b\na"],
      [main(`{"uid": input.request.uid, "allowed": true}`), "allowed"],
      [main(`{"allowed": false, "status": {"message": "no"}}`), "403 no"],
      [main(`{"allowed": false, "status": {"reason": "why"}}`), "403 why"],
      [main(`{"allowed": false}`), "403 the policy does not allow it"],
      [main(`{"allowed": true, "uid": "other"}`), /^500 .* that of another request$/],
      [main(`{"allowed": "true"}`), /^500 .*neither true nor false$/],
      [main(`{"allowed": true, "patch": "e30="}`), /^500 .*objects are not changed here$/],
      [main("null"), /^500 .*has no response$/],
      ["main := {}", /^500 .*has no response$/],
      [`main := "no"`, /^500 .*neither messages nor an AdmissionReview$/],
      ["main := null", /^500 /],
      ["main := [1]", /^500 .*is no text$/],
      ["main contains 1", /^500 .*is no text$/],
      ["other := true", /^500 could not decide: the policy's answer is undefined$/],
    ] as const) {
      await check(await serve([byRego(rules, "data.kubernetes.admission.main")]), review(), expected);
    }
  });

  test("what fails, also in a builtin or a warning, is refused", async () => {
    for (const [rules, expected] of [
      [`deny contains m if m := to_number("x")`, /^500 could not decide: .*eval_builtin_error/],
      ["deny := 1 if true\ndeny := 2 if true", /^500 could not decide: .*eval_conflict_error/],
      ["deny contains x if x := numbers.range(1, 200000)[_]", /^500 could not decide: .*eval_limit_error/],
      [`deny := set()\nwarn := to_number("x")`, /^500 could not decide: .*eval_builtin_error/],
      ["deny := set()\nwarn := 1", /^500 could not decide: /],
      [
        `deny := set()\nwarn := http.send({"method": "get", "url": "http://127.0.0.1:1"})`,
        /^500 could not decide: /,
      ],
    ] as const) {
      await check(await serve([byRego(rules)], { steps: 100_000 }), review(), expected);
    }
  });
});

describe("by templates and constraints", () => {
  test("deny refuses; what does not match, or has what is asked for, is allowed", async () => {
    const webhook = await serve([byGatekeeper(template(ownerRego) + constraint("{}"))]);
    await check(webhook, review(), "403 [owner] no owner");
    await check(webhook, review(owned), "allowed");
    await check(webhook, review({ operation: "DELETE", object: null, oldObject: owned.object }), "allowed");
    await check(
      webhook,
      review({ operation: "DELETE", object: null }),
      /^400 could not decide: .*no oldObject$/,
    );
    const services = constraint("{match: {kinds: [{apiGroups: [''], kinds: [Service]}]}}");
    await check(await serve([byGatekeeper(template(ownerRego) + services)]), review(), "allowed");
  });

  test("warn only warns", async () => {
    const webhook = await serve([
      byGatekeeper(template(ownerRego) + constraint("{enforcementAction: warn}")),
    ]);
    const { response } = await ask(webhook, review());
    assert.deepEqual([response.allowed, response.warnings], [true, ["[owner] no owner"]]);
  });

  test("a Namespace that is not at hand leaves it undecided; with it there is a decision", async () => {
    const selecting = template(ownerRego) + constraint("{match: {namespaceSelector: {matchLabels: {a: b}}}}");
    await check(
      await serve([byGatekeeper(selecting)]),
      review(),
      /^500 \[owner\] could not decide: .*Namespace prod/,
    );
    const prod = (labels: string): string =>
      `\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: prod, labels: {${labels}}}}`;
    await check(await serve([byGatekeeper(selecting + prod("a: b"))]), review(), "403 [owner] no owner");
    await check(await serve([byGatekeeper(selecting + prod("a: c"))]), review(), "allowed");
  });

  test("a template that fails is refused", async () => {
    const failing =
      template(`p = 1 { true }\np = 2 { true }\nviolation[{"msg": "m"}] { p }`) + constraint("{}");
    await check(
      await serve([byGatekeeper(failing)]),
      review(),
      /^500 \[owner\] could not decide: .*eval_conflict_error/,
    );
  });
});

describe("whatever it is asked, it does not let it in", () => {
  test("every policy has to allow", async () => {
    const [yes, no] = [byRego("deny := set()"), byRego(wantsOwner)];
    const broken = byRego("other := 1");
    await check(await serve([yes, no]), review(), "403 a Pod needs an owner");
    await check(await serve([no, yes]), review(), "403 a Pod needs an owner");
    await check(await serve([yes, broken]), review(), /^500 /);
    await assert.rejects(
      serve([]),
      (error) => error instanceof CustodyError && error.code === "server/policy",
    );
  });

  test("what is no AdmissionReview is refused, with the uid that it has", async () => {
    const webhook = await serve([byRego("deny := set()")]);
    for (const body of [
      "",
      "{",
      "null",
      "[]",
      "[".repeat(5000),
      "{}",
      review({ uid: "" }),
      review({ uid: 1 }),
    ]) {
      await check(webhook, body, /^400 could not decide: /);
    }
    await check(webhook, review({}, "v2"), /^400 could not decide: .*apiVersion/);
    assert.equal((await ask(webhook, review({}, "v2"))).response.uid, uid);
    await check(
      webhook,
      review({ object: "x".repeat(200_000) }),
      "413 could not decide: the request is too large",
    );
  });

  test("bytes that are no text are refused", async () => {
    const webhook = await serve([byRego("deny := set()")]);
    const body = Buffer.from(review()).fill(0xff, 200, 201);
    const response = await fetch(`${webhook.url}/v1/admit`, { method: "POST", body });
    const answer = (await response.json()) as { response: { allowed: boolean; status: { code: number } } };
    assert.deepEqual([answer.response.allowed, answer.response.status.code], [false, 400]);
  });

  test("a decision that takes too long is refused, in time", async () => {
    const slow =
      "deny contains x if { some i in numbers.range(1, 3000); some j in numbers.range(1, 3000); x := i * j; x < 0 }";
    const patient = { steps: 1_000_000_000 };
    const start = performance.now();
    const webhook = await serve([byRego(slow)], { ...patient, deadlineMilliseconds: 50 });
    await check(webhook, review(), "504 could not decide in time");
    await check(
      await serve([byRego(slow)], patient),
      review(),
      "504 could not decide in time",
      "?timeout=150ms",
    );
    assert.ok(performance.now() - start < 5000);
    await check(webhook, review(), /^400 could not decide: .*timeout is no duration/, "?timeout=soon");
  });

  test("a timeout of the API server leaves time for the way back, and never makes a deadline longer", () => {
    for (const [timeout, expected] of [
      [null, 2000],
      ["10s", 2000],
      ["1s", 900],
      ["1s500ms", 1400],
      ["1m30s", 2000],
      ["0.5s", 400],
      ["50ms", 0],
      ["0s", 0],
    ] as const) {
      assert.equal(budgetMilliseconds(2000, timeout), expected, String(timeout));
    }
    for (const timeout of ["", "10", "s", "-1s", "1s ", "1d", "1e3s"]) {
      assert.throws(() => budgetMilliseconds(2000, timeout), /no duration/, timeout);
    }
  });
});

describe("over TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "custody-webhook-"));
  after(() => rmSync(folder, { recursive: true }));
  const tls = { certFile: join(folder, "tls.crt"), keyFile: join(folder, "tls.key") };

  /** Writes a new certificate; what it is, to be compared with what a server shows. */
  function renew(name: string): void {
    const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeFileSync(tls.certFile, selfSignedCertificate(name, keys));
    writeFileSync(tls.keyFile, privateKeyPem(keys));
  }

  /** The name in the certificate that a server shows, and its answer. */
  async function askOver(url: string): Promise<{ name: string | undefined; allowed: boolean }> {
    const asked = request(`${url}/v1/admit`, { method: "POST", rejectUnauthorized: false, agent: false });
    asked.end(review());
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      asked.once("response", resolve).once("error", reject);
    });
    const { CN } = (reply.socket as TLSSocket).getPeerCertificate().subject;
    const { response } = JSON.parse(await text(reply)) as { response: { allowed: boolean } };
    return { name: typeof CN === "string" ? CN : undefined, allowed: response.allowed };
  }

  test("a certificate that changes is used without a restart; a broken one is told of and not used", async () => {
    renew("first");
    const said: string[] = [];
    const webhook = await serve([byRego("deny := set()")], { tls, say: (line) => said.push(line) });
    assert.match(webhook.url, /^https:/);
    assert.deepEqual(await askOver(webhook.url), { name: "first", allowed: true });
    renew("second");
    for (let i = 0; i < 100 && (await askOver(webhook.url)).name !== "second"; i++) await sleep(20);
    assert.deepEqual(await askOver(webhook.url), { name: "second", allowed: true });
    writeFileSync(tls.keyFile, "no key");
    for (let i = 0; i < 100 && said.length === 0; i++) await sleep(20);
    assert.match(said[0] ?? "", /tls\.key: /);
    assert.equal((await askOver(webhook.url)).name, "second");
  });

  test("a key that is not the certificate's is refused at the start", async () => {
    renew("first");
    writeFileSync(tls.keyFile, privateKeyPem(generateKeyPairSync("ec", { namedCurve: "P-256" })));
    const isTls = (error: unknown): boolean => error instanceof CustodyError && error.code === "server/tls";
    await assert.rejects(serve([byRego("deny := set()")], { tls }), isTls);
  });
});
