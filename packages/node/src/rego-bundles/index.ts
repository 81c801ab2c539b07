export { unpackBundle } from "./unpack-bundle.ts";
