import { askText } from "../api/ask-text.ts";
import { chainsPath } from "../api/paths.ts";
import type { VerifyAnswer, VerifyMessage, VerifyReport, VerifyRequest } from "./messages.ts";

/*
 * Verifies beside the page, which stays quick meanwhile. What comes is bytes, what goes is findings: the page never holds
 * what is not verified yet. The server is asked while the verifier itself is still on its way.
 */

const verifier = import("./verifier.ts");
// Whoever asks hears of the fault.
verifier.catch(() => undefined);

/** So long at the most the rest waits until what was found so far is shown. */
const patienceMilliseconds = 500;
const shown = new Map<number, () => void>();

addEventListener("message", ({ data }: MessageEvent<VerifyMessage>) => {
  if ("shown" in data) shown.get(data.shown)?.();
  else void work(data).then((answer) => postMessage(answer));
});

interface Question {
  readonly id: number;
  readonly request: VerifyRequest;
}

async function work({ id, request }: Question): Promise<VerifyAnswer> {
  const chains = request.kind === "verify" ? askText(chainsPath(request.word)) : undefined;
  chains?.catch(() => undefined);
  try {
    const { answer } = await verifier;
    return await answer({ id, request }, { chains, tell: (soFar) => tell(id, soFar) });
  } catch (error) {
    return { id, fault: { code: "console/bug", message: String(error) } };
  }
}

// Settles when what was told is shown, or nobody says so.
async function tell(id: number, soFar: VerifyReport): Promise<void> {
  postMessage({ id, soFar } satisfies VerifyAnswer);
  await new Promise<void>((resolve) => {
    shown.set(id, resolve);
    setTimeout(resolve, patienceMilliseconds);
  });
  shown.delete(id);
}
