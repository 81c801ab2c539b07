import { readFile, stat } from "node:fs/promises";

import { CustodyError } from "custody/ground";
import type { AnyObject } from "custody/rego";
import { parseInput } from "custody/rego/bundle";
import {
  mergeConfigurations,
  normalizeConfiguration,
  parseConfiguration,
  parseSetting,
  substituteVariables,
} from "custody/rego/config";
import type { Configuration } from "custody/rego/config";

export interface ConfigurationOptions {
  readonly configFile?: string;
  readonly set: readonly string[];
  readonly setFile: readonly string[];
}

const sizeLimitBytes = 4 * 1024 * 1024;

/**
 * The configuration of a file, with `--set` and then `--set-file` over it.
 *
 * @throws CustodyError `cli/read`; RegoFault `rego/config` for options that are unknown, wrong or not supported.
 */
export async function readConfiguration(options: ConfigurationOptions): Promise<Configuration> {
  const { configFile, set, setFile } = options;
  const parts: AnyObject[] = [configFile === undefined ? {} : await readConfigurationFile(configFile)];
  parts.push(...set.map((setting) => parseSetting(substituted(setting))));
  for (const setting of setFile) parts.push(await readSetting(setting));
  return parseConfiguration(parts.reduce(mergeConfigurations, {}));
}

async function readConfigurationFile(path: string): Promise<AnyObject> {
  return normalizeConfiguration(parseInput(path, substituted(await readBounded(path))));
}

/** The text of the file that a setting names is its value, without the space around it. */
async function readSetting(setting: string): Promise<AnyObject> {
  const [, name = "", path = ""] = /^([^=]+)=(.+)$/s.exec(setting) ?? [];
  const content = path === "" ? "" : (await readBounded(path)).trim();
  return parseSetting(`${name}=x`, () => content);
}

async function readBounded(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size <= sizeLimitBytes) return readFile(path, "utf8");
  throw new CustodyError("cli/read", `${path} is larger than ${sizeLimitBytes} bytes`, { subject: path });
}

function substituted(text: string): string {
  return substituteVariables(text, (name) => process.env[name]);
}
