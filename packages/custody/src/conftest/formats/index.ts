import { ConftestFault } from "../faults.ts";
import type { Format } from "../format.ts";
import { dockerfile } from "./dockerfile.ts";
import { hcl2 } from "./hcl2.ts";
import { ini } from "./ini.ts";
import { json } from "./json.ts";
import { toml } from "./toml.ts";
import { yaml } from "./yaml.ts";

/** The register: a format is a file, and a line here. */
export const formats: readonly Format[] = [yaml, json, toml, hcl2, dockerfile, ini];

/** The format of a file by its name; undefined for one that is not known. */
export function findFormat(path: string): Format | undefined {
  const name = (path.split(/[/\\]/).at(-1) ?? "").toLowerCase();
  return formats.find(({ hasName }) => hasName(name));
}

/** @throws ConftestFault `conftest/format`. */
export function getFormat(name: string): Format {
  const found = formats.find((one) => one.name === name);
  if (found) return found;
  throw new ConftestFault("conftest/format", `no format is called ${name}`, {
    subject: name,
    next: `one of ${formats.map((one) => one.name).join(", ")}`,
  });
}
