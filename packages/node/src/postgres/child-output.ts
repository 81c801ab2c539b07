import type { ChildProcess } from "node:child_process";

const lineLimit = 40;

/** The last lines that a program wrote to its standard error, for the fault that tells why it ended. */
export class ChildOutput {
  readonly #lines: string[] = [];

  constructor(child: ChildProcess) {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#keep(text));
  }

  #keep(text: string): void {
    this.#lines.push(...text.split("\n").filter((line) => line !== ""));
    this.#lines.splice(0, this.#lines.length - lineLimit);
  }

  get lines(): readonly string[] {
    return [...this.#lines];
  }
}
