import { useEffect, useState } from "react";

import { whenIdle } from "./idle.ts";

const latestMilliseconds = 1000;

/** False until the browser has nothing better to do: what can wait does not delay what is looked at first. */
export function useIdle(): boolean {
  const [isIdle, setIdle] = useState(false);
  useEffect(() => whenIdle(() => setIdle(true), latestMilliseconds), []);
  return isIdle;
}
