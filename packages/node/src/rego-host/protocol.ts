import type { HttpOutcome, HttpRequest } from "custody/rego";
import type { MessagePort } from "node:worker_threads";

/** What the thread of the network is asked, and what it answers: values that `postMessage` copies. */
export type NetworkTask =
  | { readonly kind: "lookup"; readonly name: string; readonly limits: NetworkLimits }
  | { readonly kind: "send"; readonly request: WireRequest; readonly limits: NetworkLimits };

export interface NetworkLimits {
  readonly sizeLimitBytes: number;
  readonly timeLimitMilliseconds: number;
}

export interface WireRequest extends Omit<HttpRequest, "tls"> {
  readonly tls?: TlsOptions;
}

/** For `tls.connect`, all texts read. */
export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly servername?: string;
  readonly ca?: string[];
  readonly cert?: string[];
  readonly key?: string[];
}

export type NetworkOutcome =
  | { readonly kind: "addresses"; readonly addresses: readonly string[] }
  | { readonly kind: "outcome"; readonly outcome: HttpOutcome }
  | { readonly kind: "error"; readonly message: string };

/** How the thread is started: tasks come through the port, and the flag counts the answers. */
export interface NetworkStart {
  readonly port: MessagePort;
  readonly answered: SharedArrayBuffer;
}
