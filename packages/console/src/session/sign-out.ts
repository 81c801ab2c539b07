import type { QueryClient } from "@tanstack/react-query";

const channelName = "custody-session";

/** Tells the other tabs that nobody is signed in any more. */
export function tellSignOut(): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage("signed out");
  channel.close();
}

/**
 * Forgets all that was shown when another tab has signed out.
 *
 * @returns ends it.
 */
export function followSignOut(client: QueryClient): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.addEventListener("message", () => void client.resetQueries());
  return () => channel.close();
}
