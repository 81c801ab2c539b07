import type { RegoValue } from "custody/rego";

type Part =
  | "rego_input_parse"
  | "rego_module_compile"
  | "rego_module_parse"
  | "rego_partial_eval"
  | "rego_query_compile"
  | "rego_query_eval"
  | "rego_query_parse"
  | "server_handler"
  | "server_read_bytes";

/** How long the parts of one request took, in nanoseconds, and what was counted meanwhile. */
export class RequestTimers {
  readonly #begun = new Map<Part, bigint>();
  readonly #values = new Map<string, number>();

  begin(part: Part): void {
    this.#begun.set(part, process.hrtime.bigint());
  }

  end(part: Part): void {
    const begun = this.#begun.get(part);
    if (begun === undefined) return;
    const name = `timer_${part}_ns`;
    this.#values.set(name, (this.#values.get(name) ?? 0) + Number(process.hrtime.bigint() - begun));
    this.#begun.delete(part);
  }

  time<Result>(part: Part, work: () => Result): Result {
    this.begin(part);
    try {
      return work();
    } finally {
      this.end(part);
    }
  }

  count(name: "server_query_cache_hit", count: number): void {
    this.#values.set(`counter_${name}`, count);
  }

  get value(): RegoValue {
    return Object.fromEntries(this.#values);
  }
}
