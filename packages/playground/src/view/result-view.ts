import type { Evaluated, Outcome, TracedDocument, Way } from "../desk/index.ts";
import { element } from "./element.ts";
import { placeLink, problemList } from "./place-link.ts";
import type { GoTo } from "./place-link.ts";

const captions: Readonly<Record<Outcome["kind"], string>> = {
  defined: "defined",
  false: "false",
  undefined: "undefined",
  error: "error",
};

const explanations: Readonly<Partial<Record<Outcome["kind"], string>>> = {
  false: "The query has a value, and it is false.",
  undefined:
    "The query has no value for this input: no rule gave it one. That is neither false nor an error.",
  error: "There is no answer. An error is never to be read as a decision.",
};

/** What a query came to, which lines decided it, and what the policy printed. */
export function resultView(report: Evaluated, goTo: GoTo): readonly HTMLElement[] {
  const { outcome, query, milliseconds, trace, printed } = report;
  return [
    headline(outcome.kind, query, `${milliseconds.toFixed(1)} ms`),
    ...outcomeBody(outcome, goTo),
    ...decidedBy(trace, goTo),
    ...printedLines(printed),
  ];
}

/** The same place for an evaluation that had to be ended. */
export function endedView(message: string): readonly HTMLElement[] {
  return [headline("error", "", ""), element("p", { class: "hint" }, message)];
}

function headline(kind: Outcome["kind"], query: string, time: string): HTMLElement {
  return element(
    "p",
    { class: "headline" },
    element("strong", { class: `outcome ${kind}`, id: "outcome" }, captions[kind]),
    element("code", { class: "asked" }, query),
    element("span", { class: "time" }, time),
  );
}

function outcomeBody(outcome: Outcome, goTo: GoTo): readonly HTMLElement[] {
  const hint = explanations[outcome.kind];
  const shown = hint === undefined ? [] : [element("p", { class: "hint" }, hint)];
  if (outcome.kind === "error") return [...shown, problemList(outcome.problems, goTo)];
  if (outcome.kind !== "defined") return shown;
  return [element("pre", { class: "value", tabindex: "0", "aria-label": "Value" }, outcome.text)];
}

function decidedBy(trace: readonly TracedDocument[], goTo: GoTo): readonly HTMLElement[] {
  const ways = trace.flatMap((one) => one.ways.filter(({ isDecisive }) => isDecisive));
  if (ways.length === 0) return [];
  return [
    element("h3", { id: "decided-title" }, "Decided by"),
    element(
      "ul",
      { class: "ways", "aria-labelledby": "decided-title" },
      ...ways.map((way) => wayItem(way, goTo)),
    ),
  ];
}

/** One rule: where it is, what became of it, and what it saw. */
export function wayItem({ kind, rule, text, stop, known }: Way, goTo: GoTo): HTMLLIElement {
  const words = { held: "held", stopped: "stopped", skipped: "not tried" } as const;
  return element(
    "li",
    { class: `way ${kind}` },
    element("span", { class: "sign" }, words[kind]),
    placeLink(stop?.place ?? rule, goTo),
    element("code", {}, stop?.text ?? text),
    ...known.map(([name, value]) => element("span", { class: "known" }, `${name} is ${value}`)),
  );
}

function printedLines(printed: readonly string[]): readonly HTMLElement[] {
  if (printed.length === 0) return [];
  return [
    element("h3", {}, "Printed"),
    element("pre", { class: "printed", tabindex: "0", "aria-label": "Printed" }, printed.join("\n")),
  ];
}
