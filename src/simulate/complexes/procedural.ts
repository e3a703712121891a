import { ConfigError } from "../../errors.js";
import { quaternionFromAxisAngle, quaternionToMatrix, type Random } from "../../volume/index.js";
import { type Beads, centreBeads, concatenateBeads, reach, totalWeight, transformBeads } from "./beads.js";
import { blob, dirichlet } from "./blob.js";
import { type Complex, CUBIC_ANGSTROM_PER_KILODALTON, createComplex } from "./complex.js";
import { dock, joinAtRandom, symmetricAssembly } from "./docking.js";
import { groupOrder, type PointGroup } from "./point-groups.js";
import { primitive } from "./primitive.js";

const Z = { x: 0, y: 0, z: 1 };
/** What a box of 32 voxels of 10 Å holds with its shift and blur. */
const LARGEST_REACH_ANGSTROM = 165;
/** No natural subunit is much smaller. */
const SMALLEST_UNIT_KILODALTON = 9;
const FOLD_WEIGHTS = { C: [4, 4, 3, 3, 4, 3, 2, 1, 1, 1, 1], D: [5, 5, 4, 3, 3, 3, 1] } as const;

interface Draft {
  readonly beads: Beads;
  /** Point group or kind of body, for the complex's name. */
  readonly kind: string;
}
/** Makes a body of about `mass` kilodalton with beads `spacing` Ångström apart, or nothing when the mass does not suit. */
type Family = (random: Random, mass: number, spacing: number) => Draft | undefined;

const families: readonly { readonly weight: number; readonly make: Family }[] = [
  { weight: 20, make: (random, mass, spacing) => symmetric(random, mass, spacing, randomFold(random, "C")) },
  { weight: 26, make: (random, mass, spacing) => symmetric(random, mass, spacing, randomFold(random, "D")) },
  { weight: 5, make: (random, mass, spacing) => symmetric(random, mass, spacing, "T") },
  { weight: 5, make: (random, mass, spacing) => symmetric(random, mass, spacing, "O") },
  { weight: 5, make: (random, mass, spacing) => symmetric(random, mass, spacing, "I") },
  { weight: 8, make: (random, mass, spacing) => ({ beads: unit(random, mass, spacing), kind: "C1" }) },
  { weight: 8, make: nucleoprotein },
  { weight: 8, make: (random, mass, spacing) => ({ beads: primitive(random, mass, spacing), kind: "body" }) },
  { weight: 8, make: cappedRing },
  { weight: 6, make: heteroComplex },
  { weight: 5, make: screw },
];

/**
 * One of an endless stream of protein-like complexes: compact subunits of one to three domains, assembled with the
 * point groups C, D, T, O, I, as capped rings, hetero-complexes, screws, nucleoproteins or plain bodies (barrels,
 * shells, rods, funnels). The same stream state gives the same complex. Masses are spread evenly on a logarithmic scale
 * over 80 to 3000 kDa with 70 % between 150 and 1000 kDa, or over the part of it that is asked for.
 * @throws ConfigError when the mass range is empty or leaves 20 to 10,000 kDa.
 */
export function proceduralComplex(
  random: Random,
  { minimumKilodalton = 80, maximumKilodalton = 3000 }: { minimumKilodalton?: number; maximumKilodalton?: number } = {},
): Complex {
  if (!(minimumKilodalton >= 20 && maximumKilodalton <= 10_000 && minimumKilodalton < maximumKilodalton))
    throw new ConfigError(`cannot make complexes of ${minimumKilodalton} to ${maximumKilodalton} kDa`, {
      hint: "Give a rising range between 20 and 10000 kDa.",
    });
  const weights = families.map(({ weight }) => weight);
  for (;;) {
    const mass = drawMass(random, minimumKilodalton, maximumKilodalton);
    // Beads 6 to 8 Å apart: finer than a voxel, and a few thousand at most for all but the largest.
    const spacing = Math.min(8, Math.max(6, Math.cbrt((mass * CUBIC_ANGSTROM_PER_KILODALTON) / 4000)));
    const draft = families[random.weighted(weights)].make(random, mass, spacing);
    if (!draft || draft.beads.weights.length < 60) continue;
    const actual = totalWeight(draft.beads);
    if (actual < minimumKilodalton || actual > maximumKilodalton) continue;
    if (reach(centreBeads(draft.beads)) > LARGEST_REACH_ANGSTROM) continue;
    return createComplex(draft.beads, { name: `${draft.kind}-${Math.round(actual)}kDa`, source: "procedural" });
  }
}

