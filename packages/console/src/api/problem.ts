/** What the server answered instead of an answer: an RFC 9457 problem document, or nothing that can be read. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  /** What to do about it. */
  readonly next: string | undefined;

  constructor(
    status: number,
    { code, detail, next }: { code: string; detail: string; next?: string | undefined },
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.next = next;
  }
}

/** The problem of an answer that is none. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const { status } = response;
  try {
    const body = (await response.json()) as Readonly<Record<string, unknown>>;
    const text = (name: string): string | undefined =>
      typeof body[name] === "string" ? body[name].slice(0, 2000) : undefined;
    return new ApiProblem(status, {
      code: text("code") ?? `http/${status}`,
      detail: text("detail") ?? text("title") ?? `the server answered ${status}`,
      next: text("next"),
    });
  } catch {
    return new ApiProblem(status, { code: `http/${status}`, detail: `the server answered ${status}` });
  }
}
