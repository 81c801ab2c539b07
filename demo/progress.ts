const clearLine = "\r\u001b[2K";
const width = 110;

/** Stages of a long run with their wall times: lines in a pipe, one line that moves on a terminal. */
export class Progress {
  readonly #isTerminal = process.stdout.isTTY;
  readonly #times: (readonly [name: string, seconds: number])[] = [];

  /** Runs one stage; what it says while it runs is progress, what came of it is its own business. */
  async stage<T>(name: string, work: (say: (line: string) => void) => Promise<T>): Promise<T> {
    const start = performance.now();
    this.print(`\n── ${name}`);
    try {
      return await work((line) => this.#say(line));
    } finally {
      if (this.#isTerminal) process.stdout.write(clearLine);
      this.#times.push([name, (performance.now() - start) / 1000]);
    }
  }

  /** A line that stays. */
  print(text: string): void {
    process.stdout.write(`${this.#isTerminal ? clearLine : ""}${text}\n`);
  }

  /** The wall time of every stage. */
  printTimes(): void {
    this.print("\n── wall time");
    const total = this.#times.reduce((sum, [, seconds]) => sum + seconds, 0);
    for (const [name, seconds] of [...this.#times, ["all", total] as const]) {
      this.print(`${seconds.toFixed(1).padStart(8)} s  ${name}`);
    }
  }

  #say(line: string): void {
    const text = line.trimEnd();
    if (text === "") return;
    if (!this.#isTerminal) this.print(`   ${text}`);
    else process.stdout.write(`${clearLine}   ${text.split("\n", 1)[0]?.slice(0, width) ?? ""}`);
  }
}
