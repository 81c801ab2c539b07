import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

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
    chunkSizeWarningLimit: 1500,
  },
  worker: { format: "es" },
  server: {
    proxy: { "^/(api|log/(checkpoint|tile/|shards/)|trusted_root|witness_policy)": "http://127.0.0.1:7422" },
  },
});
