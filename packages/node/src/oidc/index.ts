export { openIdentityTokens } from "./identity-tokens.ts";
