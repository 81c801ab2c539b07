import type { StepState } from "custody/evidence";
import type { ChainPicture, PictureEdge, PictureNode } from "custody/graph";

import { nodeSize } from "./node-size.ts";
import type { Place } from "./layout.ts";

const signs: Readonly<
  Record<StepState, { readonly sign: string; readonly ink: string; readonly band: string }>
> = {
  verified: { sign: "✓", ink: "#1a7340", band: "#e7f5ec" },
  refused: { sign: "✕", ink: "#b3261e", band: "#fdeceb" },
  missing: { sign: "∅", ink: "#8a5a00", band: "#fdf3dd" },
  withdrawn: { sign: "↶", ink: "#7a3ba8", band: "#f5ebfb" },
  undecided: { sign: "?", ink: "#4d5764", band: "#eef1f5" },
};
const margin = 24;
const titleLength = 18;
const detailLength = 25;
const detailLines = 3;
const digestLength = 12;

/** The picture as an SVG document of its own, for a report: text stays text, and nothing in it is fetched or run. */
export function pictureSvg({ nodes, edges }: ChainPicture, places: ReadonlyMap<string, Place>): string {
  const all = nodes.flatMap(({ id }) => places.get(id) ?? []);
  const width = Math.max(0, ...all.map(({ x }) => x)) + nodeSize.width + margin;
  const height = Math.max(0, ...all.map(({ y }) => y)) + nodeSize.height + margin;
  const lines = edges.map((edge) => edgeSvg(edge, places));
  const boxes = nodes.map((node) => nodeSvg(node, places.get(node.id)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...lines,
    ...boxes,
    "</svg>",
  ].join("\n");
}

function nodeSvg({ title, detail, kind, state }: PictureNode, place: Place | undefined): string {
  if (!place) return "";
  const { x, y } = place;
  const { sign, ink, band } = signs[state];
  const dash = state === "missing" ? ' stroke-dasharray="6 4"' : "";
  return [
    `<g transform="translate(${x} ${y})">`,
    `<rect width="${nodeSize.width}" height="${nodeSize.height}" rx="8" fill="${band}" stroke="${ink}"${dash}/>`,
    `<text x="12" y="20" font-size="11" fill="#4d5764">${escape(kind)}</text>`,
    `<text x="12" y="37" font-size="12" font-weight="600" fill="${ink}">${sign} ${state}</text>`,
    `<text x="12" y="58" font-size="15" font-weight="600" fill="#1c2128">${escape(cut(title, titleLength))}</text>`,
    ...linesOf(detail).map(
      (line, i) => `<text x="12" y="${78 + i * 15}" font-size="11" fill="#4d5764">${escape(line)}</text>`,
    ),
    "</g>",
  ].join("");
}

function edgeSvg({ from, to, digests, state }: PictureEdge, places: ReadonlyMap<string, Place>): string {
  const [start, end] = [places.get(from), places.get(to)];
  if (!start || !end) return "";
  const [x1, y1] = [start.x + nodeSize.width, start.y + nodeSize.height / 2];
  const [x2, y2] = [end.x, end.y + nodeSize.height / 2];
  const middle = (x1 + x2) / 2;
  const ink = state === "tied" ? "#66707d" : signs.refused.ink;
  const dash = state === "missing" ? ' stroke-dasharray="6 4"' : "";
  const label = digests[0]?.split(":")[1]?.slice(0, digestLength) ?? state;
  return [
    `<path d="M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}" fill="none" stroke="${ink}"${dash}/>`,
    `<text x="${middle}" y="${(y1 + y2) / 2 - 4}" font-size="10" font-family="monospace" fill="${ink}" text-anchor="middle">${escape(label)}</text>`,
  ].join("");
}

// SVG breaks no lines of its own.
function linesOf(detail: string): string[] {
  const parts = Array.from({ length: detailLines }, (_, i) =>
    detail.slice(i * detailLength, (i + 1) * detailLength),
  );
  const last = parts[detailLines - 1] ?? "";
  const isCut = detail.length > detailLines * detailLength;
  return [...parts.slice(0, -1), isCut ? `${last.slice(0, -1)}…` : last].filter(Boolean);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

// XML 1.0 §2.2: what is no character of XML makes the whole document none.
function escape(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll(/[&<>"']/g, (one) => entities[one] ?? "");
}
