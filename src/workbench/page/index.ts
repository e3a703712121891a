/** The page of the workbench. */
export {};
