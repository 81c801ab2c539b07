import { layOut } from "./layout.ts";
import type { LayoutQuestion } from "./layout-question.ts";

/* Lays out beside the page: ten thousand nodes take seconds, and nobody's tab stands still. */

addEventListener("message", ({ data }: MessageEvent<LayoutQuestion>) => {
  postMessage(layOut(data));
});
