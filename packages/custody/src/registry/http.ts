/** A request as the registry sees it; the door that took it has bounded its headers and kept its body a stream. */
export interface RegistryRequest {
  readonly method: string;
  /** The path of the URL, not decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The value of a header by its name in lower case. */
  header(name: string): string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface RegistryResponse {
  readonly status: number;
  /** Names in the case of the specification. */
  readonly headers: Readonly<Record<string, string>>;
  /** Read once, or not at all; not sent for HEAD. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
}

export function respond(
  status: number,
  headers: RegistryResponse["headers"] = {},
  body?: RegistryResponse["body"],
): RegistryResponse {
  return { status, headers, ...(body === undefined ? {} : { body }) };
}
