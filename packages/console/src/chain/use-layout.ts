import type { ChainPicture } from "custody/graph";
import { useEffect, useState } from "react";

import { layOutBeside } from "./layout-client.ts";
import type { Places } from "./layout-client.ts";

type Known =
  | { readonly key: string; readonly places: Places }
  | { readonly key: string; readonly error: Error };

/** Where each node of a picture stands; neither until that is worked out, an error where it cannot be. */
export interface Layout {
  readonly places: Places | undefined;
  readonly error: Error | undefined;
}

/** Has a worker lay a picture out; one that grew keeps its old places until the new ones are there. */
export function useLayout({ nodes, edges }: ChainPicture): Layout {
  const key = JSON.stringify([nodes.map(({ id }) => id), edges.map(({ from, to }) => [from, to])]);
  const [known, setKnown] = useState<Known>();
  useEffect(() => {
    const [ids, pairs] = JSON.parse(key) as [string[], [string, string][]];
    return layOutBeside(
      { nodes: ids, edges: pairs.map(([from, to]) => ({ from, to })) },
      { places: (places) => setKnown({ key, places }), error: (error) => setKnown({ key, error }) },
    );
  }, [key]);
  if (!known) return { places: undefined, error: undefined };
  if ("error" in known) return { places: undefined, error: known.key === key ? known.error : undefined };
  const isEnough = known.key === key || nodes.every(({ id }) => known.places.has(id));
  return { places: isEnough ? known.places : undefined, error: undefined };
}
