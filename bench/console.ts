import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { formatTrustedRoot } from "custody/evidence";
import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";

import { openPages } from "../packages/server/src/console/pages.ts";
import { launchOptions, skip } from "../tests/browser.testing.ts";
import { makeForwardAnswer } from "./forward-chains.ts";
import type { ForwardAnswer } from "./forward-chains.ts";
import type { Benchmark, Figure } from "./measure.ts";
import { medianOf } from "./measure.ts";

const rounds = 15;
const images = 20;
const processesOfEach = 3;
const empty = "<!doctype html><html lang=en><title>empty</title><main><h1>empty</h1></main></html>";

/** The first view of a chain in a browser that has never seen the console, beside a page with nothing in it. */
export const consoleView: Benchmark = {
  name: "console",
  async run(say) {
    if (skip !== false) return skip;
    say("building the console, signing the chains");
    // In a process of its own: what builds does not share the processors with what serves.
    await promisify(execFile)(process.execPath, [join(import.meta.dirname, "../scripts/console.ts")]);
    const forward = await makeForwardAnswer(images, processesOfEach);
    const app = await serve(forward);
    const browser = await chromium.launch(launchOptions);
    try {
      say(`${rounds} first views of each, in turn`);
      return await measure(browser, app.listeningOrigin, forward.commit);
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

/** In milliseconds since the navigation began. */
interface View {
  /** When there is something to click, and what is shown of it is verified. */
  readonly first: number;
  /** When all of it is there and verified. */
  readonly whole: number;
  readonly nodes: number;
  readonly longestTask: number;
}

const isFirst =
  'document.querySelector(".react-flow__node") && document.querySelector("h1 ~ .badge[data-state=verified]")';
const isWhole = `${isFirst} && !document.querySelector("h1 ~ .badge:not([data-state=verified])")
  && document.querySelector(".react-flow__minimap")`;

async function measure(browser: Browser, origin: string, commit: string): Promise<readonly Figure[]> {
  const blank: number[] = [];
  const views: View[] = [];
  for (let round = 0; round < rounds; round++) {
    blank.push(await timeOf(browser, `${origin}/empty`));
    views.push(await viewOf(browser, `${origin}/chain/${commit}`));
  }
  const nothing = medianOf(blank);
  const [first, whole, longest] = (["first", "whole", "longestTask"] as const).map((name) =>
    medianOf(views.map((view) => view[name])),
  );
  const what = `console: chains of ${views[0]?.nodes ?? 0} nodes`;
  const beside = `median of ${rounds} browsers that saw nothing before; an empty page: ${nothing.toFixed(0)} ms`;
  return [
    { what: `${what}, first view`, value: first ?? Number.NaN, unit: "ms", beside },
    { what: `${what}, first view`, value: (first ?? Number.NaN) / nothing, unit: "× an empty page", beside },
    { what: `${what}, all verified and shown`, value: whole ?? Number.NaN, unit: "ms", beside },
    { what: `${what}, longest time without an answer`, value: longest ?? Number.NaN, unit: "ms", beside },
  ];
}

/** One cold view of the chains, until two frames after each thing is there. */
async function viewOf(browser: Browser, url: string): Promise<View> {
  return inPage(browser, url, async (page) => {
    const [first, whole] = [await whenShown(page, isFirst), await whenShown(page, isWhole)];
    if (Number.isNaN(whole)) throw new Error(`${url} shows ${await page.locator("main").innerText()}`);
    return {
      first,
      whole,
      nodes: await countNodes(page),
      longestTask: Number(await page.evaluate("longest")),
    };
  });
}

function timeOf(browser: Browser, url: string): Promise<number> {
  return inPage(browser, url, (page) => whenShown(page, 'document.querySelector("h1")'));
}

async function whenShown(page: Page, isShown: string): Promise<number> {
  return Number(await page.evaluate(`shownWhen(() => ${isShown})`));
}

async function inPage<T>(browser: Browser, url: string, use: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    await context.addInitScript(watch);
    const page = await context.newPage();
    await page.goto(url, { waitUntil: "commit" });
    return await use(page);
  } finally {
    await context.close();
  }
}

async function countNodes(page: Page): Promise<number> {
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
