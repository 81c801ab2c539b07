import { setTimeout as sleep } from "node:timers/promises";

import type { Probe } from "custody/control";

/** Probes over HTTP; a redirect is not health. */
export const httpProbe: Probe = {
  async isHealthy(url, timeoutMilliseconds) {
    try {
      const response = await fetch(url, {
        signal: AbortSignal.timeout(timeoutMilliseconds),
        redirect: "manual",
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  },
  pause: (milliseconds) => sleep(milliseconds),
};
