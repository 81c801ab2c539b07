import { useEffect, useState } from "react";

/** At the latest, in milliseconds. */
const patience = 1000;

/** False until the browser has nothing better to do: what can wait does not delay what is looked at first. */
export function useIdle(): boolean {
  const [isIdle, setIdle] = useState(false);
  useEffect(() => {
    const handle = requestIdleCallback(() => setIdle(true), { timeout: patience });
    return () => cancelIdleCallback(handle);
  }, []);
  return isIdle;
}
