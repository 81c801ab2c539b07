import { Playground } from "./playground.ts";
import { Foreman } from "./worker/foreman.ts";
import { openWorksite } from "./worker/worksite.ts";
import { byId } from "./view/index.ts";

const style = byId("style", HTMLStyleElement);
const foreman = new Foreman({
  open: openWorksite,
  later: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
});
await new Playground(foreman, style.nonce).open();
