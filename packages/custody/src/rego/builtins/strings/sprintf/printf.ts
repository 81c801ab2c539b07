import type { BuiltinContext } from "../../builtin.ts";
import { TextBuilder } from "../text-builder.ts";
import type { Argument } from "./arguments.ts";
import { FormatReader } from "./directive.ts";
import type { Directive } from "./directive.ts";
import { findFloat } from "./floats.ts";
import { findBigInteger, findInteger64 } from "./integers.ts";
import { pad, plainLayout } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { findText } from "./texts.ts";

/** The format with its directives filled in, as Go's `fmt.Sprintf` does it; what is amiss is told in the text. */
export function printf(context: BuiltinContext, format: string, values: readonly Argument[]): string {
  const output = new TextBuilder();
  const reader = new FormatReader(format, values);
  for (let piece = reader.read(); piece; piece = reader.read()) {
    context.spend(1);
    output.write(piece.text);
    if (piece.directive) output.write(directiveText(piece.directive));
  }
  const extra = reader.unused().map((argument) => described(argument));
  if (extra.length > 0) output.write(`%!(EXTRA ${extra.join(", ")})`);
  return output.text();
}

function directiveText({ verb, layout, argument }: Directive): string {
  if (verb === "T" && argument.kind !== "nil") return findText(argument.type, "s", layout) ?? "";
  if (verb === "w") return `%!w(${described(argument, layout)})`;
  return findArgument(argument, verb, layout) ?? `%!${verb}(${unknownVerb(argument, layout)})`;
}

function findArgument(argument: Argument, verb: string, layout: Layout): string | undefined {
  switch (argument.kind) {
    case "text":
      return findText(argument.text, verb, layout);
    case "float":
      return findFloat(argument.double, verb, layout);
    case "integer":
      return findInteger64(argument.integer, verb, layout);
    case "big":
      return findBigInteger(argument.integer, verb, layout);
    case "boolean":
      return verb === "t" || verb === "v" ? pad(String(argument.truth), layout) : undefined;
    default:
      return verb === "T" || verb === "v" ? pad("<nil>", layout) : undefined;
  }
}

/** A `big.Int` formats itself, and names itself without the pointer. */
function unknownVerb(argument: Argument, layout: Layout): string {
  return argument.kind === "big" ? `big.Int=${argument.integer}` : described(argument, layout);
}

function described(argument: Argument, layout: Layout = plainLayout()): string {
  if (argument.kind === "nil") return "<nil>";
  return `${argument.type}=${findArgument(argument, "v", layout) ?? ""}`;
}
