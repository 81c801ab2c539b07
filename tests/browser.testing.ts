import assert from "node:assert/strict";

import { findTestTools } from "@custody/node/host";
import type { BrowserContext, Page } from "playwright-core";

const chromium = (await findTestTools()).find(({ name }) => name === "chromium");

/** Why no page can be driven here, or false. */
export const skip =
  chromium?.version === undefined && "needs Debian's chromium: npm test installs it when it is root";

/** Debian's Chromium, which asks nobody for anything by itself. */
export const launchOptions = {
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

/** Has every page of the context keep what its policy bars. */
export async function keepViolations(context: BrowserContext): Promise<void> {
  await context.addInitScript(
    "self.violations = []; addEventListener('securitypolicyviolation', (e) => violations.push(`${e.effectiveDirective} ${e.blockedURI}`));",
  );
}

/** One browser window, as a person uses it, and what it must not do. */
export class Visit {
  readonly page: Page;
  readonly requests: string[] = [];
  readonly errors: string[] = [];
  /** Where the server is that it visits. */
  readonly address: string;

  constructor(page: Page, address: string) {
    this.page = page;
    this.address = address;
    page.on("request", (request) => this.requests.push(request.url()));
    page.on("pageerror", (error) => this.errors.push(error.message));
  }

  /** What the page's policy has barred. */
  violations(): Promise<readonly string[]> {
    return this.page.evaluate("self.violations");
  }

  /** What was asked of others than the server. */
  get foreign(): readonly string[] {
    return this.requests.filter((url) => !url.startsWith(this.address) && !/^(blob|data):/.test(url));
  }

  async texts(selector: string): Promise<readonly string[]> {
    return this.page.locator(selector).allTextContents();
  }

  /** Asserts: no fault in the page, nothing barred by its policy, nothing hostile that ran, no request to anybody else. */
  async assertQuiet(): Promise<void> {
    assert.deepEqual(this.errors, []);
    assert.deepEqual(await this.violations(), []);
    assert.equal(await this.page.evaluate("globalThis.wasRun"), undefined);
    assert.deepEqual(this.foreign, []);
  }
}
