export { type DemoOptions, type DemoResult, demo, demoDefaults } from "./demo.js";
