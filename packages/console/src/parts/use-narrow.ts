import { useSyncExternalStore } from "react";

const narrow = "(max-width: 40rem)";

/** Whether the page is as narrow as a phone's, where a wide picture is better read as a list. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(narrow);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => matchMedia(narrow).matches,
  );
}
