import type { ParticleBoxes } from "../../files/particles/index.js";
import type { Adaptation, Classification, Embedded, Embedder } from "../../infer/index.js";
import type { MaskRefinement } from "../masks/index.js";
import type { GivenTomogram, ListContrast } from "../search/index.js";
import type { ExampleAgreement } from "./options.js";

/** What `classify` has found, before it is written. */
export interface Classified {
  readonly names: readonly string[];
  /** Class of each example. */
  readonly labels: readonly number[];
  readonly supports: ParticleBoxes;
  /** File and position of the first examples; the others are poses of structures and maps. */
  readonly exampleSources: readonly string[];
  readonly supported: Embedded;
  readonly queries: ParticleBoxes;
  /** Of the particles, refined; undefined when the model has no decoder. */
  readonly masks: Float32Array | undefined;
  /** How many masks were made with those of like particles; undefined where that was not asked for. */
  readonly combined: number | undefined;
  /** What refinement changed; none when masks were not refined. */
  readonly refinements: readonly MaskRefinement[];
  readonly results: readonly Classification[];
  readonly description: Embedder["description"];
  readonly adaptations: Readonly<Record<"examples" | "particles", Adaptation>>;
  readonly contrast: Readonly<Record<"particles" | "examples", ListContrast>>;
  /** The one tomogram that both lists refer to, if there is one. */
  readonly tomogram: GivenTomogram | undefined;
  /** All that was said, in order. */
  readonly warnings: readonly string[];
  /** Undefined when every class has one example. */
  readonly agreement: ExampleAgreement | undefined;
}
