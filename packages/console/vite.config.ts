import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** What begins before all else, in a part of its own that is there at once: see src/main.ts. */
const start =
  /\/console\/src\/(main|api\/(early|paths|problem)|parts\/idle|verify\/(verifier-client|ask-chains|kept-trust))\.ts$|preload-helper|rolldown\/runtime/;
/** What every view needs, in one part: each part is a request, and a dozen small ones take longer than they are worth. */
const frame =
  /\/node_modules\/(react|react-dom|scheduler|use-sync-external-store|valibot|@tanstack)\/|\/console\/src\/(app|frame|routes|search-shapes|parts\/|api\/|verify\/|log\/(?!\w+-view))|\/custody\/src\/(ground|merkle|log-index)\//;

/** The console as the server shows it: every part under its digest's name, nothing inline. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.md" },
    reportCompressedSize: false,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: {
        // The browser compiles all of the view's functions beside the page, which needs nearly all of them at once.
        postBanner: ({ name }) => (name === "chain-view" ? "//# allFunctionsCalledOnLoad" : ""),
        codeSplitting: {
          groups: [
            { name: "start", test: start, priority: 2 },
            { name: "frame", test: frame, priority: 1 },
          ],
        },
      },
    },
  },
  worker: { format: "es" },
  server: {
    proxy: { "^/(api|log/(checkpoint|tile/|shards/)|trusted_root|witness_policy)": "http://127.0.0.1:7422" },
  },
});
