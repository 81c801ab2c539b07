/* What is asked of the server before the page's program is there: the way and the work of both take as long. */

/** What nobody has taken by then is too old to be given out. */
const earlyMilliseconds = 10_000;

const asked = new Map<string, Promise<Response>>();

/** Asks now for what the program will ask for. */
export function askEarly(path: string): Promise<Response> {
  const answer = fetch(path, { credentials: "same-origin" });
  // Whoever takes it hears of the fault.
  answer.catch(() => undefined);
  asked.set(path, answer);
  setTimeout(() => asked.delete(path), earlyMilliseconds);
  return answer;
}

/** The answer to what was asked early, once; undefined where nothing was. */
export function takeEarly(path: string): Promise<Response> | undefined {
  const answer = asked.get(path);
  asked.delete(path);
  return answer;
}
