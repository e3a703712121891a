import { FormatError } from "../../../errors.js";
import { voxelCount } from "../../../volume/index.js";
import type { OpenVolumeOptions, VolumeReading } from "../codec.js";
import { elementBytes } from "../numbers.js";
import { memorySource, type RandomAccessSource, type VolumeReader } from "../random-access.js";
import { statisticsOf, valueWarnings } from "../statistics.js";
import { describeStack, type StackDescription } from "./description.js";
import { readTiffDirectories, type TiffFields } from "./directory.js";
import { readTiffRectangle, type TiffImage, tiffDescription, tiffImage, tiffNumber } from "./image.js";

/** An open TIFF stack. */
export interface TiffReader extends VolumeReader {
  readonly type: string;
}

const MOST_VOXELS = 2 ** 29;
/** Bit 0 of NewSubfileType: a smaller copy of another image. */
const REDUCED = 1;
const INCH_IN_ANGSTROM = 2.54e8;
const CENTIMETRE_IN_ANGSTROM = 1e8;
/** Printers' dots per inch are no voxel sizes. */
const VOXEL_SIZE_RANGE = [0.05, 1000] as const;

/**
 * Opens a TIFF or BigTIFF stack: one image for each section, or ImageJ's one image with all others behind it. The voxel size is that of
 * ImageJ's unit, spacing and resolution, or of OME-XML. Only what is asked for is read.
 * @throws FormatError for damaged files, colours, images of several sizes, and channels or time points that nobody chose.
 */
export async function openTiff(source: RandomAccessSource, options: OpenVolumeOptions): Promise<TiffReader> {
  const { name } = options;
  const { isLittle, images } = await readTiffDirectories(source, name);
  const whole = images.filter((fields) => ((tiffNumber(fields, "subfileType") ?? 0) & REDUCED) === 0);
  const [first] = whole;
  if (first === undefined) throw new FormatError("all its images are smaller copies of others", name);
  const description = describeStack(tiffDescription(first));
  const all = stackOf(
    whole.map((fields, i) => tiffImage(fields, `${name}, image ${i + 1}`)),
    description,
    source,
    name,
  );
  const sections = chosenSections(all, description, options);
  const [{ width, height, type, isInverted }] = sections;
  const warnings: string[] = isInverted ? ["white is 0 in it (WhiteIsZero); values are taken as they are"] : [];
  const stated = voxelSizeOf(
    first,
    description,
    sections.length,
    options.voxelSizeAngstrom === undefined ? warnings : [],
  );
  return {
    shape: [sections.length, height, width],
    voxelSizeAngstrom: options.voxelSizeAngstrom ?? stated,
    statedVoxelSizeAngstrom: stated,
    type,
    warnings,
    async read([z, y, x], [depth, rows, columns]) {
      const block = new Float32Array(voxelCount([depth, rows, columns]));
      for (let k = 0; k < depth; k++) {
        const into = block.subarray(k * rows * columns, (k + 1) * rows * columns);
        const where = `${name}, section ${z + k + 1}`;
        await readTiffRectangle(source, sections[z + k], { y, x, height: rows, width: columns }, into, {
          isLittle,
          where,
        });
      }
      return block;
    },
  };
}

/** A whole stack. @throws FormatError as `openTiff`, and for more than can be held. */
export async function readTiff(bytes: Uint8Array, options: OpenVolumeOptions): Promise<VolumeReading> {
  const reader = await openTiff(memorySource(bytes), options);
  const { shape, voxelSizeAngstrom, statedVoxelSizeAngstrom } = reader;
  if (voxelCount(shape) > MOST_VOXELS)
    throw new FormatError(
      `${shape.join(" x ")} voxels are more than the ${MOST_VOXELS} that can be held`,
      options.name,
    );
  const data = await reader.read([0, 0, 0], shape);
  return {
    volume: { data, shape, voxelSizeAngstrom: voxelSizeAngstrom ?? Number.NaN },
    voxelSizeAngstrom,
    statedVoxelSizeAngstrom,
    warnings: [...reader.warnings, ...valueWarnings(statisticsOf(data))],
  };
}

