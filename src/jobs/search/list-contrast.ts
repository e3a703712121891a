/** The contrast of lists of particles: as the user says, else as each list says, else measured over all of their boxes. */
import { basename } from "node:path";
import type { ParticleBoxes, ParticleBoxReader } from "../../files/particles/index.js";
import {
  type Contrast,
  decideContrast,
  proteinBrightness,
  type StatedContrast,
  statedOrMeasured,
} from "../../infer/index.js";
import { type ContrastName, type Particle, statedContrast } from "../../io/index.js";
import { contrastWarnings, toldContrast } from "./contrast.js";

/** Some boxes of a list, before anything is inverted. */
export interface ListBoxes {
  readonly path: string;
  readonly particles: readonly Particle[];
  /** `[count, edge, edge, edge]`, each zero mean and unit variance. */
  readonly volumes: Float32Array;
}

/** The contrast of a list, and of each of its particles where the list says it. */
export interface ListContrast extends Contrast {
  readonly isDark: (particle: Particle) => boolean;
}

/** Boxes that are looked at; all of a long list would have to be in memory. */
const MEASURED_BOXES = 96;

/** Some boxes of a list, evenly over it, as the reader gives them. @throws as reading does. */
export async function sampleBoxes(reader: ParticleBoxReader, edge: number): Promise<ListBoxes> {
  const { path, list } = reader;
  const rows = sampledRows(list.particles.length);
  const volumes = new Float32Array(rows.length * edge ** 3);
  for (const [i, row] of rows.entries()) volumes.set((await reader.read(row, row + 1)).volumes, i * edge ** 3);
  return { path, particles: list.particles, volumes };
}

/** The same of boxes in memory. */
export function someBoxes({ path, list, volumes }: ParticleBoxes, edge: number): ListBoxes {
  const rows = sampledRows(list.particles.length);
  const some = new Float32Array(rows.length * edge ** 3);
  for (const [i, row] of rows.entries())
    some.set(volumes.subarray(row * edge ** 3, (row + 1) * edge ** 3), i * edge ** 3);
  return { path, particles: list.particles, volumes: some };
}

function sampledRows(total: number): number[] {
  const count = Math.min(total, MEASURED_BOXES);
  return Array.from({ length: count }, (_, i) => Math.floor((i * total) / count));
}

/** Inverts, in place, the boxes of particles that are dark. */
export function invertBoxes({ list, volumes }: ParticleBoxes, edge: number, { isDark }: ListContrast): void {
  for (const [row, particle] of list.particles.entries()) {
    if (!isDark(particle)) continue;
    for (let i = row * edge ** 3; i < (row + 1) * edge ** 3; i++) volumes[i] = -volumes[i]!;
  }
}

/** What the contrast of lists depends on. */
export interface ListContrastOptions {
  readonly edge: number;
  /** Blurred skewness of the one tomogram that all particles are in; what one list says of it then holds for the other. */
  readonly skewness?: number | undefined;
  readonly inverted?: boolean | undefined;
  readonly examplesInverted?: boolean | undefined;
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/**
 * Measures examples and particles together, so that both have the same sign unless somebody says otherwise. Warns of what is in
 * doubt.
 * @throws FormatError where a list states an unknown contrast.
 */
export function contrastOfLists(
  particles: ListBoxes,
  examples: ListBoxes | undefined,
  { edge, skewness, inverted, examplesInverted, onWarning }: ListContrastOptions,
): { readonly particles: ListContrast; readonly examples: ListContrast } {
  const boxes = [particles, ...(examples ? [examples] : [])].flatMap(({ volumes }) => proteinBrightness(volumes, edge));
  const what = examples ? "examples and particles" : "particles";
  const measured = decideContrast({ boxes, what, skewness });
  const [ofParticles, ofExamples] = [statementsOf(particles), examples && statementsOf(examples)];
  const shared = skewness === undefined ? undefined : (ofParticles.common ?? ofExamples?.common);
  const decide = (own: Statements | undefined, told: StatedContrast | undefined): ListContrast => {
    const { dark, reason, doubt } = statedOrMeasured(told ?? own?.common ?? shared, measured);
    if (told || own?.common || !own?.mixed) return { dark, reason, doubt, isDark: () => dark };
    const isDark = (particle: Particle) => (own.of(particle) ?? (dark ? "dark" : "bright")) === "dark";
    return { dark, reason: `in part, as ${own.by} says of each particle; else ${reason}`, doubt, isDark };
  };
  const told = toldContrast(inverted, "invert");
  const found = {
    particles: decide(ofParticles, told),
    examples: decide(ofExamples, toldContrast(examplesInverted, "invert-examples") ?? told),
  };
  const warnings = [
    ...contrastWarnings(found.particles, particles.path),
    ...(examples && found.examples.doubt !== found.particles.doubt
      ? contrastWarnings(found.examples, examples.path, "invert-examples")
      : []),
  ];
  for (const warning of warnings) onWarning?.(warning);
  return found;
}

/** What a list says of the contrast. */
interface Statements {
  readonly by: string;
  /** Of all of its particles. */
  readonly common: StatedContrast | undefined;
  /** Of some of them, or not of all the same. */
  readonly mixed: boolean;
  readonly of: (particle: Particle) => ContrastName | undefined;
}

function statementsOf({ path, particles }: ListBoxes): Statements {
  const stated = new Set(
    particles.map((particle, index) => statedContrast(particle, `${path}, particle ${index + 1}`)),
  );
  const [first] = stated;
  const by = basename(path);
  return {
    by,
    common: stated.size === 1 && first !== undefined ? { dark: first === "dark", by } : undefined,
    mixed: stated.size > 1,
    of: (particle) => statedContrast(particle, path),
  };
}
