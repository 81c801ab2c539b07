import type { Place } from "./layout.ts";
import { nodeSize } from "./node-size.ts";
import type { LaidOut } from "./use-layout.ts";

/** Below this nobody reads what stands in a node. */
const leastZoom = 0.35;

/** What of a picture is shown at first: the whole, or what stands around a point of it. */
export type FirstLook = "whole" | { readonly x: number; readonly y: number; readonly zoom: number };

/** What is looked at through: the window's size, in pixels. */
interface Pane {
  readonly innerWidth: number;
  readonly innerHeight: number;
}

/**
 * The whole picture where it can be read so. Of a larger one its width, or as much of it as can be read, beside the newest
 * image: what led to it stands on its left, what runs of it on its right.
 */
export function firstLook({ picture, places }: LaidOut, pane: Pane = globalThis): FirstLook {
  const { width, height } = sizeOf(places);
  const { innerWidth, innerHeight } = pane;
  if (Math.min(innerWidth / width, innerHeight / height) >= leastZoom) return "whole";
  const zoom = Math.min(1, Math.max(leastZoom, innerWidth / width));
  const image = picture.nodes.find(({ kind }) => kind === "image");
  const place = (image && places.get(image.id)) ?? { x: 0, y: 0 };
  const isWide = width * zoom > innerWidth;
  const x = isWide ? place.x + nodeSize.width / 2 : width / 2;
  return { x, y: place.y + nodeSize.height / 2, zoom };
}

/** How large a picture is, in pixels. */
export function sizeOf(places: ReadonlyMap<string, Place>): {
  readonly width: number;
  readonly height: number;
} {
  let [width, height] = [0, 0];
  for (const { x, y } of places.values()) {
    width = Math.max(width, x + nodeSize.width);
    height = Math.max(height, y + nodeSize.height);
  }
  return { width, height };
}
