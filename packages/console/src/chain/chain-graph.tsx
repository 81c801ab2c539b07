import "@xyflow/react/dist/base.css";

import { Background, Controls, MiniMap, Position, ReactFlow, useReactFlow, useStore } from "@xyflow/react";
import type { EdgeTypes, FitViewOptions, NodeHandle, NodeTypes, ReactFlowInstance } from "@xyflow/react";
import type { ChainPicture, PictureEdge } from "custody/graph";
import type { CSSProperties, KeyboardEvent, RefObject } from "react";
import { useEffect, useMemo, useRef } from "react";

import { shortDigest } from "../parts/digest.tsx";
import type { Place } from "./layout.ts";
import { firstLook, sizeOf } from "./first-look.ts";
import type { FirstLook } from "./first-look.ts";
import { nodeSize } from "./node-size.ts";
import { NodeCard, nodeSentence } from "./node-card.tsx";
import type { CardNode } from "./node-card.tsx";
import { Tie } from "./tie-edge.tsx";
import type { TieEdge } from "./tie-edge.tsx";
import { thinEdges } from "./thin-edges.ts";
import type { LaidOut } from "./use-layout.ts";

interface ChainGraphProps extends LaidOut {
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
}

const nodeTypes: NodeTypes = { card: NodeCard };
const edgeTypes: EdgeTypes = { tie: Tie };
/** Above this, only what is in sight is drawn, and a small map beside it shows the whole. */
const fewNodes = 40;
/** Above this, labels stand aside, and of a node's many edges some are drawn. */
const manyNodes = 300;
const labelLength = 8;
const wholeView: FitViewOptions = { padding: 0.04, maxZoom: 1 };
const leastZoom = 0.1;
/** So far out that a few hundred nodes are in sight. */
const leastLargeZoom = 0.25;

/** The chain as one picture from left to right: to be moved, zoomed, clicked, and walked with the arrow keys. */
export function ChainGraph({ picture, places, selected, onSelect }: ChainGraphProps) {
  const isLarge = picture.nodes.length > manyNodes;
  const nodes = useMemo(() => nodesOf(picture, places, selected), [picture, places, selected]);
  const edges = useMemo(() => {
    const drawn = isLarge ? thinEdges(picture.edges, selected) : picture.edges;
    return drawn.map((edge) => edgeOf(edge, !isLarge));
  }, [picture, isLarge, selected]);
  const first = firstLook({ picture, places });
  const walkedTo = useRef<string>(undefined);
  const walk = (event: KeyboardEvent): void => {
    const next = isOpening(event)
      ? (event.target as Element).getAttribute("data-id")
      : neighbour(picture, places, focusedNode(event) ?? selected, event.key);
    if (event.key === "Escape") onSelect(undefined);
    if (next === undefined || next === null) return;
    event.preventDefault();
    event.stopPropagation();
    onSelect(next);
    walkedTo.current = next;
    focusNode(next);
  };
  return (
    <div className="chain-graph" style={heightOf(places)} onKeyDownCapture={walk}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodeClick={(_event, { id }) => onSelect(id)}
        onPaneClick={() => onSelect(undefined)}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        onlyRenderVisibleElements={picture.nodes.length > fewNodes}
        fitView={first === "whole"}
        fitViewOptions={wholeView}
        onInit={(flow) => first !== "whole" && showFirst(flow, first)}
        minZoom={isLarge ? leastLargeZoom : leastZoom}
        maxZoom={2}
        proOptions={{ hideAttribution: true }}
        aria-label="the chain, from left to right"
      >
        <Background gap={24} />
        <ShowWhatGrew laidOut={{ picture, places }} isSelected={selected !== undefined} />
        <KeepInSight place={selected === undefined ? undefined : places.get(selected)} walkedTo={walkedTo} />
        <Controls position="bottom-left" orientation="horizontal" showInteractive={false} />
        {picture.nodes.length > fewNodes && <MiniMap pannable zoomable ariaLabel="overview" />}
      </ReactFlow>
    </div>
  );
}

// As much as its rows take: a short chain does not push what stands below it out of sight.
function heightOf(places: ReadonlyMap<string, Place>): CSSProperties {
  return { ["--rows" as string]: `${Math.ceil(sizeOf(places).height)}px` };
}

function focusedNode({ target }: KeyboardEvent): string | undefined {
  const isNode = (target as Element).classList.contains("react-flow__node");
  return isNode ? ((target as Element).getAttribute("data-id") ?? undefined) : undefined;
}

function isOpening({ key, target }: KeyboardEvent): boolean {
  return (key === "Enter" || key === " ") && (target as Element).classList.contains("react-flow__node");
}

interface ShowWhatGrewProps {
  readonly laidOut: LaidOut;
  readonly isSelected: boolean;
}

