export { isDataFile, mergeDocuments, parseDataFile, placedAt } from "./documents.ts";
