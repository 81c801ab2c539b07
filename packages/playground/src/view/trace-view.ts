import type { TracedDocument } from "../desk/index.ts";
import { element } from "./element.ts";
import type { GoTo } from "./place-link.ts";
import { wayItem } from "./result-view.ts";

/** Every document that the evaluation came to, with its rules, in the order of the text. */
export function traceView(trace: readonly TracedDocument[], goTo: GoTo): readonly HTMLElement[] {
  if (trace.length === 0) return [element("p", { class: "hint" }, "No rule was evaluated.")];
  return [
    element("ul", { class: "trace", "aria-label": "Trace" }, ...trace.map((one) => documentItem(one, goTo))),
  ];
}

function documentItem({ name, value, isFunction, ways }: TracedDocument, goTo: GoTo): HTMLLIElement {
  const state = isFunction ? "was called" : value === undefined ? "is undefined" : "is";
  return element(
    "li",
    {},
    element(
      "details",
      { open: true },
      element(
        "summary",
        {},
        element("code", { class: "name" }, name),
        element("span", { class: "state" }, ` ${state} `),
        value === undefined ? undefined : element("code", { class: "found" }, value),
      ),
      element("ul", { class: "ways" }, ...ways.filter(isTold).map((way) => wayItem(way, goTo))),
    ),
  );
}

/** A default that was not needed says nothing. */
function isTold({ isDefault, kind }: TracedDocument["ways"][number]): boolean {
  return !isDefault || kind === "held";
}
