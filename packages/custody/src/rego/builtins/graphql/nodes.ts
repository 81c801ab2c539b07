import { Kind } from "graphql";
import type { DocumentNode } from "graphql";

import { child, children, text, texts, valueKinds } from "./document.ts";
import type { Tree } from "./document.ts";

/** A node of the `graphql` package, and the tree that it was made from. */
export interface Node {
  readonly kind: string;
  readonly tree: Tree;
  readonly [name: string]: unknown;
}

/** The executable document as the `graphql` package has it. */
export function queryNode(query: Tree): DocumentNode {
  const definitions = [
    ...children(query, "Operations").map(operationNode),
    ...children(query, "Fragments").map(fragmentNode),
  ];
  return { kind: Kind.DOCUMENT, definitions } as unknown as DocumentNode;
}

/** The types and directives of a schema, extensions merged, as the `graphql` package has them. */
export function schemaNode(
  definitions: readonly Tree[],
  directives: readonly Tree[],
  roots: Readonly<Record<string, string>>,
): DocumentNode {
  const schema = {
    kind: Kind.SCHEMA_DEFINITION,
    operationTypes: Object.entries(roots).map(([operation, type]) => ({
      kind: Kind.OPERATION_TYPE_DEFINITION,
      operation,
      type: namedNode(type),
    })),
  };
  const nodes = [schema, ...definitions.map(definitionNode), ...directives.map(directiveDefinitionNode)];
  return { kind: Kind.DOCUMENT, definitions: nodes } as unknown as DocumentNode;
}

function node(kind: string, tree: Tree, fields: Readonly<Record<string, unknown>>): Node {
  return { ...fields, kind, tree };
}

function nameNode(value: string): unknown {
  return { kind: Kind.NAME, value };
}

function namedNode(name: string): unknown {
  return { kind: Kind.NAMED_TYPE, name: nameNode(name) };
}

function operationNode(tree: Tree): Node {
  return node(Kind.OPERATION_DEFINITION, tree, {
    operation: text(tree, "Operation") || "query",
    ...(text(tree, "Name") !== "" && { name: nameNode(text(tree, "Name")) }),
    variableDefinitions: children(tree, "VariableDefinitions").map(variableNode),
    directives: directiveNodes(tree),
    selectionSet: selectionSetNode(tree),
  });
}

function fragmentNode(tree: Tree): Node {
  return node(Kind.FRAGMENT_DEFINITION, tree, {
    name: nameNode(text(tree, "Name")),
    typeCondition: namedNode(text(tree, "TypeCondition")),
    directives: directiveNodes(tree),
    selectionSet: selectionSetNode(tree),
  });
}

function variableNode(tree: Tree): Node {
  const value = child(tree, "DefaultValue");
  return node(Kind.VARIABLE_DEFINITION, tree, {
    variable: { kind: Kind.VARIABLE, name: nameNode(text(tree, "Variable")), tree },
    type: typeNode(child(tree, "Type")),
    ...(value && { defaultValue: valueNode(value) }),
    directives: directiveNodes(tree),
  });
}

function selectionSetNode(tree: Tree): Node {
  return node(Kind.SELECTION_SET, tree, { selections: children(tree, "SelectionSet").map(selectionNode) });
}

function selectionNode(tree: Tree): Node {
  if (tree["Alias"] !== undefined) return fieldNode(tree);
  const directives = directiveNodes(tree);
  if (tree["SelectionSet"] === undefined)
    return node(Kind.FRAGMENT_SPREAD, tree, { name: nameNode(text(tree, "Name")), directives });
  const condition = text(tree, "TypeCondition");
  return node(Kind.INLINE_FRAGMENT, tree, {
    ...(condition !== "" && { typeCondition: namedNode(condition) }),
    directives,
    selectionSet: selectionSetNode(tree),
  });
}

function fieldNode(tree: Tree): Node {
  const [alias, name] = [text(tree, "Alias"), text(tree, "Name")];
  return node(Kind.FIELD, tree, {
    ...(alias !== name && { alias: nameNode(alias) }),
    name: nameNode(name),
    arguments: argumentNodes(tree),
    directives: directiveNodes(tree),
    ...(tree["SelectionSet"] !== undefined && { selectionSet: selectionSetNode(tree) }),
  });
}

function argumentNodes(tree: Tree): readonly Node[] {
  return children(tree, "Arguments").map((argument) =>
    node(Kind.ARGUMENT, argument, {
      name: nameNode(text(argument, "Name")),
      value: valueNode(child(argument, "Value")),
    }),
  );
}

