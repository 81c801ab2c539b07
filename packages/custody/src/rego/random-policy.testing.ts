/** Policies made at random: every construct of the language, over one input and one set of data. */
export interface RandomPolicy {
  readonly module: string;
  readonly rules: readonly string[];
}

export const randomInput = {
  user: "alice",
  n: 3,
  numbers: [1, 2, 3, 2],
  object: { a: 1, b: { c: "deep" } },
  roles: ["admin", "dev"],
  on: true,
  off: false,
  nothing: null,
};

export const randomData = {
  base: {
    a: 1,
    list: [1, 2, { x: 3 }],
    map: { k1: "v1", k2: "v2" },
    items: [
      { id: "a", v: 1 },
      { id: "b", v: 2 },
    ],
  },
};

/** A policy that is the same for the same seed. */
export function randomPolicy(seed: number): RandomPolicy {
  return new Generator(seed).policy();
}

type RuleKind = "value" | "set" | "object" | "function";

class Generator {
  #state: number;
  #variables: string[] = [];
  #count = 0;
  readonly #rules: { readonly name: string; readonly kind: RuleKind }[] = [];

  constructor(seed: number) {
    this.#state = seed % 2_147_483_648;
  }

  policy(): RandomPolicy {
    const texts = Array.from({ length: 2 + this.#below(4) }, (_, i) => this.#rule(`r${i}`));
    return { module: ["package t", ...texts].join("\n"), rules: this.#rules.map(({ name }) => name) };
  }

  #below(limit: number): number {
    this.#state = (this.#state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((this.#state / 2_147_483_648) * limit);
  }

  #one<Item>(items: readonly Item[]): Item {
    return items[this.#below(items.length)] as Item;
  }

  #fresh(): string {
    const name = `v${this.#count++}`;
    this.#variables.push(name);
    return name;
  }

  #rule(name: string): string {
    const kind = this.#one<RuleKind>(["value", "value", "set", "object", "function"]);
    const text = Array.from({ length: 1 + this.#below(2) }, () => this.#clause(name, kind)).join("\n");
    this.#rules.push({ name, kind });
    return text;
  }

  #clause(name: string, kind: RuleKind): string {
    this.#variables = [];
    if (kind === "function") {
      this.#variables.push("x");
      return `${name}(x) := ${this.#head(() => this.#body(2))}`;
    }
    const made = this.#head(() => this.#body(3));
    if (kind === "set") return `${name} contains ${made}`;
    if (kind === "object") return `${name}[${this.#one(['"a"', '"b"', "1"])}] := ${made}`;
    return this.#below(3) === 0 ? `${name} := ${made} else := ${this.#scalar()}` : `${name} := ${made}`;
  }

  /** The value, which may use what the body binds, and the body. */
  #head(body: () => string): string {
    const made = body();
    return `${this.#simple()} if { ${made} }`;
  }

  #body(longest: number): string {
    return Array.from({ length: 1 + this.#below(longest) }, () => this.#expression()).join("; ");
  }

  #scalar(): string {
    return this.#one(["1", "2", "3", '"a"', '"v1"', "true", "false", "null", '"alice"', "1.5"]);
  }

  #simple(): string {
    return this.#variables.length > 0 && this.#below(4) > 0 ? this.#one(this.#variables) : this.#scalar();
  }

  #reference(): string {
    const [rule] = this.#rules.length > 0 && this.#below(2) === 0 ? [this.#one(this.#rules)] : [];
    if (!rule) {
      const own = [
        "input.user",
        "input.numbers[_]",
        "input.object.b.c",
        "data.base.a",
        "data.base.map[_]",
        "input.none",
      ];
      return this.#one([...own, "data.base.items[_].v", `input.numbers[${this.#simple()}]`]);
    }
    if (rule.kind === "function") return `${rule.name}(${this.#simple()})`;
    return rule.kind === "value" ? rule.name : `${rule.name}[${this.#one(["_", this.#simple()])}]`;
  }

  #term(): string {
    const kinds = [
      () => this.#reference(),
      () => this.#simple(),
      () => `[${this.#simple()}, ${this.#reference()}]`,
      () => `{"k": ${this.#reference()}}`,
      () => `{${this.#simple()}, ${this.#simple()}}`,
      () => this.#comprehension(),
      () => `count(${this.#comprehension()})`,
    ];
    return this.#one(kinds)();
  }

  #comprehension(): string {
    const around = [...this.#variables];
    const body = `some ${this.#fresh()} in ${this.#domain()}; ${this.#simple()} != ${this.#scalar()}`;
    const item = this.#simple();
    this.#variables = around;
    return this.#one([`[${item} | ${body}]`, `{${item} | ${body}}`]);
  }

  #domain(): string {
    return this.#one([
      "input.numbers",
      "input.roles",
      "data.base.map",
      "data.base.items",
      "{1, 2}",
      "input.none",
    ]);
  }

  #expression(): string {
    const kinds = [
      () => this.#assignment(),
      () => this.#assignment(),
      () => `some ${this.#fresh()} in ${this.#domain()}`,
      () => `${this.#term()} == ${this.#term()}`,
      () => `${this.#simple()} != ${this.#reference()}`,
      () => `not ${this.#reference()}`,
      () => `${this.#simple()} in ${this.#domain()}`,
      () => `every e in ${this.#domain()} { e != ${this.#simple()} }`,
      () => `${this.#reference()} with input.${this.#one(["n", "user", "object.b"])} as ${this.#scalar()}`,
      () => `${this.#reference()} with data.base.${this.#one(["a", "map"])} as ${this.#scalar()}`,
      () => this.#one(["true", "input.on", "input.off", "is_string(input.user)"]),
    ];
    return this.#one(kinds)();
  }

  #assignment(): string {
    const term = this.#term();
    return `${this.#fresh()} := ${term}`;
  }
}
