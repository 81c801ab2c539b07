import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import type { Delivery } from "custody/control";
import type { Page } from "playwright-core";

import { ConsoleHouse, skip } from "./console.testing.ts";

interface Workload {
  readonly name: string;
  readonly image: string;
  readonly process: { readonly pid: number };
}

describe("the console over a real server", { skip }, () => {
  let house: ConsoleHouse;
  let deliveries: readonly Delivery[];
  let workload: Workload;

  before(async () => {
    house = await ConsoleHouse.open("console");
    deliveries = (
      JSON.parse((await house.custody("deliveries", "--json")).stdout) as { deliveries: Delivery[] }
    ).deliveries;
    [workload] = (
      JSON.parse((await house.custody("ps", "--json")).stdout) as { workloads: [Workload] }
    ).workloads;
  });
  after(() => house.close());

  const visit: ConsoleHouse["look"] = (...look) => house.look(...look);

  const deliveryOf = (commit: string): Delivery => {
    const found = deliveries.find((one) => one.commit === commit);
    assert.ok(found);
    return found;
  };
  const waitVerified = (page: Page) => page.locator("h1 + .badge[data-state=verified]").waitFor();

  describe("signing in", () => {
    test("shows nothing to a stranger, and says where the link comes from", async () => {
      const one = await house.stranger();
      await one.page.goto(`${house.server.url}/deliveries`);
      await one.page.getByText("custody console").waitFor();
      assert.equal(one.path, "/sign-in?to=%2Fdeliveries");
      assert.equal(await one.page.locator("tbody tr").count(), 0);
      await one.close();
    });

    test("a link signs in once, leaves the address, and says so the second time", async () => {
      const link = await house.signInLink();
      const one = await house.stranger();
      await one.page.goto(link);
      await one.page.getByRole("heading", { name: "Overview" }).waitFor();
      assert.equal(one.path, "/");
      const other = await house.stranger();
      await other.page.goto(link);
      await other.page.getByRole("alert").getByText("console/signed-out").waitFor();
      assert.equal(other.path, "/sign-in");
      await one.close();
      await other.close();
    });

    test("signing out ends the session on the server", () =>
      visit(
        "/",
        async (page, { path }) => {
          assert.equal(path, "/");
          const cookies = await page.context().cookies();
          const cookie = cookies.find(({ name }) => /^custody_session_[0-9]+$/.test(name));
          assert.deepEqual([cookie?.httpOnly, cookie?.sameSite], [true, "Strict"]);
          const ask = () =>
            fetch(`${house.server.url}/api/v1/workloads`, {
              headers: { cookie: `${cookie?.name}=${cookie?.value}` },
            });
          assert.equal((await ask()).status, 200);
          await page.getByRole("button", { name: "Sign out" }).click();
          await page.getByRole("heading", { name: "Sign in" }).waitFor();
          assert.equal((await ask()).status, 401);
        },
        { isOwnSession: true },
      ));
  });

  describe("the chain", () => {
    test("is found by workload, digest, tag, commit and pid, and verified in the browser", async () => {
      const { delivered } = house.commits;
      const words = [
        "greeter",
        workload.image,
        `greeter:${delivered.slice(0, 12)}`,
        delivered,
        String(workload.process.pid),
      ];
      for (const word of words) {
        await visit(`/chain/${word}`, async (page) => {
          await waitVerified(page);
          await page.getByText(/every hand-off was verified in this browser/).waitFor();
          await page.locator(".react-flow__node").nth(9).waitFor();
        });
      }
    });

    test("stands in the picture from signer to process, each edge the digest that ties two", () =>
      visit("/chain/greeter", async (page, one) => {
        await waitVerified(page);
        await page.locator(".react-flow__node").nth(9).waitFor();
        const titles = await one.texts(".react-flow__node strong");
        for (const title of ["ada", "source", "build", "test", "package", "publish", "gate"])
          assert.ok(titles.includes(title), title);
        assert.equal(await page.locator(".node-card:not([data-state=verified])").count(), 0);
        const labels = await one.texts(".tie-text");
        assert.ok(labels.includes(workload.image.slice(7, 15)));
        const left = async (title: string): Promise<number> => {
          const box = await page.locator(".react-flow__node", { hasText: title }).first().boundingBox();
          return box?.x ?? Number.NaN;
        };
        assert.ok((await left("signed by")) < (await left("publish")));
        assert.ok((await left("publish")) < (await left("process")));
      }));

    test("a node opens its evidence: words, checks, certificates, the way to the root, cosignatures, raw", () =>
      visit("/chain/greeter", async (page, one) => {
        await page.locator(".react-flow__node", { hasText: "publish" }).first().click();
        const panel = page.getByRole("complementary", { name: "evidence of publish" });
        await panel
          .getByText(/^published sha256:/)
          .first()
          .waitFor();
        await panel.getByText(/Checks made in this browser: 14 of 14 hold/).waitFor();
        await panel.getByText("the entry's hash leads to the checkpoint's root").waitFor();
        await panel.getByText("Certificates").click();
        await panel.getByText("spiffe://live.test/repository/greeter/publish").first().waitFor();
        await panel.getByText(/^Entry \d+ of log\.live\.test/).click();
        await panel.getByText(/^is the root of \d+ entries/).waitFor();
        await panel.getByText("Checkpoint and cosignatures").click();
        await panel
          .getByText(/signed it/)
          .first()
          .waitFor();
        await panel.getByText("The whole bundle").click();
        await panel.getByText("application/vnd.dev.sigstore.bundle").first().waitFor();
        assert.match(one.path, /\?node=/);
      }));

    test("an address names the node; back closes it; arrow keys walk along the hand-offs", () =>
      visit("/chain/greeter", async (page, one) => {
        await page.locator(".react-flow__node", { hasText: "publish" }).first().click();
        const panel = page.getByRole("complementary");
        await panel.waitFor();
        const address = one.path;
        await page.goBack();
        await panel.waitFor({ state: "detached" });
        await page.goForward();
        await panel.waitFor();
        await one.goTo(address);
        await page.getByRole("complementary", { name: "evidence of publish" }).waitFor();
        await page.locator(".react-flow__node", { hasText: "package" }).first().focus();
        await page.keyboard.press("Enter");
        await page.getByRole("complementary", { name: "evidence of package" }).waitFor();
        await page.keyboard.press("ArrowRight");
        await page.getByRole("complementary", { name: "evidence of publish" }).waitFor();
        await page.keyboard.press("ArrowRight");
        await page.getByRole("complementary", { name: "evidence of greeter" }).waitFor();
        await page.keyboard.press("ArrowLeft");
        await page.getByRole("complementary", { name: "evidence of publish" }).waitFor();
      }));

    test("reads as a list, which is what a narrow screen shows first", async () => {
      await visit("/chain/greeter", async (page) => {
        await page.getByRole("link", { name: "as a list" }).click();
        await page.getByRole("button", { name: "build", exact: true }).click();
        await page.getByRole("complementary", { name: "evidence of build" }).waitFor();
      });
      const look = { width: 390 };
      await visit(
        "/chain/greeter",
        async (page) => {
          await page.getByRole("button", { name: "build", exact: true }).waitFor();
          assert.equal(await page.locator(".react-flow").count(), 0);
          await page.getByRole("link", { name: "as a picture" }).click();
          await page.locator(".react-flow__node").first().waitFor();
        },
        look,
      );
    });

    test("a commit that nothing came of shows why", () =>
      visit(`/chain/${house.commits.refused}`, async (page) => {
        await page.getByText("The server knows of no image that came of this").waitFor();
        await page.getByText("source/unsigned").waitFor();
      }));

    test("a word that names nothing says what to try", () =>
      visit("/chain/nothing-of-that-name", async (page) => {
        const alert = page.getByRole("alert");
        await alert.waitFor();
        assert.match(await alert.innerText(), /nothing-of-that-name/);
      }));

    test("is kept as SVG and as PNG", () =>
      visit("/chain/greeter", async (page) => {
        await waitVerified(page);
        const save = async (name: string): Promise<Buffer> => {
          const [download] = await Promise.all([
            page.waitForEvent("download"),
            page.getByRole("button", { name }).click(),
          ]);
          assert.equal(download.suggestedFilename(), `chain-greeter.${name.toLowerCase()}`);
          return readFile(await download.path());
        };
        const svg = (await save("SVG")).toString();
        assert.match(svg, /^<svg xmlns=/);
        assert.equal(await page.evaluate(countErrors(svg)), 0);
        const png = await save("PNG");
        assert.equal(png.subarray(1, 4).toString(), "PNG");
        assert.ok(png.length > 10_000);
      }));
  });

  describe("deliveries", () => {
    test("the list leads to one, with its stages, timings and output", () =>
      visit("/deliveries", async (page) => {
        const row = page.getByRole("row", { name: /done/ });
        await row.getByRole("link", { name: "greeter" }).click();
        const stages = page.getByRole("list", { name: "stages" }).locator("> li");
        await stages
          .filter({ hasText: "publish" })
          .getByText(/done, \d+\.\d s/)
          .waitFor();
        assert.equal(await page.locator(".stage[data-stage=done]").count(), 7);
        await page
          .locator(".stage", { hasText: "steps" })
          .getByText(/lines of output/)
          .click();
        await page.getByText("greeter.pl syntax OK").waitFor();
      }));

    test("one that was refused shows the code, the sentence and the next step", () =>
      visit(`/deliveries/${deliveryOf(house.commits.refused).id}`, async (page) => {
        await page.getByText("source/unsigned").first().waitFor();
        await page.getByText("the commit is not signed").first().waitFor();
        await page.getByText("git commit -S").waitFor();
        assert.equal(await page.locator(".stage[data-stage=refused]").count(), 1);
        assert.equal(await page.locator(".stage[data-stage=waiting]").count(), 6);
      }));

    test("one under way is told of as it happens, without another look", () =>
      visit("/deliveries", async (page, one) => {
        await house.example.write("greeter.pl", `${await source()}\n# another\n`);
        await house.example.commit("Another greeting", "ada");
        const delivered = house.custody("deliver", house.example.directory);
        const rows = page.locator("tbody tr");
        await rows.nth(2).waitFor();
        await rows.first().getByRole("link", { name: "greeter" }).click();
        await page.locator(".stage[data-stage=working]").first().waitFor();
        await page.getByRole("status").filter({ hasText: "live" }).waitFor();
        const before = one.requests.length;
        await page.locator("h1 + .badge", { hasText: "done" }).waitFor();
        assert.equal(await page.locator(".stage[data-stage=done]").count(), 7);
        assert.equal((await delivered).exitCode, 0);
        const asked = one.requests.slice(before).filter((url) => url.endsWith("/stream"));
        assert.deepEqual(asked, [], "the stream that was open told all of it");
      }));

    const source = (): Promise<string> => readFile(`${house.example.directory}/greeter.pl`, "utf8");
  });

  describe("decisions", () => {
    test("are narrowed by the address, and the address by the choices", () =>
      visit("/decisions?verdict=refused", async (page, one) => {
        await page.getByRole("cell", { name: "source/unsigned" }).waitFor();
        assert.equal(await page.locator("tbody tr").count(), 1);
        await page.getByLabel("answer").selectOption("allowed");
        await page.getByLabel("gate").selectOption("publish");
        await page.getByRole("link", { name: "publish" }).first().waitFor();
        assert.match(one.path, /verdict=allowed/);
        assert.match(one.path, /gate=publish/);
        assert.equal(await page.getByText("refused", { exact: true }).count(), 1, "only the choice says it");
      }));

    test("one shows the lines that decided, the facts, and what another policy would say", () =>
      visit("/decisions?verdict=refused", async (page) => {
        await page.getByRole("link", { name: "source", exact: true }).click();
        await page
          .locator(".policy-lines [data-mark=held]", { hasText: "source/unsigned" })
          .first()
          .waitFor();
        await page.getByText("The facts that the gate saw").click();
        await page.getByText(house.commits.refused).last().waitFor();
        await page.getByText("Try these facts against another policy").click();
        const text = page.getByRole("textbox", { name: /the policy, edited/ });
        await text.fill("package custody.gates.source\n\nallow := true\n\ndeny := set()\n");
        await page.getByRole("button", { name: "Evaluate" }).click();
        await page.getByText(/"allow": true/).waitFor();
        await text.fill("package custody.gates.source\n\nallow if x\n");
        await page.getByRole("button", { name: "Evaluate" }).click();
        await page.getByText(/line 3.*var x is unsafe/).waitFor();
      }));

    test("one opens in the playground, with its policy and its facts", () =>
      visit("/decisions?verdict=refused", async (page) => {
        await page.getByRole("link", { name: "source", exact: true }).click();
        await page.getByRole("button", { name: "Open in the playground" }).click();
        const frame = page.frameLocator("iframe");
        await frame.locator("#outcome").waitFor();
        await frame.locator("#policy-editor").getByText("custody.gates.source").first().waitFor();
      }));
  });

  test("running shows each process, since when, and its chain verified here", () =>
    visit("/running", async (page) => {
      const row = page.getByRole("row", { name: /greeter/ });
      await row.getByText("verified here").waitFor();
      assert.match(await row.innerText(), /pid \d+ at 127\./);
    }));

  test("the playground is embedded, in an origin that is nobody's", () =>
    visit("/playground", async (page) => {
      const frame = page.frameLocator("iframe");
      await frame.locator("#outcome").waitFor();
      const inside = page.frames().find((one) => one.url().endsWith("/playground/page"));
      assert.equal(await inside?.evaluate("self.origin"), "null");
    }));

  test("an address of no view says so and leads on", () =>
    visit("/", async (page) => {
      await page.evaluate(
        "history.pushState({}, '', '/nowhere'); dispatchEvent(new PopStateEvent('popstate'))",
      );
      await page.getByText("There is no view at /nowhere").waitFor();
    }));
});

/** In the browser: how many parts of the document are no XML. */
function countErrors(svg: string): string {
  const parsed = `new DOMParser().parseFromString(${JSON.stringify(svg)}, "image/svg+xml")`;
  return `${parsed}.querySelectorAll("parsererror").length`;
}