/** Images of one size and type; ImageJ writes large stacks as one image and leaves the others to follow it. */
function stackOf(images: readonly TiffImage[], { sizes }: StackDescription, source: RandomAccessSource, name: string) {
  const [first] = images;
  const odd = images.findIndex(
    ({ width, height, type }) => width !== first.width || height !== first.height || type !== first.type,
  );
  if (odd >= 0)
    throw new FormatError(
      `image ${odd + 1} is ${images[odd].width} x ${images[odd].height} of ${images[odd].type}, the first ${first.width} x ${first.height} of ${first.type}`,
      name,
      { hint: "A stack has images of one size and type; save the others apart." },
    );
  const count = sizes?.reduce((product, [, length]) => product * length, 1) ?? images.length;
  if (count <= images.length || images.length > 1 || first.compression !== 1) return images;
  const bytes = first.width * first.height * elementBytes(first.type);
  if (first.offsets[0] + count * bytes > source.byteLength)
    throw new FormatError(`it says that it has ${count} images, and there is room for fewer`, name, {
      hint: "The file is truncated; copy it again.",
    });
  return Array.from(
    { length: count },
    (_, i): TiffImage => ({
      ...first,
      pieceWidth: first.width,
      pieceHeight: first.height,
      offsets: [first.offsets[0] + i * bytes],
      byteCounts: [bytes],
    }),
  );
}

/** The sections of one channel and time point. */
function chosenSections(
  images: readonly TiffImage[],
  { sizes }: StackDescription,
  { name, indices: given }: OpenVolumeOptions,
): readonly TiffImage[] {
  const indices = given ?? {};
  const product = sizes?.reduce((all, [, length]) => all * length, 1);
  const known: NonNullable<StackDescription["sizes"]> =
    sizes && product === images.length ? sizes : [["z", images.length]];
  const absent = Object.keys(indices).find((key) => !known.some(([axis]) => axis === key && axis !== "z"));
  if (absent !== undefined)
    throw new FormatError(`there is no axis ${JSON.stringify(absent.slice(0, 20))} to choose from`, name);
  let stride = 1;
  let offset = 0;
  let [count, step] = [1, 1];
  for (const [axis, length] of known) {
    if (axis === "z") [count, step] = [length, stride];
    else {
      const chosen = Object.hasOwn(indices, axis) ? indices[axis] : length === 1 ? 0 : undefined;
      if (chosen === undefined || !(Number.isInteger(chosen) && chosen >= 0 && chosen < length))
        throw new FormatError(
          chosen === undefined
            ? `it holds ${length} volumes along axis ${axis}`
            : `axis ${axis} has no element ${chosen}`,
          name,
          { hint: `Choose one with --index ${axis}=0, up to ${length - 1}, when converting it.` },
        );
      offset += chosen * stride;
    }
    stride *= length;
  }
  return Array.from({ length: count }, (_, z) => images[offset + z * step]);
}

/** In Å along x; undefined, with a warning, where nothing plausible is stated. */
function voxelSizeOf(
  fields: TiffFields,
  description: StackDescription,
  depth: number,
  warnings: string[],
): number | undefined {
  const unit = description.unitAngstrom ?? UNITS.get(tiffNumber(fields, "resolutionUnit") ?? 2);
  const edge = (field: "xResolution" | "yResolution") =>
    (unit ?? Number.NaN) / (tiffNumber(fields, field) ?? Number.NaN);
  const x = description.xAngstrom ?? edge("xResolution");
  const y = description.yAngstrom ?? edge("yResolution");
  if (description.unknownUnit !== undefined)
    warnings.push(`no unit of length that is known: ${JSON.stringify(description.unknownUnit.slice(0, 40))}`);
  if (!(x >= VOXEL_SIZE_RANGE[0] && x <= VOXEL_SIZE_RANGE[1])) {
    warnings.push("the TIFF file states no voxel size");
    return undefined;
  }
  const { zAngstrom: z = depth > 1 ? undefined : x } = description;
  if (z === undefined)
    warnings.push(`the TIFF file does not say how far apart sections are; taken as in x (${shortened(x)} Å)`);
  if ([y, z ?? x].some((size) => !(Math.abs(size / x - 1) <= 0.01)))
    warnings.push(`voxels are not cubic (${[x, y, z ?? x].map(shortened).join(" x ")} Å); x is used`);
  return shortened(x);
}

const UNITS: ReadonlyMap<number, number> = new Map([
  [2, INCH_IN_ANGSTROM],
  [3, CENTIMETRE_IN_ANGSTROM],
]);

/** Resolutions are ratios of whole numbers. */
function shortened(size: number): number {
  return Number(size.toPrecision(6));
}
