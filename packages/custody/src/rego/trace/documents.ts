import { items, members, value } from "../results/index.ts";
import type { Document } from "../results/index.ts";
import type { TraceEvent, TraceNode } from "../runtime/index.ts";
import { bodyJson, exprJson, ruleJson } from "../syntax/index.ts";
import type { RegoValue } from "../values/index.ts";
import { variableText } from "./expr-text.ts";

/** The events as OPA's API shows them. */
export function apiDocument(events: readonly TraceEvent[]): Document {
  return items(
    events.map((event) =>
      members({
        op: event.op.toLowerCase(),
        query_id: event.queryId,
        parent_id: event.parentId,
        type: event.op === "Note" ? "" : event.node.kind,
        node: value(event.op === "Note" ? null : nodeJson(event.node)),
        locals: items(
          event.locals.map(([name, of]) =>
            members({ key: value({ type: "var", value: variableText(name) }), value: value(of) }),
          ),
        ),
        message: event.message || undefined,
      }),
    ),
  );
}

/** The events as OPA's commands show them. */
export function commandDocument(events: readonly TraceEvent[]): Document {
  return items(
    events.map(({ op, node, at, queryId, parentId, locals, message }) =>
      members({
        Op: op,
        Node: value(op === "Note" ? null : nodeJson(node)),
        Location: members({ file: at.file, row: at.row, col: at.col }),
        QueryID: queryId,
        ParentID: parentId,
        Locals: items(locals.map(([name, of]) => items([variableText(name), value(of)]))),
        Message: message,
      }),
    ),
  );
}

function nodeJson(node: TraceNode): RegoValue {
  switch (node.kind) {
    case "rule":
      return ruleJson(node.rule);
    case "body":
      return bodyJson(node.body);
    default:
      return exprJson(node.expr);
  }
}
