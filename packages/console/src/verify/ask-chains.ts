import { isSameTrust } from "./kept-trust.ts";
import type { ChainsReport, TrustTexts } from "./messages.ts";
import { verifyTelling } from "./verifier-client.ts";

/** The chains behind a word, and by whose root they are verified. */
export interface ChainsQuestion {
  readonly thing: string;
  readonly trust: TrustTexts;
}

type Hear = (soFar: ChainsReport) => void;

interface Begun extends ChainsQuestion {
  take(hear: Hear): Promise<ChainsReport>;
}

/** What nobody has taken up by then is too old. */
const begunMilliseconds = 10_000;

let begun: Begun | undefined;

/** Has the worker ask for the chains and verify them; what was begun already is taken up. */
export function askChains(question: ChainsQuestion, hear: Hear): Promise<ChainsReport> {
  const earlier = begun;
  begun = undefined;
  if (earlier?.thing === question.thing && isSameTrust(earlier.trust, question.trust))
    return earlier.take(hear);
  return ask(question, hear);
}

/** Begins before anybody has asked: the page's program is still on its way. */
export function beginChains(question: ChainsQuestion): void {
  let last: ChainsReport | undefined;
  let tell: Hear = (soFar) => {
    last = soFar;
  };
  const report = ask(question, (soFar) => tell(soFar));
  // Whoever takes it up hears of the fault.
  report.catch(() => undefined);
  const own: Begun = {
    ...question,
    take: (hear) => {
      if (last) hear(last);
      tell = hear;
      return report;
    },
  };
  begun = own;
  setTimeout(() => {
    if (begun === own) begun = undefined;
  }, begunMilliseconds);
}

function ask({ thing, trust }: ChainsQuestion, hear: Hear): Promise<ChainsReport> {
  const request = { kind: "verify", word: thing, trust, at: Date.now() } as const;
  return verifyTelling({ request, kinds: ["chains"], tell: hear });
}
