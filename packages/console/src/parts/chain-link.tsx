import { Link } from "@tanstack/react-router";

import { shortDigest } from "./digest.tsx";

/** Leads from a digest or a commit to its chain. */
export function ChainLink({ digest }: { readonly digest: string }) {
  return (
    <Link to="/chain/$" params={{ _splat: digest }} className="mono">
      {shortDigest(digest)}
    </Link>
  );
}
