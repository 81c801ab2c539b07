/*
 * A template of Go's `text/template`, parsed.
 */

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly pipe: Pipe }
  | {
      readonly kind: "if" | "with" | "range";
      readonly pipe: Pipe;
      readonly body: Body;
      readonly otherwise: Body;
    }
  | {
      readonly kind: "template";
      readonly name: string;
      readonly pipe: Pipe | undefined;
      readonly place: Place;
    }
  | { readonly kind: "break" | "continue" };

export type Body = readonly TemplateNode[];

/** Where something stands, for messages: `line:column`, and its source. */
export interface Place {
  readonly at: string;
  readonly source: string;
}

/** Commands, each of which gets the result of the one before as its last argument; perhaps variables for the result. */
export interface Pipe {
  readonly variables: readonly string[];
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

export interface Command {
  readonly operands: readonly Operand[];
  readonly place: Place;
}

export type Operand = { readonly place: Place; readonly fields: readonly string[] } & Base;

/** What the fields of an operand are looked up in. */
export type Base =
  | { readonly kind: "dot" | "nil" }
  | { readonly kind: "variable" | "function"; readonly name: string }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "boolean"; readonly truth: boolean }
  | { readonly kind: "integer"; readonly integer: bigint }
  | { readonly kind: "float"; readonly double: number }
  | { readonly kind: "pipe"; readonly pipe: Pipe };
