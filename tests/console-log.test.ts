import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { generateSigner, nodeCrypto, openExistingKey } from "@custody/node/crypto";
import { formatWitnessDemand } from "custody/evidence";
import { instantOf, toHex } from "custody/ground";
import {
  cosignCheckpoint,
  cosignerKeyOf,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  parseCheckpoint,
  parseNote,
  signNote,
} from "custody/note";
import type { Checkpoint } from "custody/note";
import axe from "axe-core";
import type { Page, Route } from "playwright-core";

import { ConsoleHouse, hostile, skip } from "./console.testing.ts";
import type { Look } from "./console.testing.ts";
import { makeRequestSigner, RekorLoad } from "./rekor-load.testing.ts";

const type = "https://live.test/review/v1";
const reviewer = "https://people.test/alice";
const issuer = "https://live.test";
const search = (words: Readonly<Record<string, string>>): string =>
  `/log?${new URLSearchParams(words).toString()}`;
const byType = search({ by: "type", value: type });

/** As much of the answer to a search as is altered here. */
interface Answer {
  commitment: string;
  proof: object;
  entries: { index: number; entry: string; bundle?: unknown }[];
}

describe("the log in the console", { skip, timeout: 300_000 }, () => {
  let house: ConsoleHouse;

  before(async () => {
    house = await ConsoleHouse.open("console-log");
    await review("plain.txt");
    await review(hostileName);
    await fill(300);
  });
  after(() => house.close());

  const hostileName = hostile.replaceAll("/", "∕");

  async function review(name: string): Promise<void> {
    const folder = house.server.directory;
    const [file, predicate] = [join(folder, "..", name), join(folder, "..", "review.json")];
    await writeFile(file, `file ${name}`);
    await writeFile(predicate, JSON.stringify({ of: name }));
    const token = (await house.custody("token", reviewer)).stdout.trim();
    const words = ["attest", "--identity-token", token, "--type", type, "--predicate", predicate, file];
    const { exitCode, stdout } = await house.custody(...words);
    assert.equal(exitCode, 0, stdout);
  }

  let filled = 0;
  async function fill(count: number): Promise<void> {
    const load = new RekorLoad(house.server.url, 8);
    const sign = makeRequestSigner("dsse");
    await Promise.all(Array.from({ length: count }, () => load.post(sign(`entry ${filled++}`))));
    load.close();
  }

  const visit: ConsoleHouse["look"] = (...look) => house.look(...look);

  /** A look through somebody who changes what an address answers. */
  const through = (address: string, change: (route: Route) => Promise<void>): Look => ({
    prepare: (context) => context.route(address, change),
  });
  const changing = (change: (answer: Answer) => void): Look =>
    through("**/api/v1/log/search?*", async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as Answer;
      change(answer);
      await route.fulfill({ response, json: answer });
    });
  const bending = (address: string): Look =>
    through(address, async (route) => {
      const response = await route.fetch();
      const body = await response.body();
      body[3] = (body[3] ?? 0) ^ 1;
      await route.fulfill({ response, body });
    });

  const complete = (page: Page) =>
    page
      .getByRole("status")
      .getByText(/verified complete up to size \d+/)
      .waitFor();
  const notVerified = (page: Page, code: string | RegExp) =>
    page.getByRole("alert").filter({ hasText: "Not verified" }).getByText(code).waitFor();

  async function readNote(): Promise<string> {
    return (await fetch(`${house.server.url}/log/checkpoint`)).text();
  }

  /** A note of the log's own key over a tree that the log does not have. */
  async function forge(change: (tree: Checkpoint) => Partial<Checkpoint>): Promise<string> {
    const tree = parseCheckpoint(parseNote(await readNote()).text);
    const signer = await openExistingKey(join(house.server.directory, "keys/log.key"));
    return signNote(nodeCrypto, tree.origin, signer, formatCheckpoint({ ...tree, ...change(tree) }));
  }

  describe("is searched", () => {
    test("by a form whose words stand in the address; the answer is verified here, and back leads back", () =>
      visit("/log", async (page, one) => {
        const form = page.getByRole("search", { name: "search the log" });
        await form.getByLabel("by").selectOption("identity");
        await form.getByLabel("what").fill(reviewer);
        await form.getByLabel("issuer").fill(issuer);
        await form.getByLabel("issuer").press("Enter");
        await complete(page);
        assert.equal(one.path, search({ by: "identity", value: reviewer, issuer }));
        const rows = page.getByRole("table", { name: "entries that were found" }).locator("tbody tr");
        assert.equal(await rows.count(), 2);
        await rows.first().getByRole("link").click();
        await page.getByRole("heading", { name: /^Entry \d+$/ }).waitFor();
        await page.goBack();
        await complete(page);
        assert.equal(await form.getByLabel("issuer").inputValue(), issuer);
      }));

    test("by subject, type, key and payload too, and what is not there is proven not to be", async () => {
      const image = (
        JSON.parse((await house.custody("ps", "--json")).stdout) as { workloads: { image: string }[] }
      ).workloads[0]!.image;
      for (const [path, found] of [
        [search({ by: "subject", value: image }), /^[1-9]\d* of the first/],
        [byType, /^2 of the first/],
        [search({ by: "type", value: "https://live.test/other" }), /^0 of the first/],
        [search({ by: "subject", value: `sha256:${"0".repeat(64)}` }), /^0 of the first/],
      ] as const)
        await visit(path, async (page) => {
          await complete(page);
          assert.match(await page.locator(".banner[role=status] h2").innerText(), found, path);
        });
    });

    test("and narrowed by time, after all was proven", () =>
      visit(`${byType}&until=2020-01-01T00:00:00Z`, async (page) => {
        await complete(page);
        await page.getByText("None of them is within the time").waitFor();
        await page.getByLabel("not after").fill("");
        await page.getByRole("button", { name: "Search" }).click();
        await page.getByRole("table", { name: "entries that were found" }).waitFor();
      }));

    test("what is no address of a search, or asks half a question, asks nothing", async () => {
      for (const path of ["/log?by=identity&value=x", "/log?by=&value="])
        await visit(path, async (page) => {
          await page.getByText("Everything that was signed here is in the log").waitFor();
        });
    });

    test("an answer that was altered on the wire is refused, and nothing of it is shown", async () => {
      const swap = (answer: Answer): void => {
        const [first, second] = answer.entries;
        if (first && second) [first.bundle, second.bundle] = [second.bundle, first.bundle];
      };
      const rows: readonly (readonly [(answer: Answer) => void, string])[] = [
        [({ entries }) => entries.splice(0, 1), "log-index/proof"],
        [({ entries }) => Object.assign(entries[0] ?? {}, { entry: "e30=" }), "merkle/inclusion"],
        [swap, "log-index/proof"],
        [(answer) => (answer.proof = { kind: "absent" }), "log-index/proof"],
        [(answer) => (answer.commitment = answer.commitment.replace(/\n\d+\n/, "\n1\n")), "note/signature"],
        [(answer) => Object.assign(answer, { entries: "none" }), "log-index/answer"],
      ];
      for (const [change, code] of rows)
        await visit(
          byType,
          async (page, one) => {
            await notVerified(page, code);
            assert.equal(await page.locator("tbody tr").count(), 0);
            assert.deepEqual(await one.texts(".banner[data-state=verified]"), []);
          },
          changing(change),
        );
      await visit(
        byType,
        complete,
        changing(() => undefined),
      );
    });
  });

  describe("shows an entry", () => {
    test("with its way to the root that the log signed, worked out from tiles", () =>
      visit("/log/entries/1", async (page, one) => {
        await page.getByText("in the log, verified here").waitFor();
        const { rootHash, size } = parseCheckpoint(parseNote(await readNote()).text);
        const hashes = await one.texts(".steps li > .hash code");
        assert.equal(hashes.at(-1), toHex(rootHash));
        assert.equal(hashes.at(-2), toHex(rootHash));
        assert.equal(hashes.length, Math.ceil(Math.log2(size)) + 2);
        await page.getByText("log log.live.test signed it").waitFor();
        await page.getByRole("link", { name: "next →" }).click();
        await page.getByRole("heading", { name: "Entry 2" }).waitFor();
        await page.getByRole("link", { name: "the attestation, and all entries of it" }).click();
        await complete(page);
      }));

    test("and none that its tiles do not lead to", async () => {
      const rows = [
        ["**/log/tile/entries/000", "console/entry"],
        ["**/log/tile/0/000", "merkle/tile-forged"],
      ] as const;
      for (const [address, code] of rows)
        await visit(
          "/log/entries/0",
          async (page) => {
            await notVerified(page, code);
            assert.equal(await page.getByText("in the log, verified here").count(), 0);
          },
          bending(address),
        );
      const untouched = through("**/log/tile/**", (route) => route.continue());
      await visit(
        "/log/entries/0",
        (page) => page.getByText("in the log, verified here").waitFor(),
        untouched,
      );
    });

    test("that the log does not have as one that it does not have", async () => {
      for (const index of ["99999", "-1", "x", "1e1"])
        await visit(`/log/entries/${index}`, async (page) => {
          await page.getByText("The log has no such entry").waitFor();
        });
    });
  });

  describe("keeps the checkpoints that it saw", () => {
    test("and proves each to be part of the next", () =>
      visit("/log/checkpoints", async (page) => {
        await page.getByText("This browser has seen no other checkpoint yet").waitFor();
        await fill(3);
        await page.reload();
        await page.locator("tbody").getByText("proven here").nth(1).waitFor();
        await page.getByText(/begins with the tree of \d+: nothing of it was changed/).waitFor();
        assert.equal(await page.getByRole("alert").count(), 0);
      }));

    /** Sees the honest log, then what somebody shows instead of it. */
    async function seeThen(
      note: (honest: string) => Promise<string>,
      use: (page: Page) => Promise<void>,
    ): Promise<void> {
      await visit("/log/checkpoints", async (page) => {
        await page.getByText("checkpoint verified here").waitFor();
        await fill(1);
        await page.reload();
        await page.locator("tbody").getByText("proven here").nth(1).waitFor();
        const shown = await note(await readNote());
        await page.route("**/log/checkpoint", (route) =>
          route.fulfill({ body: shown, contentType: "text/plain" }),
        );
        await page.reload();
        await use(page);
      });
    }
    const alarm = (page: Page) => page.locator("section.alarm");

    test("a fork is an alarm on every view of the log, with both notes, until it is dealt with", () => {
      let forged = "";
      return seeThen(
        async () => (forged = await forge(() => ({ rootHash: new Uint8Array(32).fill(7) }))),
        async (page) => {
          await alarm(page).getByRole("heading", { name: "This log has two histories" }).waitFor();
          await page.getByText("signed, and of another history than before").waitFor();
          const saved = page.waitForEvent("download");
          await alarm(page)
            .getByRole("button", { name: /entries \(now\)/ })
            .click();
          assert.equal(await readFile(await (await saved).path(), "utf8"), forged);
          await page.unroute("**/log/checkpoint");
          for (const path of ["/log", "/log/tiles", "/log/entries/0"]) {
            await page.goto(house.server.url + path);
            await alarm(page).waitFor();
          }
          await alarm(page)
            .getByRole("button", { name: /take this alarm away/ })
            .click();
          await alarm(page).waitFor({ state: "detached" });
        },
      );
    });

    test("an older checkpoint than was seen is said to be one, is no alarm, and is over with a newer one", async () => {
      const small = await readNote();
      await seeThen(
        async () => small,
        async (page) => {
          const note = page.getByRole("status").filter({ hasText: "an older checkpoint than before" });
          await note.getByText(/part of the newer one, proven here/).waitFor();
          await page.getByText("signed, and older than one seen before").waitFor();
          assert.equal(await alarm(page).count(), 0);
          assert.equal(await page.getByText("the log is not to be relied on").count(), 0);
          await page.unroute("**/log/checkpoint");
          await page.reload();
          await page.getByText("checkpoint verified here").waitFor();
          assert.equal(await note.count(), 0);
        },
      );
    });

    test("a larger tree that the tiles do not show is an alarm while it lasts", () =>
      seeThen(
        () => forge(({ size }) => ({ size: size + 1, rootHash: new Uint8Array(32) })),
        async (page) => {
          await alarm(page)
            .getByRole("heading", { name: /does not prove that it goes on/ })
            .waitFor();
          await page.unroute("**/log/checkpoint");
          await page.reload();
          await page.getByText("checkpoint verified here").waitFor();
          assert.equal(await alarm(page).count(), 0);
        },
      ));

    test("and says which witnesses agree, and when; without their cosignature that they are missing", async () => {
      const cosigner = { name: "w.example", signer: await generateSigner("ed25519") };
      const vkey = formatVerifierKey(cosignerKeyOf(nodeCrypto, cosigner));
      const demand = formatWitnessDemand(`witness w ${vkey}\nquorum w\n`, instantOf(0));
      const { text, signatures } = parseNote(await readNote());
      const line = await cosignCheckpoint(nodeCrypto, cosigner, text, instantOf(Date.now()));
      for (const [note, said, words] of [
        [
          formatNote({ text, signatures: [...signatures, line] }),
          "witnesses agree",
          /w\.example signed it now|w\.example signed it .*ago/,
        ],
        [formatNote({ text, signatures }), "too few witnesses", /the quorum w is not reached: 0 of 1/],
      ] as const)
        await visit(
          "/log/checkpoints",
          async (page) => {
            await page.getByText(said).waitFor();
            await page.getByText(words).waitFor();
          },
          {
            prepare: async (context) => {
              await context.route("**/witness_policy.json", (route) => route.fulfill({ json: demand }));
              await context.route("**/log/checkpoint", (route) => route.fulfill({ body: note }));
            },
          },
        );
    });

    test("what the log did not sign is refused, and is no alarm against it", () =>
      seeThen(
        async (honest) => honest.replace(/\n\d+\n/, "\n9999\n"),
        async (page) => {
          await notVerified(page, "note/signature");
          assert.equal(await alarm(page).count(), 0);
        },
      ));

    test("the same note through the same hands raises nothing", () =>
      seeThen(
        async (honest) => honest,
        async (page) => {
          await page.locator("tbody").getByText("proven here").nth(1).waitFor();
          assert.equal(await alarm(page).count(), 0);
        },
      ));
  });

  describe("is looked at tile by tile", () => {
    test("up and down the tree, full and partial, each held to the one above", () =>
      visit("/log/tiles", async (page, one) => {
        await page.getByRole("heading", { name: /Tile 0 of level 1/ }).waitFor();
        await page.getByRole("table").getByRole("link", { name: "0", exact: true }).click();
        await page.getByRole("heading", { name: /Tile 0 of level 0/ }).waitFor();
        await page.getByText("256 of 256 hashes: it is full").waitFor();
        await page.getByText("is what tile 0 of level 1 lists at 0: the same").waitFor();
        await page.getByRole("link", { name: "next →" }).click();
        await page.getByText("it still grows").waitFor();
        await page.getByText(/it leads to the root that the checkpoint names/).waitFor();
        await page.goBack();
        await page.getByRole("link", { name: "↑ up" }).click();
        await page.getByRole("heading", { name: /Tile 0 of level 1/ }).waitFor();
        assert.equal(one.path, "/log/tiles?level=1&index=0");
        await one.goTo("/log/tiles?level=0&index=1");
        await page.getByRole("table").getByRole("link", { name: "256", exact: true }).click();
        await page.getByRole("heading", { name: "Entry 256" }).waitFor();
      }));

    test("a log that nobody trusts is not looked at", () =>
      visit("/log/tiles?log=other.test", async (page) => {
        await page.getByRole("alert").getByText("api/not-found").waitFor();
        await page.getByRole("link", { name: "Search", exact: true }).click();
        await page.getByText("checkpoint verified here").waitFor();
      }));

    test("a changed one does not belong to the tree, and what lies beyond it is nothing", async () => {
      const tile = "/log/tiles?level=0&index=0";
      await visit(tile, (page) => page.getByText("belongs to the tree, verified here").waitFor());
      await visit(
        tile,
        (page) => page.getByText("does not belong to the tree").waitFor(),
        bending("**/log/tile/0/000"),
      );
      await visit("/log/tiles?level=5&index=7", (page) => notVerified(page, "console/no-tile"));
    });
  });

  describe("is for everybody", () => {
    test("what strangers wrote stays text", () =>
      visit(byType, async (page) => {
        await complete(page);
        await page.getByText(hostileName.slice(0, 20)).first().waitFor();
        assert.equal(await page.locator("main img, main script").count(), 0);
      }));

    test("a log that has grown since the answer says so, and is searched again", () =>
      visit(byType, async (page) => {
        await complete(page);
        await fill(1);
        const again = page.getByRole("button", { name: /entries by now: search again/ });
        await again.click({ timeout: 45_000 });
        const { size } = parseCheckpoint(parseNote(await readNote()).text);
        await page.getByText(`verified complete up to size ${size}`).waitFor();
      }));

    test("a server that does not answer is said not to, with what to do", () =>
      visit(
        byType,
        async (page) => {
          await page.getByRole("alert").getByText("custody up").waitFor();
        },
        through("**/log/checkpoint", (route) => route.abort()),
      ));

    for (const look of [
      { width: 1280, scheme: "light" },
      { width: 390, scheme: "dark" },
    ] as const)
      test(`axe finds nothing serious at ${look.width} in ${look.scheme}, and nothing is wider than the page`, async () => {
        const views = [
          [byType, "verified complete"],
          ["/log/entries/1", "in the log, verified here"],
          ["/log/checkpoints", "The checkpoint now"],
          ["/log/tiles?level=0&index=1", "belongs to the tree"],
        ] as const;
        for (const [path, text] of views)
          await visit(
            path,
            async (page) => {
              await page.getByText(text).first().waitFor();
              assert.deepEqual(await seriousFaults(page), [], path);
              const isWide =
                "document.querySelector('main').scrollWidth > document.querySelector('main').clientWidth";
              assert.equal(await page.evaluate(isWide), false, path);
            },
            look,
          );
      });
  });

  async function seriousFaults(page: Page): Promise<readonly string[]> {
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate("axe.run()")) as axe.AxeResults;
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ""}`);
  }
});
