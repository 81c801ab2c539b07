import { BaseEdge, getBezierPath } from "@xyflow/react";
import type { Edge, EdgeProps } from "@xyflow/react";

export type TieEdge = Edge<{ readonly label: string | undefined }, "tie">;

/** An edge with the digest that ties two hand-offs; nothing of it has to be measured before it can be drawn. */
export function Tie({ data, ...ends }: EdgeProps<TieEdge>) {
  const [path, x, y] = getBezierPath(ends);
  return (
    <>
      <BaseEdge path={path} />
      {data?.label !== undefined && (
        <text className="tie-text" x={x} y={y} textAnchor="middle" dominantBaseline="central">
          {data.label}
        </text>
      )}
    </>
  );
}
