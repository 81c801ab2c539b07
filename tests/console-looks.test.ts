import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import type { Delivery } from "custody/control";

import { ConsoleHouse, skip } from "./console.testing.ts";
import type { ConsoleVisit } from "./console.testing.ts";

const guides = join(import.meta.dirname, "../docs/guides");
/** `UPDATE_SCREENSHOTS=1` takes the pictures of the guide anew; with a folder, those of every view and width go there. */
const pictures = process.env["UPDATE_SCREENSHOTS"];
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What people see, and which parts of it have to be there before it is looked at. */
interface View {
  readonly name: string;
  readonly path: string;
  readonly ready: string;
  /** Within the frame that the view holds. */
  readonly readyInFrame?: string;
}

const ofBuilds = new URLSearchParams({ by: "type", value: "https://slsa.dev/provenance/v1" }).toString();
const views: readonly View[] = [
  { name: "overview", path: "/", ready: "tbody tr" },
  { name: "chain", path: "/chain/greeter", ready: ".react-flow__node, .folds tbody tr" },
  { name: "chain-list", path: "/chain/greeter?as=list", ready: ".folds tbody tr" },
  { name: "deliveries", path: "/deliveries", ready: "tbody tr" },
  { name: "delivery", path: "/deliveries/ID", ready: ".stage[data-stage=done]" },
  { name: "refused", path: "/deliveries/REFUSED", ready: ".stage[data-stage=refused]" },
  { name: "decisions", path: "/decisions", ready: "tbody tr" },
  { name: "decision", path: "/decisions/1", ready: ".policy-lines [data-mark]" },
  { name: "log", path: "/log", ready: "form" },
  { name: "log-search", path: `/log?${ofBuilds}`, ready: ".folds tbody tr" },
  { name: "checkpoints", path: "/log/checkpoints", ready: ".badge[data-state=verified]" },
  { name: "tiles", path: "/log/tiles", ready: ".badge[data-state=verified]" },
  { name: "running", path: "/running", ready: ".badge[data-state=verified]" },
  { name: "playground", path: "/playground", ready: "iframe", readyInFrame: "#outcome" },
];

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

describe("how the console looks", { skip }, () => {
  let house: ConsoleHouse;
  let idOf: (path: string) => string;

  before(async () => {
    house = await ConsoleHouse.open("console-looks");
    const { deliveries } = JSON.parse((await house.custody("deliveries", "--json")).stdout) as {
      deliveries: Delivery[];
    };
    const find = (commit: string): string => deliveries.find((one) => one.commit === commit)?.id ?? "";
    idOf = (path) =>
      path.replace("ID", find(house.commits.delivered)).replace("REFUSED", find(house.commits.refused));
  });
  after(() => house.close());

  async function takePicture({ page }: ConsoleVisit, name: string): Promise<void> {
    if (pictures === undefined) return;
    const isOfGuide = (await readFile(join(guides, "console.md"), "utf8")).includes(`(console/${name})`);
    const folder = pictures === "1" ? join(guides, "console") : pictures;
    if (isOfGuide || pictures !== "1") await page.screenshot({ path: join(folder, name) });
  }

  async function lookAt(one: ConsoleVisit, { path, ready, readyInFrame }: View): Promise<void> {
    await one.goTo(idOf(path));
    await one.page.locator(ready).first().waitFor();
    if (readyInFrame !== undefined) await one.page.frameLocator(ready).locator(readyInFrame).waitFor();
  }

  /** What axe finds that keeps people out. */
  async function barriers(one: ConsoleVisit): Promise<readonly string[]> {
    await one.page.evaluate(await readFile(axe, "utf8"));
    const { violations } = (await one.page.evaluate(
      "axe.run(document, { resultTypes: ['violations'] })",
    )) as {
      readonly violations: readonly Violation[];
    };
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" ")}`);
  }

  for (const [width, scheme] of [
    [1280, "light"],
    [1280, "dark"],
    [768, "light"],
    [390, "dark"],
  ] as const) {
    test(`nobody is kept out, and nothing runs out of the page: ${width} wide, ${scheme}`, async () => {
      const one = await house.visit("/", { width, scheme });
      for (const view of views) {
        await lookAt(one, view);
        assert.deepEqual(await barriers(one), [], view.name);
        const over = Number(await one.page.evaluate("document.documentElement.scrollWidth - innerWidth"));
        assert.ok(over <= 0, `${view.name} is ${over} pixels wider than the window`);
        await takePicture(one, `${view.name}-${width}-${scheme}.png`);
      }
      assert.deepEqual(await one.violations(), []);
      await one.close();
    });
  }

  test("axe would notice: a button without a name is found", async () => {
    const one = await house.visit("/");
    await one.page.evaluate("document.querySelector('main').append(document.createElement('button'))");
    assert.match((await barriers(one)).join(), /button-name/);
    await one.close();
  });

  test("the evidence of a hand-off, and an altered one", async () => {
    const one = await house.visit("/chain/greeter");
    await one.page.locator(".react-flow__node", { hasText: "publish" }).first().click();
    await one.page.getByText(/Checks made in this browser/).waitFor();
    assert.deepEqual(await barriers(one), []);
    await takePicture(one, "evidence-1280-light.png");
    await one.page.context().route("**/api/v1/chains?*", async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as { chains: { bundles: string[] }[] };
      for (const chain of answer.chains) chain.bundles = chain.bundles.slice(2);
      await route.fulfill({ response, json: answer });
    });
    await one.goTo("/chain/greeter");
    await one.page.locator(".node-card[data-state=missing]").first().waitFor();
    assert.deepEqual(await barriers(one), []);
    await takePicture(one, "missing-1280-light.png");
    await one.close();
  });
});
