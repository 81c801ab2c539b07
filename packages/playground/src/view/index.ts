export { Editor } from "./editor.ts";
export { byId, element } from "./element.ts";
export { endedView, resultView } from "./result-view.ts";
export { problemList } from "./place-link.ts";
export { openTabs } from "./tabs.ts";
export { testsView } from "./tests-view.ts";
export { traceView } from "./trace-view.ts";
