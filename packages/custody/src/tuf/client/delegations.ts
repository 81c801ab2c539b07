import type { Crypto } from "custody/ground";
import { toHex, utf8 } from "custody/ground";
import * as v from "valibot";

import type { RoleKeys } from "../signers.ts";
import { roleNames } from "../metadata.ts";
import { matchesPathPattern } from "./path-pattern.ts";
import { keyMap, roleShape, text } from "./role-shape.ts";

const maxRoles = 32_768;
const maxPatterns = 32_768;
const maxBitLength = 32;

// A delegated role is kept under its name, and must not be mistaken for one of the four, on any file system.
const isFree = (name: string): boolean => !(roleNames as readonly string[]).includes(name.toLowerCase());
const delegatedRole = v.pipe(
  v.object({
    ...roleShape,
    name: v.pipe(text, v.minLength(1), v.maxLength(200), v.check(isFree, "a name of a top-level role")),
    terminating: v.boolean(),
    paths: v.optional(v.pipe(v.array(text), v.maxLength(maxPatterns))),
    path_hash_prefixes: v.optional(
      v.pipe(v.array(v.pipe(v.string(), v.maxLength(64), v.regex(/^[0-9a-f]*$/))), v.maxLength(maxPatterns)),
    ),
  }),
  v.check(
    ({ paths, path_hash_prefixes: prefixes }) => (paths === undefined) !== (prefixes === undefined),
    "either paths or path_hash_prefixes",
  ),
);
const succinctRoles = v.object({
  ...roleShape,
  bit_length: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxBitLength)),
  name_prefix: v.pipe(text, v.minLength(1), v.maxLength(180)),
});

/** To whom a targets role delegates: to roles in order, or to bins by hash (TUF 1.0 §4.5, TAP 15). */
export const delegationsShape = v.pipe(
  v.object({
    keys: keyMap,
    roles: v.optional(
      v.pipe(
        v.array(delegatedRole),
        v.maxLength(maxRoles),
        v.check(
          (roles) => new Set(roles.map(({ name }) => name)).size === roles.length,
          "a role stands twice",
        ),
      ),
    ),
    succinct_roles: v.optional(succinctRoles),
  }),
  v.check(
    ({ roles, succinct_roles: succinct }) => (roles === undefined) !== (succinct === undefined),
    "either roles or succinct_roles",
  ),
);

export type Delegations = v.InferOutput<typeof delegationsShape>;
type Role = Pick<v.InferOutput<typeof delegatedRole>, "keyids" | "threshold">;

/** A role that may say something about a target, with whose signatures count for it there. */
export interface DelegatedRole {
  readonly name: string;
  readonly roleKeys: RoleKeys;
  /** Nobody after it is asked. */
  readonly terminating: boolean;
}

/** The roles to ask about a target, in order, up to and with the first that is terminating (§5.6.7.2). */
export function rolesFor(
  crypto: Pick<Crypto, "sha256">,
  { keys, roles = [], succinct_roles: succinct }: Delegations,
  path: string,
): readonly DelegatedRole[] {
  const hash = toHex(crypto.sha256(utf8(path)));
  if (succinct) {
    const name = `${succinct.name_prefix}-${binOf(hash, succinct.bit_length)}`;
    return [{ name, roleKeys: roleKeysOf(keys, succinct), terminating: true }];
  }
  const asked = roles
    .filter(
      ({ paths = [], path_hash_prefixes: prefixes = [] }) =>
        paths.some((pattern) => matchesPathPattern(pattern, path)) ||
        prefixes.some((prefix) => hash.startsWith(prefix)),
    )
    .map((role) => ({ name: role.name, roleKeys: roleKeysOf(keys, role), terminating: role.terminating }));
  const last = asked.findIndex(({ terminating }) => terminating);
  return last === -1 ? asked : asked.slice(0, last + 1);
}

/** The keys that a role's ids name; ids of keys that are not there name nobody. */
export function roleKeysOf(keys: RoleKeys["keys"], { keyids, threshold }: Role): RoleKeys {
  const named = keyids.flatMap((id) => {
    const key = keys.get(id);
    return key ? [[id, key] as const] : [];
  });
  return { keys: new Map(named), threshold };
}

// TAP 15: the leftmost bits of the path's hash, in as many hexadecimal digits as the last bin has.
function binOf(hash: string, bits: number): string {
  const bin = Math.floor(Number.parseInt(hash.slice(0, 8), 16) / 2 ** (32 - bits));
  return bin.toString(16).padStart(Math.ceil(bits / 4), "0");
}
