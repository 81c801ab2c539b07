import { createServer } from "node:http";
import type { Server } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";

import { chromium } from "playwright-core";
import type { BrowserContext, Locator, Page } from "playwright-core";

import { buildPlayground } from "../scripts/playground.ts";
import { keepViolations, launchOptions, Visit } from "./browser.testing.ts";

export { skip } from "./browser.testing.ts";

const patienceMilliseconds = 15_000;

/** The built page behind a server of static files, and a browser with a profile of its own. */
export class PlaygroundHouse {
  readonly file: string;
  readonly #folder: string;
  readonly #server: Server;
  readonly #context: BrowserContext;

  private constructor(file: string, folder: string, parts: { server: Server; context: BrowserContext }) {
    this.file = file;
    this.#folder = folder;
    this.#server = parts.server;
    this.#context = parts.context;
  }

  static async open(): Promise<PlaygroundHouse> {
    const folder = await mkdtemp(join(tmpdir(), "custody-playground-"));
    const file = await buildPlayground(join(folder, "dist"));
    const html = await readFile(file);
    const server = createServer((request, response) => {
      const isPage = request.url === "/";
      response.writeHead(isPage ? 200 : 404, { "content-type": "text/html" }).end(isPage ? html : "");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const context = await chromium.launchPersistentContext(join(folder, "profile"), launchOptions);
    context.setDefaultTimeout(patienceMilliseconds);
    await keepViolations(context);
    return new PlaygroundHouse(file, folder, { server, context });
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** A new page, which has shown its first result. */
  async visit(fragment = "", address = this.address): Promise<PlaygroundVisit> {
    const visit = new PlaygroundVisit(await this.#context.newPage(), this.address);
    await visit.goTo(address + fragment);
    return visit;
  }

  async close(): Promise<void> {
    await this.#context.close();
    this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** One page, as a person writes in it. */
export class PlaygroundVisit extends Visit {
  constructor(page: Page, address: string) {
    super(page, address);
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
  }

  async goTo(address: string): Promise<void> {
    await this.page.goto(address);
    await this.page.locator("#outcome").waitFor();
  }

  editor(label: "Policy in Rego" | "Tests in Rego" | "Input in JSON" | "Data in JSON"): Locator {
    return this.page.getByRole("textbox", { name: label });
  }

  /** Writes a whole policy, with no other text than the input. */
  async write(policy: string, query: string, input = ""): Promise<void> {
    await this.editor("Policy in Rego").fill(policy);
    await this.editor("Input in JSON").fill(input);
    await this.page.getByLabel("Query", { exact: true }).fill(query);
  }

  /** Waits until the result is of the texts as they are, and of a kind. */
  async outcome(kind: "defined" | "false" | "undefined" | "error"): Promise<void> {
    const outcome = this.page.locator("#result[aria-busy=false] #outcome");
    await outcome.filter({ hasText: new RegExp(`^${kind}$`) }).waitFor();
  }

  async says(text: RegExp): Promise<void> {
    await this.page.getByRole("status").filter({ hasText: text }).waitFor();
  }

  /** Waits until the cursor is in a line. */
  async atLine(text: string): Promise<void> {
    await this.page.locator(".cm-focused .cm-activeLine").filter({ hasText: text }).waitFor();
  }

  async openTab(name: string): Promise<void> {
    await this.page.getByRole("tab", { name, exact: true }).click();
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}
