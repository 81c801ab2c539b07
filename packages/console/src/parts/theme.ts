const themeKey = "custody-theme";

/** Dark, light, or as the machine has it. */
export type Theme = "light" | "dark" | "system";

export function readTheme(): Theme {
  const kept = localStorage.getItem(themeKey);
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** Shows the kept theme, or keeps another and shows that. */
export function applyTheme(theme: Theme = readTheme()): void {
  const { dataset } = document.documentElement;
  if (theme === "system") {
    localStorage.removeItem(themeKey);
    delete dataset["theme"];
  } else {
    localStorage.setItem(themeKey, theme);
    dataset["theme"] = theme;
  }
}