// A picture that grows while its chains are verified is shown anew, until somebody looks closer.
function ShowWhatGrew({ laidOut, isSelected }: ShowWhatGrewProps) {
  const flow = useReactFlow<CardNode, TieEdge>();
  const { length } = laidOut.picture.nodes;
  const shown = useRef(length);
  useEffect(() => {
    if (shown.current === length) return;
    shown.current = length;
    if (!isSelected) showFirst(flow, firstLook(laidOut));
  }, [length, laidOut, isSelected, flow]);
  return undefined;
}

function showFirst(
  flow: Pick<ReactFlowInstance<CardNode, TieEdge>, "fitView" | "setCenter">,
  look: FirstLook,
): void {
  if (look === "whole") void flow.fitView(wholeView);
  else void flow.setCenter(look.x, look.y, { zoom: look.zoom });
}

const readableZoom = 0.85;
const moveMilliseconds = 200;

function focusNode(id: string): void {
  document.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
}

interface KeepInSightProps {
  readonly place: Place | undefined;
  /** Where the arrow keys have led last. */
  readonly walkedTo: RefObject<string | undefined>;
}

// What is selected comes to the middle, large enough to be read: the evidence beside it takes some of the room. A node that
// was out of sight is drawn only then, and gets the keys.
function KeepInSight({ place, walkedTo }: KeepInSightProps) {
  const { setCenter, getZoom } = useReactFlow();
  const [x, y] = [place?.x, place?.y];
  // The evidence that opens beside it makes the picture narrower: the middle is another one then.
  const width = useStore((flow) => flow.width);
  useEffect(() => {
    if (x === undefined || y === undefined) return;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const moving = setCenter(x + nodeSize.width / 2, y + nodeSize.height / 2, {
      zoom: Math.max(getZoom(), readableZoom),
      duration: isStill ? 0 : moveMilliseconds,
    });
    void moving.then(() =>
      requestAnimationFrame(() => {
        if (walkedTo.current !== undefined) focusNode(walkedTo.current);
        walkedTo.current = undefined;
      }),
    );
  }, [x, y, width, walkedTo, setCenter, getZoom]);
  return undefined;
}

// Where edges begin and end, told beforehand: the library would draw every node once to find out.
const handles: NodeHandle[] = [
  { type: "target", position: Position.Left, x: 0, y: nodeSize.height / 2, width: 1, height: 1 },
  {
    type: "source",
    position: Position.Right,
    x: nodeSize.width,
    y: nodeSize.height / 2,
    width: 1,
    height: 1,
  },
];

function nodesOf(
  { nodes }: ChainPicture,
  places: ReadonlyMap<string, Place>,
  selected: string | undefined,
): CardNode[] {
  return nodes.map((node) => ({
    id: node.id,
    type: "card",
    position: places.get(node.id) ?? { x: 0, y: 0 },
    data: { node },
    selected: node.id === selected,
    ariaLabel: nodeSentence(node),
    handles,
    measured: nodeSize,
    ...nodeSize,
  }));
}

function edgeOf({ from, to, digests, state }: PictureEdge, hasLabel: boolean): TieEdge {
  const [digest] = digests;
  const more = digests.length > 1 ? ` +${digests.length - 1}` : "";
  const label =
    digest === undefined
      ? state === "missing"
        ? "nothing yet"
        : "not the same"
      : `${shortDigest(digest).split(":").at(-1)?.slice(0, labelLength) ?? ""}${more}`;
  return {
    id: `${from} ${to}`,
    source: from,
    target: to,
    className: `edge-${state}`,
    focusable: false,
    type: "tie",
    data: { label: hasLabel ? label : undefined },
  };
}

/** Where an arrow key leads: along the hand-offs to the sides, to what stands above and below otherwise. */
function neighbour(
  { nodes, edges }: ChainPicture,
  places: ReadonlyMap<string, Place>,
  selected: string | undefined,
  key: string,
): string | undefined {
  if (!key.startsWith("Arrow")) return undefined;
  const own = selected === undefined ? undefined : places.get(selected);
  if (!own) return nodes[0]?.id;
  if (key === "ArrowRight") return edges.find(({ from }) => from === selected)?.to;
  if (key === "ArrowLeft") return edges.find(({ to }) => to === selected)?.from;
  const sign = key === "ArrowDown" ? 1 : -1;
  const others = nodes.flatMap(({ id }) => {
    const place = places.get(id);
    const distance = place ? (place.y - own.y) * sign : 0;
    return place && distance > 0 ? [{ id, cost: distance + Math.abs(place.x - own.x) * 2 }] : [];
  });
  return others.toSorted((a, b) => a.cost - b.cost)[0]?.id;
}
