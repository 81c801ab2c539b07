import { compile, readJson, writeJson } from "custody/rego";
import type { PreparedQuery, RegoValue } from "custody/rego";
import { allBuiltins } from "custody/rego/builtins";

import type { Benchmark, Figure } from "../measure.ts";
import { medianOf } from "../measure.ts";
import { regoCases } from "./cases.ts";
import type { RegoCase } from "./cases.ts";
import { gateCases } from "./gates.ts";
import { timeOpa } from "./peer.ts";
import type { Timing } from "./peer.ts";

const cases: readonly RegoCase[] = [...regoCases, ...gateCases];

/** Rego: µs a decision, beside OPA's prepared queries where Go can build it, and what a first decision takes. */
export const rego: Benchmark = {
  name: "rego",
  async run(say) {
    const own = cases.map(timeCase);
    say("the same cases with OPA");
    const opa = timeOpa(cases);
    if (typeof opa === "string") say(opa);
    const peers = typeof opa === "string" ? [] : opa;
    for (const one of own) checkSame(one, peers);
    return Promise.resolve([
      ...own.flatMap((one) => figuresOf(one, peers)),
      ...means(own, peers),
      ...coldStart(),
    ]);
  },
};

interface OwnTiming extends Timing {
  readonly compile: number;
}

function timeCase(one: RegoCase): OwnTiming {
  const { compiled, compile: compileTime } = prepare(one);
  const text = JSON.stringify(one.input);
  const data = readJson(JSON.stringify(one.data));
  const input = readJson(text);
  const evaluate = (value: RegoValue): RegoValue | undefined =>
    compiled.evaluate(value, { data })[0]?.expressions[0]?.value;
  const value = microseconds(() => evaluate(input));
  const fromText = microseconds(() => evaluate(readJson(text)));
  const result = writeJson(evaluate(input) ?? null);
  return { name: one.name, value, text: fromText, compile: compileTime, result };
}

function prepare({ module, version, query }: RegoCase): { compiled: PreparedQuery; compile: number } {
  const start = performance.now();
  const policy = compile([{ file: "bench.rego", text: module }], { builtins: allBuiltins, version });
  const compiled = policy.prepare(query);
  return { compiled, compile: (performance.now() - start) * 1000 };
}

/** Microseconds a call: the middle of 15 rounds, after a warm-up. */
function microseconds(work: () => unknown): number {
  for (const start = performance.now(); performance.now() - start < 200;) work();
  return medianOf(Array.from({ length: 15 }, () => oneRound(work)));
}

function oneRound(work: () => unknown): number {
  const start = performance.now();
  let count = 0;
  for (; count === 0 || performance.now() - start < 40; count++) work();
  return ((performance.now() - start) * 1000) / count;
}

function checkSame(one: Timing, peers: readonly Timing[]): void {
  const peer = peers.find(({ name }) => name === one.name);
  if (peer && writeJson(readJson(peer.result)) !== writeJson(readJson(one.result))) {
    throw new Error(`${one.name}: OPA decides ${peer.result.slice(0, 200)}, we ${one.result.slice(0, 200)}`);
  }
}

function figuresOf(one: OwnTiming, peers: readonly Timing[]): Figure[] {
  const peer = peers.find(({ name }) => name === one.name);
  const beside = (own: number, other: number | undefined): string =>
    other === undefined ? "one core" : `OPA ${other.toFixed(2)} µs, ${(other / own).toFixed(1)} × as long`;
  return [
    {
      what: `${one.name}: from values`,
      value: one.value,
      unit: "µs",
      beside: beside(one.value, peer?.value),
    },
    {
      what: `${one.name}: from JSON text`,
      value: one.text,
      unit: "µs",
      beside: beside(one.text, peer?.text),
    },
  ];
}

function means(own: readonly Timing[], peers: readonly Timing[]): Figure[] {
  if (peers.length === 0) return [];
  const ratio = (of: (one: Timing) => number): number => {
    const logs = own.map((one, i) => Math.log(of(peers[i] ?? one) / of(one)));
    return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  };
  const beside = `geometric mean of ${own.length} cases`;
  return [
    {
      what: "OPA's time as a multiple of ours, from values",
      value: ratio(({ value }) => value),
      unit: "×",
      beside,
    },
    {
      what: "OPA's time as a multiple of ours, from JSON text",
      value: ratio(({ text }) => text),
      unit: "×",
      beside,
    },
  ];
}

/** Compiling and the first decision, each time anew. */
function coldStart(): Figure[] {
  return cases
    .filter(({ name }) => name.startsWith("admission"))
    .map((one) => {
      const times = Array.from({ length: 9 }, () => {
        const start = performance.now();
        prepare(one).compiled.evaluate(one.input as RegoValue, { data: one.data as RegoValue });
        return performance.now() - start;
      });
      return {
        what: `${one.name}: compiling and the first decision`,
        value: medianOf(times),
        unit: "ms",
        beside: "in a warm process",
      };
    });
}
