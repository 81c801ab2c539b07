import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { CustodyError, parseJson } from "custody/ground";

/** Which server a command talks to, and how it is let in. */
export interface ServerOptions {
  /** The server's own directory, on this machine. */
  readonly dir?: string;
  /** A server elsewhere; then the token comes from the environment. */
  readonly server?: string;
}

/** The directory of a server that nobody named. */
export function defaultDirectory(): string {
  const named = process.env["CUSTODY_DIR"];
  if (named) return named;
  return process.getuid?.() === 0 ? "/var/lib/custody" : join(homedir(), ".local/share/custody");
}

/** Talks to a server's API. */
export class Client {
  readonly #url: string;
  readonly #token: string;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Finds the server by its directory, or by --server and CUSTODY_TOKEN. */
  static async open(options: ServerOptions): Promise<Client> {
    const server = options.server ?? process.env["CUSTODY_SERVER"];
    if (server !== undefined) return new Client(server, process.env["CUSTODY_TOKEN"] ?? "");
    const directory = options.dir ?? defaultDirectory();
    const { url } = parseJson(await readOwn(directory, "server.json")) as { readonly url: string };
    return new Client(url, (await readOwn(directory, "token")).trim());
  }

  async get<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
    return (await (await this.request("GET", path, { query })).json()) as T;
  }

  async send<T>(method: "POST" | "PUT", path: string, body: unknown): Promise<T> {
    const content = typeof body === "string" ? body : JSON.stringify(body);
    const type = typeof body === "string" ? "application/yaml" : "application/json";
    return (await (await this.request(method, path, { content, type })).json()) as T;
  }

  /** Whether it comes with the server's token: without it, only the open doors are open. */
  get hasToken(): boolean {
    return this.#token !== "";
  }

  /** What the server says to everybody, by its path. */
  async fetchPublic(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const response = await fetch(new URL(path, this.#url)).catch((cause: unknown) => {
      throw this.#unreachable(cause);
    });
    if (!response.ok) throw await faultOf(response);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** @throws CustodyError with the server's own code, or `cli/unreachable`. */
  async request(
    method: string,
    path: string,
    { query = {}, content, type, isOpen = false }: RequestParts = {},
  ): Promise<Response> {
    const url = new URL(isOpen ? path : `/api/v1${path}`, this.#url);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const headers = {
      ...(isOpen ? {} : { authorization: `Bearer ${this.#token}` }),
      ...(type === undefined ? {} : { "content-type": type }),
    };
    const body = content === undefined ? {} : { body: content, duplex: "half" as const };
    const response = await fetch(url, { method, headers, ...body }).catch((cause: unknown) => {
      throw this.#unreachable(cause);
    });
    if (!response.ok) throw await faultOf(response);
    return response;
  }

  #unreachable(cause: unknown): CustodyError {
    return new CustodyError("cli/unreachable", `no server answers at ${this.#url}`, {
      next: "start it with `custody up`, or name its directory with --dir",
      cause,
    });
  }
}

interface RequestParts {
  readonly query?: Readonly<Record<string, string>>;
  readonly content?: string | ReadableStream<Uint8Array>;
  readonly type?: string;
  /** At a door that asks for no token. */
  readonly isOpen?: boolean;
}

async function readOwn(directory: string, name: string): Promise<string> {
  try {
    return await readFile(join(directory, name), "utf8");
  } catch (cause) {
    throw new CustodyError("cli/no-server", `no server has its data in ${directory}`, {
      subject: directory,
      next: "start one with `custody up`, or name its directory with --dir",
      cause,
    });
  }
}

async function faultOf(response: Response): Promise<CustodyError> {
  const problem = (await response.json().catch(() => ({}))) as Readonly<Record<string, string>>;
  const {
    code = "cli/http",
    title = `the server answered ${response.status}`,
    subject,
    next,
    detail,
  } = problem;
  return new CustodyError(code, detail === undefined ? title : `${title}: ${detail}`, {
    ...(subject === undefined ? {} : { subject }),
    ...(next === undefined ? {} : { next }),
    details: { status: response.status },
  });
}

/** The path segment of a repository name, slashes encoded. */
export function repositoryPath(repository: string, rest = ""): string {
  return `/repositories/${encodeURIComponent(repository)}${rest}`;
}
