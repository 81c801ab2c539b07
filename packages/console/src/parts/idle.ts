const pauseMilliseconds = 50;

/**
 * Calls when the browser has nothing better to do, after some milliseconds at the latest; in one that cannot say (Safari) after
 * a pause.
 *
 * @returns gives it up.
 */
export function whenIdle(then: () => void, latestMilliseconds: number): () => void {
  if (!("requestIdleCallback" in globalThis)) {
    const timer = setTimeout(then, pauseMilliseconds);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(then, { timeout: latestMilliseconds });
  return () => cancelIdleCallback(handle);
}
