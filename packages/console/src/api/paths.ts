/* Addresses of the API that are asked for from more than one place. */

export const api = "/api/v1";
export const sessionPath = `${api}/session`;
export const rootPath = "/trusted_root.json";
export const witnessPath = "/witness_policy.json";

export function chainsPath(thing: string): string {
  return `${api}/chains?thing=${encodeURIComponent(thing)}`;
}
