export { demo, demoDefaults } from "./demo.js";
