import { Handle, Position } from "@xyflow/react";
import type { Node, NodeProps } from "@xyflow/react";
import type { PictureNode } from "custody/graph";

import { stateWords } from "../parts/state-badge.tsx";

export type CardNode = Node<{ readonly node: PictureNode }, "card">;

const kindWords: Readonly<Record<PictureNode["kind"], string>> = {
  signer: "signed by",
  "hand-off": "hand-off",
  image: "image",
  log: "log",
  policy: "policy",
  gate: "gate",
  process: "process",
};

/** One node of the picture. */
export function NodeCard({ data: { node }, selected }: NodeProps<CardNode>) {
  const { sign, word } = stateWords[node.state];
  return (
    <div className="node-card" data-state={node.state} data-kind={node.kind} data-selected={selected}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <div className="node-head">
        <span className="quiet">{kindWords[node.kind]}</span>
        <span className="node-state">
          <span aria-hidden="true">{sign}</span> {word}
        </span>
      </div>
      <strong>{node.title}</strong>
      <span className="node-detail">{node.detail}</span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}

/** The node in one sentence, for whoever does not see it. */
export function nodeSentence({ kind, title, detail, state }: PictureNode): string {
  return `${kindWords[kind]} ${title}: ${stateWords[state].word}. ${detail}`;
}
