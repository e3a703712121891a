import { basename } from "node:path";
import { countText } from "../../count-text.js";
import { ConfigError } from "../../errors.js";
import { type Particle, type ParticleList, positionsFromFirstVoxel, tomogramNameOf } from "../../io/index.js";
import type { ListInput } from "../filter/index.js";
import { named, withAgreeingNumbers, withClassNames } from "./classes.js";
import { mergeOptics } from "./optics.js";
import type { MergeOptions } from "./options.js";

/** A list, and the class that all of its particles are given. */
export interface NamedInput extends ListInput {
  readonly className: string | undefined;
}

/** Which file a particle came from. */
const SOURCE = "cosnetSource";

/**
 * Several lists as one. Positions are counted from the first voxel unless all are from the centre; optics groups are
 * brought together; column `cosnetSource` names the file that each particle came from.
 * @returns the list, and which of the inputs each particle is of.
 * @throws ConfigError when lists cannot be one.
 */
export function combineLists(
  inputs: readonly NamedInput[],
  { classNames = new Map(), tomogramName }: Pick<MergeOptions, "classNames" | "tomogramName">,
): { readonly list: ParticleList; readonly sources: Int32Array } {
  const lists = inputs.map(({ list }) => list);
  const isCentred = lists.every(({ origin }) => origin === "tomogram-centre");
  const optics = mergeOptics(lists);
  const pixelSize = common(lists.map((list) => list.coordinatePixelSizeAngstrom));
  const tomogramNames = new Map<string, string>();
  const names = sourceNames(inputs.map(({ path }) => path));
  const merged = inputs.flatMap((input, index) => {
    const positions = isCentred ? undefined : firstVoxelPositions(input);
    const tomogram = tomogramName?.replaceAll("{list}", tomogramNameOf(input.path));
    // Lists that count in pixels of different sizes: each particle keeps its own.
    const ownPixelSize = pixelSize === undefined ? input.list.coordinatePixelSizeAngstrom : undefined;
    return input.list.particles.map((particle, row): Particle => {
      const { opticsGroup: _, ...own } = input.className === undefined ? particle : named(particle, input.className);
      const group = optics.groupOf(index, particle.opticsGroup);
      return {
        ...(ownPixelSize !== undefined && { coordinatePixelSizeAngstrom: ownPixelSize }),
        ...own,
        ...firstNameOf(particle.tomogramName ?? tomogram, tomogramNames),
        ...(positions && { positionAngstrom: positions[row]! }),
        ...(group !== undefined && { opticsGroup: group }),
        extra: { [SOURCE]: names[index]!, ...particle.extra },
      };
    });
  });
  const sources = Int32Array.from(inputs.flatMap(({ list }, index) => list.particles.map(() => index)));
  const { particles, warnings } = withAgreeingNumbers(withClassNames(merged, classNames), sources);
  const general = commonGeneral(inputs);
  return {
    sources,
    list: {
      particles,
      origin: isCentred ? "tomogram-centre" : "first-voxel",
      voxelSizeAngstrom: common(lists.map(({ voxelSizeAngstrom }) => voxelSizeAngstrom)),
      coordinatePixelSizeAngstrom: pixelSize,
      ...(optics.optics && { optics: optics.optics }),
      ...(general && { general }),
      warnings: [
        ...lists.flatMap((list) => list.warnings),
        ...optics.warnings,
        ...warnings,
        ...tomogramDoubts(inputs, particles),
      ],
    },
  };
}

/** A tomogram has one name in a list: the one that it has first, whatever endings others write. */
function firstNameOf(name: string | undefined, known: Map<string, string>): Pick<Particle, "tomogramName"> {
  if (name === undefined) return {};
  const own = tomogramNameOf(name);
  const first = known.get(own) ?? name;
  known.set(own, first);
  return { tomogramName: first };
}

function firstVoxelPositions({ list, placement, path }: ListInput) {
  if (list.particles.length > 0 && list.particles.every(({ positionAngstrom }) => positionAngstrom === undefined))
    throw new ConfigError("the list has no positions", { where: path, hint: "Merge lists of particles in tomograms." });
  return positionsFromFirstVoxel(list, placement);
}

/** Names of files, whole paths where two are alike. */
function sourceNames(paths: readonly string[]): readonly string[] {
  const short = paths.map((path) => basename(path));
  return new Set(short).size === paths.length ? short : paths;
}

/** The value of all that have one. */
function common<T>(values: readonly (T | undefined)[]): T | undefined {
  const there = new Set(values.filter((value) => value !== undefined));
  return there.size === 1 ? [...there][0] : undefined;
}

function commonGeneral(inputs: readonly NamedInput[]): ParticleList["general"] {
  const tables = inputs.flatMap(({ path, list: { general } }) => (general ? [{ path, general }] : []));
  const [first] = tables;
  const content = (table: NonNullable<ParticleList["general"]>) => JSON.stringify([...table.columns]);
  const other = tables.find(({ general }) => content(general) !== content(first!.general));
  if (other)
    throw new ConfigError(`the general tables of ${first!.path} and ${other.path} differ`, {
      hint: "RELION 5 has one for a list: particles as 2-D stacks and as subtomograms cannot be in one list.",
    });
  return first?.general;
}

/** Lists that name no tomogram may be of one or of several. @throws ConfigError when only some particles have a tomogram. */
function tomogramDoubts(inputs: readonly NamedInput[], particles: readonly Particle[]): string[] {
  const without = particles.filter(({ tomogramName }) => tomogramName === undefined).length;
  if (without === 0 || inputs.length < 2) return [];
  if (without < particles.length)
    throw new ConfigError(`${countText(without, "particle has", "particles have")} no tomogram, and others have one`, {
      hint: "Name it with --tomogram-name, {list} in it is the name of the particles' file.",
    });
  return ["no list names a tomogram: all are taken to be of the same; --tomogram-name '{list}' takes the files' names"];
}
