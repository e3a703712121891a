/** The local server of the workbench. */
export { isLoopback } from "./admission.js";
export { hasDesktop, openPage } from "./open-page.js";
export { startWorkbench } from "./workbench.js";
