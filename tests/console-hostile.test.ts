import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import type { BrowserContext, Page, Route } from "playwright-core";

import { ConsoleHouse, hostile, skip } from "./console.testing.ts";
import type { ConsoleVisit } from "./console.testing.ts";

/** As much of the server's answer about chains as is altered here. */
interface ChainsAnswer {
  chains: { bundles: string[]; policy: string }[];
  processes: { name: string; process: { pid: number } }[];
}

describe("the console before hostile hands", { skip }, () => {
  let house: ConsoleHouse;

  before(async () => {
    house = await ConsoleHouse.open("console-hostile");
  });
  after(() => house.close());

  /** A visit for which the server's answers about chains are altered on their way. */
  function altering(alter: (answer: ChainsAnswer) => void): (context: BrowserContext) => Promise<unknown> {
    return (context) =>
      context.route("**/api/v1/chains?*", async (route) => {
        const response = await route.fetch();
        const answer = (await response.json()) as ChainsAnswer;
        alter(answer);
        await route.fulfill({ response, json: answer });
      });
  }

  async function chainWith(alter: (answer: ChainsAnswer) => void): Promise<ConsoleVisit> {
    return house.visit("/chain/greeter", { prepare: altering(alter) });
  }

  /** Everything at an address, in every answer of the API: text that would run if it were taken for more than text. */
  async function poison(route: Route): Promise<void> {
    const response = await route.fetch();
    const poisoned = (await response.text()).replaceAll(
      /"(repository|message|ref|trouble|subject|name|address|code)":"[^"]*"/g,
      (_, name: string) => `"${name}":${JSON.stringify(hostile)}`,
    );
    await route.fulfill({ response, body: poisoned });
  }

  async function checkNothingRan({ page, errors }: ConsoleVisit): Promise<void> {
    assert.equal(await page.evaluate("globalThis.wasRun"), undefined);
    assert.deepEqual(errors, []);
  }

  describe("a proof altered on the wire is refused by the browser itself", () => {
    const stateOf = async (page: Page): Promise<string | null> => {
      const badge = page.locator("h1 + .badge:not(:has-text('checking'))");
      await badge.waitFor();
      return badge.getAttribute("data-state");
    };

    test("as it came, it is verified: the control", async () => {
      const one = await chainWith(() => undefined);
      assert.equal(await stateOf(one.page), "verified");
      await one.close();
    });

    // Each is what somebody between the server and the browser, or the server itself, might do.
    const attacks: readonly [name: string, alter: (answer: ChainsAnswer) => void, code: RegExp][] = [
      [
        "a signature that is another's",
        ({ chains: [chain] }) => editBundles(chain, (bundle) => flipSignature(bundle)),
        /evidence\/(signature-invalid|log-entry-mismatch|timestamp-invalid)/,
      ],
      [
        "a statement that says something else",
        ({ chains: [chain] }) => editBundles(chain, (bundle) => editPayload(bundle)),
        /evidence\/(signature-invalid|log-entry-mismatch)/,
      ],
      [
        "an inclusion proof that leads elsewhere",
        ({ chains: [chain] }) => editBundles(chain, (bundle) => bendProof(bundle)),
        /evidence\/log-proof-invalid/,
      ],
      [
        "a hand-off that is kept back",
        ({ chains: [chain] }) => {
          if (chain)
            chain.bundles = chain.bundles.filter((bundle) => !payloadOf(bundle).includes("test-result"));
        },
        /layout\/step-missing/,
      ],
    ];
    for (const [name, alter, code] of attacks) {
      test(name, async () => {
        const one = await chainWith(alter);
        assert.notEqual(await stateOf(one.page), "verified");
        assert.match((await one.texts(".reasons code")).join(" "), code);
        await one.page.locator(".node-card:not([data-state=verified])").first().waitFor();
        await one.close();
      });
    }

    test("what is missing stands in the picture, where it would have been", async () => {
      const one = await chainWith(({ chains: [chain] }) => {
        if (chain)
          chain.bundles = chain.bundles.filter((bundle) => !payloadOf(bundle).includes("test-result"));
      });
      await one.page.locator(".node-card[data-state=missing]", { hasText: "test" }).waitFor();
      await one.page.locator(".badge[data-state=missing]", { hasText: "1 missing" }).waitFor();
      await one.close();
    });

    test("a trusted root that is swapped is noticed, and not believed", async () => {
      const one = await house.visit("/chain/greeter");
      await one.page.locator("h1 + .badge[data-state=verified]").waitFor();
      await one.page.context().route("**/trusted_root.json", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: (await response.text()).replaceAll("live.test", "evil.test") });
      });
      await one.goTo("/chain/greeter");
      await one.page
        .getByRole("alert")
        .getByText(/another trusted root/)
        .waitFor();
      const alert = one.page.getByRole("alert").filter({ hasText: "another trusted root" });
      const shown = await house.custody("trust", "show", "--json");
      const { revision } = (JSON.parse(shown.stdout) as { trustedRoot: { revision: string } }).trustedRoot;
      const said = alert.locator("dl code");
      await said.nth(1).waitFor();
      assert.equal(await said.nth(0).innerText(), revision, "what is kept is what the command shows");
      assert.match(await said.nth(1).innerText(), /^sha256:[0-9a-f]{64}$/);
      assert.notEqual(await said.nth(1).innerText(), revision);
      const changes = await alert.getByRole("listitem").allInnerTexts();
      for (const change of [
        /^no longer trusted: log log\.live\.test sha256:/,
        /^trusted anew: log log\.evil\.test/,
      ])
        assert.ok(
          changes.some((line) => change.test(line)),
          changes.join("\n"),
        );
      assert.equal(await stateOf(one.page), "verified", "by the root that was kept");
      await one.close();
    });
  });

  describe("a chain that holds is no answer to another question", () => {
    const answering = (context: BrowserContext): Promise<unknown> =>
      context.route("**/api/v1/chains?*", async (route) => {
        const response = await route.fetch({ url: `${house.server.url}/api/v1/chains?thing=greeter` });
        await route.fulfill({ response });
      });

    test("of a digest, a commit, a workload, a tag or a process", async () => {
      const one = await house.visit("/", { prepare: answering });
      for (const word of [
        `sha256:${"f".repeat(64)}`,
        "1".repeat(40),
        "payments",
        "payments:prod",
        "999999",
      ]) {
        await one.goTo(`/chain/${word}`);
        await one.page.locator(".reasons code", { hasText: "console/other-chain" }).first().waitFor();
        assert.equal(await one.page.locator("h1 + .badge").getAttribute("data-state"), "refused", word);
      }
      await one.goTo("/chain/greeter");
      await one.page.locator("h1 + .badge[data-state=verified]").waitFor();
      await one.close();
    });

    test("of what is said to run", async () => {
      const prepare = (context: BrowserContext): Promise<unknown> =>
        context.route("**/api/v1/workloads", async (route) => {
          const response = await route.fetch();
          const { workloads } = (await response.json()) as { workloads: { process?: object }[] };
          const evil = workloads.map((told) => ({ ...told, process: { ...told.process, pid: 666 } }));
          await route.fulfill({ response, json: { workloads: evil } });
        });
      const one = await house.visit("/running", { prepare });
      await one.page
        .getByRole("row", { name: /pid 666/ })
        .getByText("run/unattested")
        .waitFor();
      assert.equal(await one.page.locator(".badge[data-state=verified]").count(), 0);
      await one.close();
    });

    test("nor while the answer to it is still on its way", async () => {
      const one = await house.visit("/chain/greeter");
      await one.page.locator("h1 + .badge[data-state=verified]").waitFor();
      await one.page.getByRole("searchbox").fill("payments");
      await one.page.keyboard.press("Enter");
      await one.page.getByRole("alert").waitFor();
      assert.equal(await one.page.locator(".badge[data-state=verified], .react-flow__node").count(), 0);
      await one.close();
    });
  });

  test("what people typed is text wherever it stands", async () => {
    const prepare = (context: BrowserContext) =>
      context.route(/\/api\/v1\/(deliveries|decisions|workloads)/, (route) =>
        route.request().url().endsWith("/stream") ? route.continue() : poison(route),
      );
    const one = await house.visit("/", { prepare });
    for (const path of ["/", "/deliveries", "/decisions", "/running"]) {
      await one.goTo(path);
      await one.page.locator("tbody tr").first().waitFor();
      assert.ok((await one.page.locator("main").innerText()).includes("<img src=x onerror="), path);
      assert.equal(await one.page.locator("main img, main script").count(), 0);
    }
    await one.page.goto(`${house.server.url}/decisions`);
    await one.page.locator("tbody a").first().click();
    await one.page.getByRole("heading", { name: /<img src=x/ }).waitFor();
    await checkNothingRan(one);
    assert.deepEqual(await one.violations(), [], "nothing even tried to run");
    await one.close();
  });

  test("what a step printed and a commit says is text in the delivery, live and later", async () => {
    const one = await house.visit("/deliveries");
    await one.page.getByRole("row", { name: /done/ }).getByRole("link", { name: "greeter" }).click();
    const steps = one.page.locator(".stage", { hasText: "steps" });
    await steps.getByText(/lines of output/).click();
    await steps.locator("pre", { hasText: "<img src=x onerror=" }).waitFor();
    assert.equal(await one.page.locator("main img").count(), 0);
    await checkNothingRan(one);
    await one.close();
  });

  test("an address is no way in", async () => {
    const paths = [
      `/chain/${encodeURIComponent(hostile)}`,
      `/decisions?gate=${encodeURIComponent(hostile)}`,
      `/chain/greeter?node=${encodeURIComponent(hostile)}&as=${encodeURIComponent(hostile)}`,
      `/deliveries/${encodeURIComponent("../../sign-in")}`,
      `/sign-in?to=${encodeURIComponent("javascript:globalThis.wasRun='yes'")}`,
    ];
    const one = await house.visit("/");
    for (const path of paths) {
      await one.goTo(path);
      await checkNothingRan(one);
    }
    await one.close();
  });

  describe("other sites", () => {
    const post = (headers: Record<string, string>, body = '{"link":"x"}') =>
      fetch(`${house.server.url}/api/v1/session`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
      });

    test("cannot sign anybody in or out", async () => {
      const link = (await house.signInLink()).split("#")[1] ?? "";
      const body = JSON.stringify({ link });
      for (const headers of [
        { origin: "https://elsewhere.example" },
        { "sec-fetch-site": "cross-site" },
        { origin: "null" },
      ])
        assert.equal((await post(headers, body)).status, 403, JSON.stringify(headers));
      assert.equal(
        (await post({ origin: house.server.url }, body)).status,
        201,
        "the control: from its own page",
      );
    });

    test("cannot have a session change anything, and cannot frame a page", async () => {
      const one = await house.visit("/");
      const [cookie] = await one.page.context().cookies();
      const headers = { cookie: `${cookie?.name}=${cookie?.value}` };
      const ask = (method: string, path: string) => fetch(house.server.url + path, { method, headers });
      assert.equal((await ask("GET", "/api/v1/workloads")).status, 200);
      for (const [method, path] of [
        ["POST", "/api/v1/sign-in-links"],
        ["POST", "/api/v1/workloads/greeter/stop"],
        ["DELETE", "/api/v1/workloads/greeter"],
      ] as const)
        assert.ok([401, 404].includes((await ask(method, path)).status), `${method} ${path}`);
      const policy = (await fetch(house.server.url)).headers.get("content-security-policy") ?? "";
      assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/);
      assert.match(policy, /frame-ancestors 'none'/);
      await one.close();
    });
  });

  test("ten thousand processes do not freeze the tab", async () => {
    const count = 10_000;
    const one = await chainWith((answer) => {
      const [first] = answer.processes;
      assert.ok(first);
      answer.processes = Array.from({ length: count }, (_, i) => ({
        ...first,
        process: { ...first.process, pid: first.process.pid + 1 + i },
      }));
    });
    // No attestation says that these run: they are shown, and not shown as verified.
    await one.page.getByText(`${count} undecided`).waitFor();
    // While the picture is still being laid out, the page answers.
    await one.page.getByLabel("theme").selectOption("dark");
    assert.equal(await one.page.evaluate("document.documentElement.dataset.theme"), "dark");
    await one.page.locator(".react-flow__minimap").waitFor({ timeout: 120_000 });
    const drawn = await one.page.locator(".react-flow__node").count();
    assert.ok(drawn < 2000, `${drawn} are drawn: those in sight`);
    await one.page.getByRole("button", { name: "Zoom In" }).click();
    // The arrow keys lead also to what was not drawn yet.
    await one.page.locator(".react-flow__node", { hasText: "process" }).first().focus();
    const passed = new Set<string | null>();
    for (let i = 0; i < 8; i++) {
      await one.page.keyboard.press("ArrowDown");
      await one.page.locator(".react-flow__node:focus .node-card[data-selected=true]").waitFor();
      passed.add(await one.page.locator(".react-flow__node:focus").getAttribute("data-id"));
    }
    assert.equal(passed.size, 8);
    await one.close();
  });

  test("a withdrawal that the server holds back is found in the log, which cannot", async () => {
    let before = "";
    const keeping = (context: BrowserContext) =>
      context.route("**/api/v1/chains?*", async (route) => {
        const response = await route.fetch();
        if (before === "") before = await response.text();
        await route.fulfill({ response, body: before });
      });
    const one = await house.visit("/chain/greeter?as=list", { prepare: keeping });
    const look = async (): Promise<void> => {
      await one.goTo("/chain/greeter?as=list");
      await one.page.getByRole("button", { name: "test", exact: true }).click();
      await one.page.getByRole("button", { name: "look in the log" }).click();
    };
    await look();
    await one.page.getByText(/Nothing takes it back among the first \d+ entries/).waitFor();
    const traced = await house.custody("trace", "greeter", "--json");
    const { handOffs } = JSON.parse(traced.stdout) as { handOffs: { step: string; digest: string }[] };
    const digest = handOffs.find(({ step }) => step === "test")?.digest ?? "";
    const withdrawn = await house.custody("withdraw", digest, "--reason", "the test tests nothing");
    assert.equal(withdrawn.exitCode, 0, withdrawn.stdout);
    await look();
    await one.page.locator("h1 + .badge[data-state=verified]").waitFor();
    await one.page.getByRole("alert").getByText("the test tests nothing").waitFor();
    await one.page.context().unrouteAll();
    await one.goTo("/chain/greeter?as=list");
    await one.page.locator("tbody .badge[data-state=withdrawn]").first().waitFor();
    await one.close();
  });
});