function drawMass(random: Random, minimum: number, maximum: number): number {
  const [low, high] = [Math.max(minimum, 150), Math.min(maximum, 1000)];
  const [from, to] = random.next() < 0.7 && low < high ? [low, high] : [minimum, maximum];
  return Math.exp(random.uniform(Math.log(from), Math.log(to)));
}

/** An asymmetric subunit: one to three bodies stuck together, sometimes in a column along z. */
function unit(random: Random, mass: number, spacing: number): Beads {
  const fractions = dirichlet(random, 1 + random.weighted([6, 3, 1]), 3);
  return fractions
    .map((fraction) => blob(random, mass * fraction, spacing))
    .reduce((whole, part) => joinAtRandom(random, whole, part, random.next() < 0.3 ? Z : undefined));
}

function randomFold(random: Random, kind: "C" | "D"): PointGroup {
  return `${kind}${2 + random.weighted(FOLD_WEIGHTS[kind])}`;
}

function symmetric(random: Random, mass: number, spacing: number, group: PointGroup): Draft | undefined {
  const unitMass = mass / groupOrder(group);
  if (unitMass < SMALLEST_UNIT_KILODALTON) return undefined;
  return { beads: symmetricAssembly(random, unit(random, unitMass, spacing), group), kind: group };
}

/** Ribosome-like: many domains, part of them nucleic acid. */
function nucleoprotein(random: Random, mass: number, spacing: number): Draft {
  const dense = random.next() < 0.6 ? random.uniform(0.2, 0.7) : 0;
  return { beads: blob(random, mass, spacing, { domains: 3 + random.integer(12), dense }), kind: "lobed" };
}

/** A ring with another ring, or one body, on top. */
function cappedRing(random: Random, mass: number, spacing: number): Draft | undefined {
  const fraction = random.uniform(0.3, 0.8);
  const ring = symmetric(random, mass * fraction, spacing, `C${2 + random.integer(11)}`);
  const cap =
    random.next() < 0.5
      ? symmetric(random, mass * (1 - fraction), spacing, `C${2 + random.integer(6)}`)
      : { beads: blob(random, mass * (1 - fraction), spacing), kind: "cap" };
  return ring && cap && { beads: dock(random, ring.beads, cap.beads, Z), kind: `${ring.kind}-${cap.kind}` };
}

/** Two to four different subunits in no order. */
function heteroComplex(random: Random, mass: number, spacing: number): Draft {
  const fractions = dirichlet(random, 2 + random.integer(3), 3);
  const beads = fractions
    .map((fraction) => unit(random, mass * fraction, spacing))
    .reduce((whole, part) => joinAtRandom(random, whole, part));
  return { beads, kind: "hetero" };
}

/** A short filament: equal subunits, each rotated and stacked on the last. */
function screw(random: Random, mass: number, spacing: number): Draft | undefined {
  const copies = 3 + random.integer(8);
  if (mass / copies < SMALLEST_UNIT_KILODALTON) return undefined;
  const part = transformBeads(unit(random, mass / copies, spacing), [1, 0, 0, 0, 1, 0, 0, 0, 1], random.uniform(0, 25));
  const twist = random.uniform(20, 180);
  const single = dock(random, part, rotated(part, twist), Z);
  // The rise found for the first pair is kept for all, as in a helix.
  const rise = single.positions[3 * part.weights.length + 2] - part.positions[2];
  const beads = Array.from({ length: copies }, (_, i) => rotated(part, i * twist, i * rise));
  return { beads: concatenateBeads(beads), kind: "screw" };
}

function rotated(beads: Beads, degrees: number, z = 0): Beads {
  return transformBeads(beads, quaternionToMatrix(quaternionFromAxisAngle(Z, degrees)), 0, 0, z);
}
