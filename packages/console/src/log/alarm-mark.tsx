import { Link } from "@tanstack/react-router";

import { keptAlarms } from "./kept.ts";

/** In every view's header, as long as there is something wrong with a log. */
export function AlarmMark() {
  const count = keptAlarms.use().length;
  if (count === 0) return null;
  return (
    <Link to="/log/checkpoints" className="badge" data-state="refused">
      <span aria-hidden="true">⚠</span> the log is not to be relied on
    </Link>
  );
}
