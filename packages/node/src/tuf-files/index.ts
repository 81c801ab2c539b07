export { openTufFiles } from "./tuf-files.ts";
