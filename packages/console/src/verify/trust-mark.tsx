import { Link } from "@tanstack/react-router";

import { useTrust } from "./trust.ts";

/** In every view's header, as long as the server shows another trusted root than the one that is kept. */
export function TrustMark() {
  const { other } = useTrust();
  if (!other) return null;
  return (
    <Link to="/log" hash="trust" className="badge" data-state="missing">
      <span aria-hidden="true">⚠</span> another trusted root is shown
    </Link>
  );
}
