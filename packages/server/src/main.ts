export { startServer } from "./start-server.ts";
export type { CustodyServer, ServerOptions } from "./start-server.ts";
export type { Trace } from "./queries.ts";
