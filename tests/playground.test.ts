import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { deflateRawSync } from "node:zlib";

import { PlaygroundHouse, skip } from "./playground.testing.ts";
import type { PlaygroundVisit } from "./playground.testing.ts";

const authz = `package authz

default allow := false

allow if {
	input.method == "GET"
	input.user in data.people
}
`;

const blank = { policy: "package a", tests: "", input: "", data: "", query: "" };

/** Finding an order for these takes longer than the page waits; no limit of an evaluation counts it. */
function slowToCompile(): string {
  const lines = Array.from({ length: 4000 }, (_, i) => `x${i} = x${i + 1}`);
  return `package a\np if {\n${lines.join("\n")}\nx4000 = 1\n}`;
}

function fragmentOf(value: unknown): string {
  return `#1.${deflateRawSync(JSON.stringify(value)).toString("base64url")}`;
}

describe("the playground in a browser", { skip }, () => {
  let house: PlaygroundHouse;

  before(async () => {
    house = await PlaygroundHouse.open();
  });
  after(() => house.close());

  /** Every visit ends with this: no error, nothing barred, and no request but for the page and its worker. */
  async function visit(use: (one: PlaygroundVisit) => Promise<void>, fragment = ""): Promise<void> {
    const one = await house.visit(fragment);
    await use(one);
    await one.assertQuiet();
    assert.equal(one.requests.filter((url) => url.startsWith(house.address)).length, 1);
    await one.close();
  }

  test("answers while a person writes: a value, false, undefined and an error look different", () =>
    visit(async (one) => {
      await one.write("package a\np := input.x", "data.a.p", '{"x": [1]}');
      await one.outcome("defined");
      assert.equal((await one.texts(".value")).join(), "[\n  1\n]");
      await one.editor("Input in JSON").fill('{"x": false}');
      await one.outcome("false");
      await one.editor("Input in JSON").fill("{}");
      await one.outcome("undefined");
      await one.editor("Input in JSON").fill("{");
      await one.outcome("error");
      const looks = await one.page.locator("#outcome").getAttribute("class");
      assert.equal(looks, "outcome error");
    }));

  test("an error is marked where it is, listed with its code, and the list leads to it", () =>
    visit(async (one) => {
      await one.write("package a\n\np if x\n", "data.a.p");
      await one.outcome("error");
      assert.deepEqual(await one.texts("#policy-editor .cm-lintRange-error"), ["x"]);
      assert.match((await one.texts(".problems li")).join(), /rego_unsafe_var_error.*var x is unsafe/);
      await one.page.getByRole("button", { name: "policy.rego:3" }).click();
      await one.atLine("p if x");
    }));

  test("shows which line decided, and what it saw", () =>
    visit(async (one) => {
      await one.write(authz, "data.authz.allow", '{"method": "POST"}');
      await one.outcome("false");
      assert.deepEqual(await one.texts(".cm-line.decided-held"), ["default allow := false✓ false"]);
      assert.deepEqual(await one.texts(".cm-line.decided-stopped"), [
        '\tinput.method == "GET"✗ input.method is "POST"',
      ]);
      await one.openTab("data.json");
      await one.editor("Data in JSON").fill('{"people": ["ada"]}');
      await one.openTab("input.json");
      await one.editor("Input in JSON").fill('{"method": "GET", "user": "ada"}');
      await one.outcome("defined");
      assert.equal((await one.texts(".cm-line.decided-held"))[0], "allow if {✓ true");
      assert.deepEqual(await one.texts(".cm-line.decided-stopped"), []);
    }));

  test("traces every document, with places that lead into the text", () =>
    visit(async (one) => {
      await one.write("package a\np if q\nq if input.x > 1", "data.a.p", '{"x": 1}');
      await one.outcome("undefined");
      await one.openTab("Trace");
      assert.deepEqual(await one.texts("#trace summary"), [
        "data.a.p is undefined ",
        "data.a.q is undefined ",
      ]);
      assert.deepEqual(await one.texts("#trace .known"), ["input.x is 1"]);
      await one.page.locator("#trace").getByRole("button", { name: "policy.rego:3" }).click();
      await one.atLine("q if input.x > 1");
    }));

  test("runs tests, says where one failed, and what of the policy they covered", () =>
    visit(async (one) => {
      await one.write("package a\np := 1\nq if input.never", "data.a.p");
      await one.openTab("tests.rego");
      await one
        .editor("Tests in Rego")
        .fill("package t\ntest_good if data.a.p == 1\ntest_bad if data.a.p == 2");
      await one.page.getByRole("button", { name: "Run tests" }).click();
      await one.page
        .locator("#tested")
        .filter({ hasText: "1 passed, 1 failed, 50.0 % of the policy" })
        .waitFor();
      assert.equal(await one.page.locator(".test.pass code").textContent(), "data.t.test_good");
      assert.equal(await one.page.locator(".test.fail .place").textContent(), "tests.rego:3");
      await one.openTab("policy.rego");
      assert.equal(await one.page.locator(".coverage-covered").count(), 1);
      assert.equal(await one.page.locator(".coverage-missed, .coverage-partly").count(), 1);
      await one.page.getByLabel("Coverage").uncheck();
      assert.equal(await one.page.locator(".coverage-covered").count(), 0);
    }));

  test("formats both texts, and refuses to format what is no Rego", () =>
    visit(async (one) => {
      await one.write("package a\np if{input.x}", "data.a.p");
      await one.page.getByRole("button", { name: "Format" }).click();
      await one.says(/Formatted/);
      assert.deepEqual(await one.texts("#policy-editor .cm-line"), ["package a", "", "p if input.x", ""]);
      await one.editor("Policy in Rego").fill("package");
      await one.page.getByRole("button", { name: "Format" }).click();
      await one.says(/Not formatted|error/);
      assert.deepEqual(await one.texts("#policy-editor .cm-line"), ["package"]);
    }));

  test("a link brings every text back, as text", async () => {
    let hash = "";
    const policy = 'package a\n# <img src="x" onerror="document.title = 1">\np := input.x';
    await visit(async (one) => {
      await one.write(policy, "data.a.p", '{"x": "<b>"}');
      await one.outcome("defined");
      await one.page.getByRole("button", { name: "Copy link" }).click();
      await one.says(/link is/);
      hash = new URL(one.page.url()).hash;
      assert.match(hash, /^#1\.[\w-]+$/);
    });
    await visit(async (one) => {
      await one.outcome("defined");
      assert.equal((await one.texts("#policy-editor .cm-line")).join("\n").replace(/✓.*/, ""), policy);
      assert.equal((await one.texts(".value")).join(), '"\\u003cb\\u003e"');
      assert.equal(await one.page.locator("img[src], b").count(), 0);
      assert.match(await one.page.title(), /playground/);
    }, hash);
  });

  test("a link that is damaged, hostile or too large is refused, and the page works", async () => {
    const hostile = [
      "#1.AAAA",
      "#<script>alert(1)</script>",
      `#1.${"A".repeat(70_000)}`,
      fragmentOf({ ...blank, more: "" }),
      fragmentOf({ ...blank, policy: { toString: "x" } }),
      fragmentOf({ ...blank, data: "x".repeat(20_000_000) }),
    ];
    for (const fragment of hostile) {
      const one = await house.visit();
      await one.page.evaluate(`location.hash = ${JSON.stringify(fragment)}`);
      await one.outcome("false");
      assert.match((await one.texts("#policy-editor .cm-line"))[0] ?? "", /^package authz/);
      assert.deepEqual([one.errors, await one.violations()], [[], []]);
      await one.close();
    }
    await visit(async (one) => one.says(/was refused/), "#1.AAAA");
  });

  test("a policy without end is ended: by the engine's limits, or with its worker", () =>
    visit(async (one) => {
      const loop = "some x in numbers.range(1, 9000); some y in numbers.range(1, 9000); x + y < 0";
      await one.write(`package a\np := [1 | ${loop}]`, "data.a.p");
      await one.page.locator(".problems").filter({ hasText: "eval_limit_error" }).waitFor();
      const wait = one.says(/Ended: it took longer than 3 s/);
      await one.page.evaluate(
        `location.hash = ${JSON.stringify(fragmentOf({ ...blank, policy: slowToCompile() }))}`,
      );
      await wait;
      await one.outcome("error");
      await one.write("package a\np := 1", "data.a.p");
      await one.outcome("defined");
      assert.equal(one.requests.filter((url) => url.startsWith("blob:")).length, 2);
    }));

  test("a policy reaches no network", () =>
    visit(async (one) => {
      await one.write("package a", `http.send({"method": "get", "url": "${house.address}"})`);
      await one.outcome("undefined");
    }));

  test("the page's policy bars code from text, other scripts, and requests", async () => {
    const one = await house.visit();
    await one.page.evaluate(`{
      const script = document.createElement("script");
      script.textContent = "self.ran = true";
      document.body.append(script);
      fetch("/elsewhere").catch(() => undefined);
      setTimeout(() => { try { self.ran = eval("true"); } catch { self.barred = true; } });
    }`);
    await one.page.waitForFunction("self.barred && self.violations.length >= 3");
    assert.equal(await one.page.evaluate("self.ran"), undefined);
    const barred = (await one.violations()).map((violation) => violation.split(" ")[0]);
    assert.deepEqual(new Set(barred), new Set(["connect-src", "script-src", "script-src-elem"]));
    assert.ok(one.requests.every((url) => !url.endsWith("/elsewhere")));
    await one.close();
  });

  test("works as a file, without a server", async () => {
    const one = await house.visit("", pathToFileURL(house.file).href);
    await one.outcome("false");
    assert.deepEqual([one.errors, await one.violations()], [[], []]);
    await one.close();
  });

  test("works without a mouse", () =>
    visit(async (one) => {
      const { keyboard } = one.page;
      const reached = new Set<string>();
      for (let i = 0; i < 24; i++) {
        await keyboard.press("Tab");
        reached.add(
          await one.page.evaluate(
            "document.activeElement.id || document.activeElement.getAttribute('aria-label') || ''",
          ),
        );
      }
      const wanted = [
        "example",
        "share",
        "policy-tab",
        "show-coverage",
        "format",
        "run-tests",
        "Policy in Rego",
      ];
      const others = ["input-tab", "Input in JSON", "query", "result-tab", "result"];
      for (const name of [...wanted, ...others]) assert.ok(reached.has(name), `Tab does not reach ${name}`);

      await one.page.locator("#policy-tab").focus();
      await keyboard.press("ArrowRight");
      assert.equal(await one.editor("Tests in Rego").isVisible(), true);
      await keyboard.press("Home");
      await one.editor("Policy in Rego").focus();
      await keyboard.press("Control+A");
      await keyboard.type("package a\np := 7");
      await keyboard.press("Control+Enter");
      await one.says(/data.authz.allow: undefined/);
      assert.equal((await one.texts("#policy-editor .cm-line")).length, 2);
      await keyboard.press("Control+Shift+Enter");
      await one.page.locator("#tested").waitFor();
    }));

  test("everything that can be used has a name and a role", () =>
    visit(async (one) => {
      await one.page.getByRole("button", { name: "Run tests" }).click();
      await one.page.locator("#tested").waitFor();
      const tree = await one.page.locator("body").ariaSnapshot();
      const nameless = tree.match(
        /^ *- (?:button|textbox|tab|combobox|checkbox|tabpanel|tablist|region|link)(?: *\[.*\])?:?$/gm,
      );
      assert.equal(nameless, null, tree);
      for (const role of [
        "banner",
        "main",
        "contentinfo",
        "status",
        "heading",
        "form",
        "tablist",
        "tabpanel",
      ]) {
        if (role !== "form") assert.match(tree, new RegExp(`- ${role}\\b`), role);
      }
      assert.equal(await one.page.locator("html").getAttribute("lang"), "en");
      assert.equal(await one.page.locator("h1").count(), 1);
    }));

  test("each example shows an answer", () =>
    visit(async (one) => {
      for (const name of ["admission", "supply-chain", "roles"]) {
        await one.page.getByLabel("Example").selectOption(name);
        await one.outcome(name === "roles" ? "false" : "defined");
      }
    }));
});
