import type { FormatOptions } from "./index.ts";

/** A module, and how it is laid out. */
export interface LayoutRow {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly options?: FormatOptions;
}

export function lines(...texts: readonly string[]): string {
  return texts.join("\n");
}
