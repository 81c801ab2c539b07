import type { ChainPicture } from "custody/graph";
import { useEffect, useMemo, useRef, useState } from "react";

import { layOutBeside } from "./layout-client.ts";
import type { Places } from "./layout-client.ts";
import type { LayoutQuestion } from "./layout-question.ts";
import { layOut } from "./layout.ts";

/** A picture, and where each of its nodes stands. */
export interface LaidOut {
  readonly picture: ChainPicture;
  readonly places: Places;
}

/** Neither until that is worked out, an error where it cannot be. */
export interface Layout {
  readonly laidOut: LaidOut | undefined;
  readonly error: Error | undefined;
}

/** So few nodes are laid out at once: to ask a worker would take longer. */
const fewNodes = 40;

/** Lays a picture out, a large one beside the page; of one that grows, the one before stands until then. */
export function useLayout(picture: ChainPicture): Layout {
  const { nodes, edges } = picture;
  const key = JSON.stringify([nodes.map(({ id }) => id), edges.map(({ from, to }) => [from, to])]);
  const isFew = nodes.length <= fewNodes;
  const few = useMemo(() => (isFew ? layOut(readKey(key)) : undefined), [key, isFew]);
  const { places = few, error } = useLayoutBeside(isFew ? undefined : key);
  const before = useRef<LaidOut>(undefined);
  const laidOut = places && { picture, places };
  useEffect(() => {
    if (laidOut) before.current = laidOut;
  });
  return { laidOut: laidOut ?? before.current, error };
}

interface Beside {
  readonly places?: Places;
  readonly error?: Error;
}

function useLayoutBeside(key: string | undefined): Beside {
  const [known, setKnown] = useState<Beside & { readonly key: string }>();
  useEffect(() => {
    if (key === undefined) return undefined;
    return layOutBeside(readKey(key), {
      places: (places) => setKnown({ key, places }),
      error: (error) => setKnown({ key, error }),
    });
  }, [key]);
  return known?.key === key ? (known ?? {}) : {};
}

function readKey(key: string): LayoutQuestion {
  const [nodes, pairs] = JSON.parse(key) as [string[], [string, string][]];
  return { nodes, edges: pairs.map(([from, to]) => ({ from, to })) };
}
