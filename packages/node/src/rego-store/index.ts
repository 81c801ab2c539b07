export { contentRows, regoMigrations } from "./content-rows.ts";
