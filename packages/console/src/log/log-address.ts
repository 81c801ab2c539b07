/** Where a log's checkpoint and tiles are: of the one that takes entries, or of any by its name. */
export function logAddress(origin: string | undefined): string {
  if (origin === undefined) return "/log";
  return `/log/shards/${origin.split("/").map(encodeURIComponent).join("/")}`;
}