function directiveNodes(tree: Tree): readonly Node[] {
  return children(tree, "Directives").map((directive) =>
    node(Kind.DIRECTIVE, directive, {
      name: nameNode(text(directive, "Name")),
      arguments: argumentNodes(directive),
    }),
  );
}

function typeNode(type: Tree | undefined): unknown {
  const element = type && child(type, "Elem");
  const inner = element
    ? { kind: Kind.LIST_TYPE, type: typeNode(element) }
    : namedNode(type ? text(type, "NamedType") : "");
  return type?.["NonNull"] === true ? { kind: Kind.NON_NULL_TYPE, type: inner } : inner;
}

function valueNode(tree: Tree = {}): Node {
  const raw = text(tree, "Raw");
  switch (tree["Kind"]) {
    case valueKinds.int:
      return node(Kind.INT, tree, { value: raw });
    case valueKinds.float:
      return node(Kind.FLOAT, tree, { value: raw });
    case valueKinds.string:
    case valueKinds.block:
      return node(Kind.STRING, tree, { value: raw, block: tree["Kind"] === valueKinds.block });
    case valueKinds.boolean:
      return node(Kind.BOOLEAN, tree, { value: raw === "true" });
    case valueKinds.null:
      return node(Kind.NULL, tree, {});
    case valueKinds.enum:
      return node(Kind.ENUM, tree, { value: raw });
    case valueKinds.list:
      return node(Kind.LIST, tree, {
        values: children(tree, "Children").map((item) => valueNode(child(item, "Value"))),
      });
    case valueKinds.object:
      return node(Kind.OBJECT, tree, { fields: children(tree, "Children").map(objectFieldNode) });
    default:
      return node(Kind.VARIABLE, tree, { name: nameNode(raw) });
  }
}

function objectFieldNode(tree: Tree): Node {
  return node(Kind.OBJECT_FIELD, tree, {
    name: nameNode(text(tree, "Name")),
    value: valueNode(child(tree, "Value")),
  });
}

const definitionKinds: Readonly<Record<string, string>> = {
  SCALAR: Kind.SCALAR_TYPE_DEFINITION,
  OBJECT: Kind.OBJECT_TYPE_DEFINITION,
  INTERFACE: Kind.INTERFACE_TYPE_DEFINITION,
  UNION: Kind.UNION_TYPE_DEFINITION,
  ENUM: Kind.ENUM_TYPE_DEFINITION,
  INPUT_OBJECT: Kind.INPUT_OBJECT_TYPE_DEFINITION,
};

function definitionNode(tree: Tree): Node {
  const kind = text(tree, "Kind");
  const field = kind === "INPUT_OBJECT" ? inputValueNode : fieldDefinitionNode;
  return node(definitionKinds[kind] ?? Kind.SCALAR_TYPE_DEFINITION, tree, {
    name: nameNode(text(tree, "Name")),
    interfaces: texts(tree, "Interfaces").map(namedNode),
    directives: directiveNodes(tree),
    fields: children(tree, "Fields").map(field),
    types: texts(tree, "Types").map(namedNode),
    values: children(tree, "EnumValues").map((value) =>
      node(Kind.ENUM_VALUE_DEFINITION, value, {
        name: nameNode(text(value, "Name")),
        directives: directiveNodes(value),
      }),
    ),
  });
}

function fieldDefinitionNode(tree: Tree): Node {
  return node(Kind.FIELD_DEFINITION, tree, {
    name: nameNode(text(tree, "Name")),
    arguments: children(tree, "Arguments").map(inputValueNode),
    type: typeNode(child(tree, "Type")),
    directives: directiveNodes(tree),
  });
}

function inputValueNode(tree: Tree): Node {
  const value = child(tree, "DefaultValue");
  return node(Kind.INPUT_VALUE_DEFINITION, tree, {
    name: nameNode(text(tree, "Name")),
    type: typeNode(child(tree, "Type")),
    ...(value && { defaultValue: valueNode(value) }),
    directives: directiveNodes(tree),
  });
}

function directiveDefinitionNode(tree: Tree): Node {
  return node(Kind.DIRECTIVE_DEFINITION, tree, {
    name: nameNode(text(tree, "Name")),
    arguments: children(tree, "Arguments").map(inputValueNode),
    repeatable: tree["IsRepeatable"] === true,
    locations: texts(tree, "Locations").map(nameNode),
  });
}
