/** The local server of the workbench. */
export { isLoopback } from "./admission.js";
export { hasDesktop, openPage } from "./open-page.js";
export { startWorkbench, type Workbench, type WorkbenchOptions } from "./workbench.js";