function payloadOf(bundle: string): string {
  const { dsseEnvelope } = JSON.parse(Buffer.from(bundle, "base64").toString()) as {
    readonly dsseEnvelope: { readonly payload: string };
  };
  return Buffer.from(dsseEnvelope.payload, "base64").toString();
}

interface EditableBundle {
  dsseEnvelope: { payload: string; signatures: { sig: string }[] };
  verificationMaterial: { tlogEntries: { inclusionProof: { hashes: string[] } }[] };
}

function editBundles(chain: { bundles: string[] } | undefined, edit: (bundle: EditableBundle) => void): void {
  if (!chain) return;
  chain.bundles = chain.bundles.map((text) => {
    if (!payloadOf(text).includes("slsa.dev/provenance")) return text;
    const bundle = JSON.parse(Buffer.from(text, "base64").toString()) as EditableBundle;
    edit(bundle);
    return Buffer.from(JSON.stringify(bundle)).toString("base64");
  });
}

function flipped(base64: string, at: number): string {
  const bytes = Buffer.from(base64, "base64");
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString("base64");
}

function flipSignature({ dsseEnvelope: { signatures } }: EditableBundle): void {
  for (const signature of signatures) signature.sig = flipped(signature.sig, 40);
}

function editPayload({ dsseEnvelope }: EditableBundle): void {
  const text = Buffer.from(dsseEnvelope.payload, "base64").toString();
  dsseEnvelope.payload = Buffer.from(text.replace(/[0-9a-f]{64}/, "0".repeat(64))).toString("base64");
}

function bendProof({ verificationMaterial: { tlogEntries } }: EditableBundle): void {
  for (const { inclusionProof } of tlogEntries)
    inclusionProof.hashes = inclusionProof.hashes.map((hash) => flipped(hash, 0));
}
