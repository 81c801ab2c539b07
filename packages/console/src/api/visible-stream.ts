/** What is heard of a stream of server-sent events. */
export interface StreamListener {
  /** By the event's name, with its data. */
  readonly events: Readonly<Record<string, (data: string) => void>>;
  /** Whether it is open; not told while the tab is hidden. */
  readonly onState: (isOpen: boolean) => void;
}

const retryMilliseconds = 5000;

/**
 * Follows a stream while its tab is in sight: a browser has six connections to a server, and every open stream holds one. One that
 * the server has refused is tried again; one that broke the browser opens again by itself.
 *
 * @returns ends it.
 */
export function followWhileVisible(path: string, { events, onState }: StreamListener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = (): void => {
    source?.close();
    source = undefined;
    clearTimeout(timer);
  };
  const open = (): void => {
    close();
    const opened = new EventSource(path);
    source = opened;
    opened.addEventListener("open", () => onState(true));
    opened.addEventListener("error", () => {
      if (opened !== source) return;
      onState(false);
      if (opened.readyState === EventSource.CLOSED) timer = setTimeout(open, retryMilliseconds);
    });
    for (const [name, hear] of Object.entries(events))
      opened.addEventListener(name, ({ data }: MessageEvent<string>) => hear(data));
  };
  const look = (): void => {
    if (document.visibilityState === "hidden") close();
    else if (!source) open();
  };
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    close();
  };
}
