import { byId } from "./element.ts";

/**
 * Makes a list of tabs work as the ARIA practices say: one tab is in the tab order, arrows, Home and End move, and each
 * shows the panel that it controls.
 *
 * @returns shows a tab by its element's id.
 */
export function openTabs(listId: string): (tabId: string) => void {
  const list = byId(listId, HTMLElement);
  const tabs = [...list.querySelectorAll<HTMLElement>("[role=tab]")];
  const show = (shown: HTMLElement): void => {
    for (const tab of tabs) {
      const isShown = tab === shown;
      tab.setAttribute("aria-selected", String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
      byId(tab.getAttribute("aria-controls") ?? "", HTMLElement).hidden = !isShown;
    }
  };
  for (const tab of tabs) tab.addEventListener("click", () => show(tab));
  list.addEventListener("keydown", (event) => {
    const next = nextTab(tabs, event);
    if (!next) return;
    event.preventDefault();
    show(next);
    next.focus();
  });
  return (tabId) => show(byId(tabId, HTMLElement));
}

function nextTab(tabs: readonly HTMLElement[], { key, target }: KeyboardEvent): HTMLElement | undefined {
  const at = tabs.findIndex((tab) => tab === target);
  const places: Readonly<Record<string, number>> = {
    ArrowRight: (at + 1) % tabs.length,
    ArrowLeft: (at - 1 + tabs.length) % tabs.length,
    Home: 0,
    End: tabs.length - 1,
  };
  const place = places[key];
  return at < 0 || place === undefined ? undefined : tabs[place];
}
