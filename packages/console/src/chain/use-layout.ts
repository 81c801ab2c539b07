import type { ChainPicture } from "custody/graph";
import { useEffect, useState } from "react";

import type { Place } from "./layout.ts";

/** Where each node of a picture stands; undefined until that is worked out. */
export function useLayout({ nodes, edges }: ChainPicture): ReadonlyMap<string, Place> | undefined {
  const key = JSON.stringify([nodes.map(({ id }) => id), edges.map(({ from, to }) => [from, to])]);
  const [known, setKnown] = useState<{ readonly key: string; readonly places: ReadonlyMap<string, Place> }>();
  useEffect(() => {
    const worker = new Worker(new URL("./layout-worker.ts", import.meta.url), {
      type: "module",
      name: "layout",
    });
    worker.addEventListener("message", ({ data }: MessageEvent<ReadonlyMap<string, Place>>) => {
      setKnown({ key, places: data });
      worker.terminate();
    });
    const [ids, pairs] = JSON.parse(key) as [string[], [string, string][]];
    worker.postMessage({ nodes: ids, edges: pairs.map(([from, to]) => ({ from, to })) });
    return () => worker.terminate();
  }, [key]);
  // A picture that grew keeps its old places until the new ones are there.
  return known && (known.key === key || nodes.every(({ id }) => known.places.has(id)))
    ? known.places
    : undefined;
}
