import { fileNames } from "../desk/index.ts";
import type { Place, Problem } from "../desk/index.ts";
import { element } from "./element.ts";

/** Shows a place in its editor. */
export type GoTo = (place: Place) => void;

/** `policy.rego:9`, which goes there. */
export function placeLink(place: Place, goTo: GoTo): HTMLButtonElement {
  const text = `${fileNames[place.field]}:${place.row}`;
  const link = element("button", { type: "button", class: "place" }, text);
  link.addEventListener("click", () => goTo(place));
  return link;
}

/** Problems, each with its code and its place. */
export function problemList(problems: readonly Problem[], goTo: GoTo): HTMLElement {
  const items = problems.map(({ code, message, place }) =>
    element(
      "li",
      {},
      place && placeLink(place, goTo),
      code === undefined ? undefined : element("code", { class: "code" }, code),
      element("span", { class: "message" }, message),
    ),
  );
  return element("ul", { class: "problems", "aria-label": "Problems" }, ...items);
}
