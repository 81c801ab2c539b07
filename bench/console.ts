import { findTestTools } from "@custody/node/host";
import { formatTrustedRoot } from "custody/evidence";
import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

import { openPages } from "../packages/server/src/console/pages.ts";
import { buildConsole } from "../scripts/console.ts";
import { makeForwardAnswer } from "./forward-chains.ts";
import type { ForwardAnswer } from "./forward-chains.ts";
import type { Benchmark, Figure } from "./measure.ts";
import { medianOf } from "./measure.ts";

const rounds = 9;
const images = 20;
const processesOfEach = 3;
const empty = "<!doctype html><html lang=en><title>empty</title><main><h1>empty</h1></main></html>";

/** The first view of a chain in a browser that has never seen the console, beside a page with nothing in it. */
export const consoleView: Benchmark = {
  name: "console",
  async run(say) {
    const chromiumTool = (await findTestTools()).find(({ name }) => name === "chromium");
    if (chromiumTool?.version === undefined) return "there is no Chromium here";
    say("building the console, signing the chains");
    await buildConsole();
    const app = await serve(await makeForwardAnswer(images, processesOfEach));
    const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
    try {
      say(`${rounds} first views of each, in turn`);
      return await measure(browser, app.listeningOrigin);
    } finally {
      await browser.close();
      await app.close();
    }
  },
};

/** The server's own pages, with answers about the chains that were made here. */
async function serve({ answer, trustedRoot }: ForwardAnswer): Promise<FastifyInstance> {
  const app = fastify();
  await openPages(app);
  const json =
    (text: string) => async (_: unknown, reply: { type(name: string): { send(text: string): unknown } }) =>
      reply.type("application/json").send(text);
  app.get("/empty", async (_, reply) => reply.type("text/html").send(empty));
  app.get("/api/v1/session", json(JSON.stringify({ expiresAt: "2100-01-01T00:00:00.000Z" })));
  app.get("/api/v1/chains", json(answer));
  app.get("/trusted_root.json", json(JSON.stringify(formatTrustedRoot(trustedRoot))));
  await app.listen({ host: "127.0.0.1", port: 0 });
  return app;
}

interface View {
  /** Milliseconds since the navigation began. */
  readonly shown: number;
  readonly nodes: number;
  readonly longestTask: number;
}

async function measure(browser: Browser, origin: string): Promise<readonly Figure[]> {
  const blank: View[] = [];
  const chain: View[] = [];
  for (let round = 0; round < rounds; round++) {
    blank.push(await firstView(browser, `${origin}/empty`, "h1"));
    chain.push(await firstView(browser, `${origin}/chain/commit`, "h1 ~ .badge[data-state=verified]"));
  }
  const [nothing, shown] = [blank, chain].map((views) => medianOf(views.map((view) => view.shown)));
  const nodes = chain[0]?.nodes ?? 0;
  const beside = `median of ${rounds} browsers that saw nothing before; an empty page: ${nothing?.toFixed(0)} ms`;
  const what = `console: first view of a chain of ${nodes} nodes`;
  return [
    { what, value: shown ?? Number.NaN, unit: "ms", beside: `every hand-off verified in it; ${beside}` },
    { what, value: (shown ?? Number.NaN) / (nothing ?? Number.NaN), unit: "× an empty page", beside },
    {
      what: `${what}, longest time in which it does not answer`,
      value: medianOf(chain.map(({ longestTask }) => longestTask)),
      unit: "ms",
      beside: "median",
    },
  ];
}

/** One cold view: until what is waited for is there, nodes can be clicked, and two frames have been drawn since. */
async function firstView(browser: Browser, url: string, selector: string): Promise<View> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    await context.addInitScript(watch);
    const page = await context.newPage();
    await page.goto(url);
    const isChain = url.includes("/chain/");
    const ready = `document.querySelector(${JSON.stringify(selector)}) && ${isChain ? 'document.querySelector(".react-flow__node")' : "true"}`;
    const shown = Number(await page.evaluate(`shownWhen(() => ${ready})`));
    if (Number.isNaN(shown)) throw new Error(`${url} shows ${await page.locator("main").innerText()}`);
    const longestTask = Number(await page.evaluate("longest"));
    const nodes = isChain ? await countNodes(page) : 0;
    return { shown, nodes, longestTask };
  } finally {
    await context.close();
  }
}

async function countNodes(page: {
  locator(selector: string): { allInnerTexts(): Promise<string[]> };
}): Promise<number> {
  const badges = await page.locator(".toolbar .badge").allInnerTexts();
  return badges.reduce((sum, text) => sum + Number(/\d+/.exec(text)?.[0] ?? 0), 0);
}

const watch = `
  self.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ type: "longtask", buffered: true });
  self.shownWhen = (isShown) => new Promise((resolve) => {
    const look = () => isShown()
      ? requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())))
      : performance.now() > 30_000 ? resolve(NaN) : requestAnimationFrame(look);
    look();
  });`;
