import { quote } from "../../values/index.ts";
import { child, children, text, texts } from "./document.ts";
import type { Tree } from "./document.ts";
import { possibleTypes, schemaFault } from "./schema.ts";
import type { Schema } from "./schema.ts";
import { typeText } from "./type-text.ts";

/**
 * Checks that a type has what its interface promises (GraphQL §3.6.1).
 *
 * @throws BuiltinError
 */
export function checkImplements(schema: Schema, type: Tree, name: string): void {
  const promised = schema.types.get(name);
  if (!promised) throw schemaFault(`Undefined type ${quote(name)}.`, type);
  if (text(promised, "Kind") !== "INTERFACE")
    throw schemaFault(`${quote(name)} is a non interface type ${text(promised, "Kind")}.`, type);
  for (const field of children(promised, "Fields")) checkField(schema, type, { name, field });
  checkAncestors(type, promised);
}

interface Promise {
  /** The interface. */
  readonly name: string;
  readonly field: Tree;
}

function checkField(schema: Schema, type: Tree, { name, field }: Promise): void {
  const fieldName = text(field, "Name");
  const subject = `For ${text(type, "Name")} to implement ${name}`;
  const found = children(type, "Fields").find((own) => text(own, "Name") === fieldName);
  if (!found) throw schemaFault(`${subject} it must have a field called ${fieldName}.`, type);
  if (!isCovariant(schema, child(field, "Type"), child(found, "Type")))
    throw schemaFault(
      `${subject} the field ${fieldName} must have type ${typeText(child(field, "Type"))}.`,
      found,
    );
  checkArguments(field, found, `${subject} the field ${fieldName} must have the same arguments but`);
  for (const extra of children(found, "Arguments")) {
    if (findArgument(field, extra) || !isRequired(extra)) continue;
    throw schemaFault(
      `${subject} any additional arguments on ${fieldName} must be optional or have a default value but ${text(extra, "Name")} is required.`,
      extra,
    );
  }
}

function checkArguments(field: Tree, found: Tree, subject: string): void {
  for (const wanted of children(field, "Arguments")) {
    const argument = findArgument(found, wanted);
    if (!argument) throw schemaFault(`${subject} it is missing ${text(wanted, "Name")}.`, found);
    if (!isCompatible(child(wanted, "Type"), child(argument, "Type")))
      throw schemaFault(`${subject} ${text(wanted, "Name")} has the wrong type.`, argument);
  }
}

function findArgument(field: Tree, like: Tree): Tree | undefined {
  return children(field, "Arguments").find((argument) => text(argument, "Name") === text(like, "Name"));
}

function isRequired(argument: Tree): boolean {
  return child(argument, "Type")?.["NonNull"] === true && !child(argument, "DefaultValue");
}

function checkAncestors(type: Tree, promised: Tree): void {
  const [own, name] = [text(type, "Name"), text(promised, "Name")];
  for (const ancestor of texts(promised, "Interfaces")) {
    if (texts(type, "Interfaces").includes(ancestor)) continue;
    throw schemaFault(
      ancestor === own
        ? `Type ${own} cannot implement ${name} because it would create a circular reference.`
        : `Type ${own} must implement ${ancestor} because it is implemented by ${name}.`,
      type,
    );
  }
}

function isCovariant(schema: Schema, wanted: Tree | undefined, given: Tree | undefined): boolean {
  if (!wanted || !given) return false;
  if (wanted["NonNull"] === true && given["NonNull"] !== true) return false;
  const [element, givenElement] = [child(wanted, "Elem"), child(given, "Elem")];
  if (element) return isCovariant(schema, element, givenElement);
  const [name, givenName] = [text(wanted, "NamedType"), text(given, "NamedType")];
  return name === givenName || possibleTypes(schema, name).includes(givenName);
}

function isCompatible(wanted: Tree | undefined, given: Tree | undefined): boolean {
  if (!wanted || !given || text(wanted, "NamedType") !== text(given, "NamedType")) return false;
  const [element, givenElement] = [child(wanted, "Elem"), child(given, "Elem")];
  if (element && !isCompatible(element, givenElement)) return false;
  return given["NonNull"] !== true || wanted["NonNull"] === true;
}
