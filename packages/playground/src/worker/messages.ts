import type { DeskReport } from "../desk/index.ts";

/** What the worker says: once that it is there, and then one report a request. */
export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "report"; readonly report: DeskReport }
  | { readonly kind: "broken"; readonly message: string };
