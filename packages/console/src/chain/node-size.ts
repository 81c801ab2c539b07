/** How large a node is drawn, in pixels. */
export const nodeSize = { width: 172, height: 124 } as const;
