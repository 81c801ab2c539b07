import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { chromium } from "playwright-core";
import type { Browser, BrowserContext, Page } from "playwright-core";

import { custody } from "../demo/custody.ts";
import type { CommandResult } from "../demo/custody.ts";
import { makeExample } from "../demo/example.ts";
import type { ExampleRepository } from "../demo/example.ts";
import { keepViolations, launchOptions, skip as skipBrowser, Visit } from "./browser.testing.ts";
import { skip as skipLive, makeFolder, makeServerDirectory, startFor } from "./live.testing.ts";
import type { LiveServer } from "./live.testing.ts";

/** Why the console cannot be driven here, or false. */
export const skip = skipLive || skipBrowser;

const patienceMilliseconds = 60_000;
/** How wide and in which colours a page is looked at. */
export interface Look {
  readonly width?: number;
  readonly scheme?: "light" | "dark";
  /** Signs in anew, for a session that this visit may end. */
  readonly isOwnSession?: boolean;
  /** What to do before the first page is asked for, as with requests on their way. */
  readonly prepare?: (context: BrowserContext) => Promise<unknown>;
}

/** Hostile text where a person can put it: a commit's message and what a step prints. */
export const hostile =
  "<img src=x onerror=\"globalThis.wasRun='yes'\"><script>globalThis.wasRun='yes'</script>";

/** The real server with a delivered workload, a refused delivery, and a browser. */
export class ConsoleHouse {
  readonly server: LiveServer;
  readonly example: ExampleRepository;
  /** The commit that runs, and one that nobody signed. */
  readonly commits: { readonly delivered: string; readonly refused: string };
  readonly #folder: string;
  readonly #browser: Browser;
  /** One session does for all visits that do not end it. */
  #cookies: Awaited<ReturnType<BrowserContext["cookies"]>> | undefined;

  private constructor(
    world: Pick<ConsoleHouse, "server" | "example" | "commits">,
    parts: { readonly folder: string; readonly browser: Browser },
  ) {
    this.server = world.server;
    this.example = world.example;
    this.commits = world.commits;
    this.#folder = parts.folder;
    this.#browser = parts.browser;
  }

  static async open(name: string): Promise<ConsoleHouse> {
    const folder = await makeFolder(name);
    const directory = await makeServerDirectory(join(folder, "custody"));
    const example = await makeExample("greeter", folder);
    await printHostileText(example);
    const delivered = await example.commit(`Greet ${hostile}`, "ada");
    const server = await startFor(example, directory);
    const deliver = () => custody(["deliver", example.directory, "--dir", directory]);
    await expect(deliver(), 0);
    const refused = await example.commit("Nobody signed this");
    await expect(deliver(), 1);
    const browser = await chromium.launch(launchOptions);
    return new ConsoleHouse({ server, example, commits: { delivered, refused } }, { folder, browser });
  }

  /** A browser of its own, signed in. */
  async visit(path = "/", look: Look = {}): Promise<ConsoleVisit> {
    const visit = await this.stranger(look);
    if (look.isOwnSession || !this.#cookies) {
      await visit.page.goto(await this.signInLink());
      await visit.page.getByRole("heading", { name: "Overview" }).waitFor();
      if (!look.isOwnSession) this.#cookies = await visit.page.context().cookies();
    } else await visit.page.context().addCookies(this.#cookies);
    if (visit.page.url() === "about:blank" || path !== "/") await visit.goTo(path);
    return visit;
  }

  /** A look at one page, which ends with {@link Visit.assertQuiet}. */
  async look(
    path: string,
    use: (page: Page, one: ConsoleVisit) => Promise<void>,
    look?: Look,
  ): Promise<void> {
    const one = await this.visit(path, look);
    await use(one.page, one);
    await one.assertQuiet();
    await one.close();
  }

  /** A browser of its own that nobody has signed in with. */
  async stranger({ width = 1280, scheme = "light", prepare }: Look = {}): Promise<ConsoleVisit> {
    const viewport = { width, height: 900 };
    const context = await this.#browser.newContext({
      viewport,
      colorScheme: scheme,
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(patienceMilliseconds);
    await keepViolations(context);
    await prepare?.(context);
    return new ConsoleVisit(await context.newPage(), this.server.url);
  }

  async signInLink(): Promise<string> {
    const { stdout } = await this.custody("console", "--json");
    return (JSON.parse(stdout) as { readonly url: string }).url;
  }

  custody(...words: readonly string[]): Promise<CommandResult> {
    return custody([...words, "--dir", this.server.directory]);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function printHostileText(example: ExampleRepository): Promise<void> {
  const file = join(example.directory, "custody.yaml");
  const text = await readFile(file, "utf8");
  const line = `      echo '${hostile.replaceAll("'", "")}'\n`;
  await example.write("custody.yaml", text.replace("      perl -c", `${line}      perl -c`));
}

async function expect(running: Promise<CommandResult>, exitCode: number): Promise<void> {
  const result = await running;
  if (result.exitCode !== exitCode) throw new Error(`ended with ${result.exitCode}: ${result.stdout}`);
}

/** One browser window, signed in or not. */
export class ConsoleVisit extends Visit {
  async goTo(path: string): Promise<void> {
    await this.page.goto(this.address + path);
    await this.page.locator("main h1").first().waitFor();
  }

  override async texts(selector: string): Promise<readonly string[]> {
    return (await super.texts(selector)).map((text) => text.trim());
  }

  /** Where it stands, without the server's address. */
  get path(): string {
    return this.page.url().slice(this.address.length);
  }

  async close(): Promise<void> {
    // A request that is still being altered ends with the page, and is nobody's failure.
    await this.page.unrouteAll({ behavior: "ignoreErrors" });
    await this.page.context().unrouteAll({ behavior: "ignoreErrors" });
    await this.page.context().close();
  }
}
