/** Which groups of candidates are pieces of one complex: those whose averages are alike. */
import { median } from "../../../../volume/index.js";
import type { NearestNeighbours } from "../../../cluster/nearest.js";
import type { OrientedCandidates } from "../../../cluster/oriented-neighbours.js";
import type { Embedded } from "../../../embedder.js";
import { type Averager, SPECTRUM_LENGTH } from "../../../orientation/index.js";
import { cosineMatrix } from "../../../similarity.js";
import { meanDirections, membersOf } from "./centres.js";

/** Averages of the two halves of a group, which have no member in common; plain data. */
export interface GroupAverage {
  readonly halves: readonly [Float32Array, Float32Array];
  /** Their correlation in the best pose. */
  readonly reliability: number;
  /** How members correlate with the half that they are not of: the middle one of them, and how far others are from it. */
  readonly fit: { readonly median: number; readonly deviation: number };
}

interface JoinedPieces {
  /** Group of each candidate, from 0 without gaps. */
  readonly labels: Int32Array;
  /** Of each group; undefined of those that are too small, or whose halves are too unlike, to tell what they are. */
  readonly averages: readonly (GroupAverage | undefined)[];
}

/** Fewer members have no average to speak of. */
export const LEAST_MEMBERS = 6;
/** The most central of more members make the average. */
const MOST_MEMBERS = 24;
/** Halves of false candidates, each turned until it fits, correlate by .45 to .6; those of complexes by .7 to .95. */
const LEAST_RELIABILITY = 0.6;
/** Of averages that are compared with each other: chance is much of what others have in common. */
export const SURE_RELIABILITY = 0.65;
/** What averages of anything correlate by in their best pose, in the mean. */
export const CHANCE = 0.45;
/**
 * Averages are of one complex from this fraction of what their reliability allows on, both beyond chance: pieces of one reach .75 to 1.1,
 * two relatives .6 at the most.
 */
const ALIKE = 0.75;
/** Each is compared with so many others, the nearest by embeddings. */
const COMPARED_PIECES = 8;
/** Members vary by so much at least. */
const LEAST_DEVIATION = 0.03;

interface Piece {
  /** Of its average. */
  readonly id: number;
  readonly members: readonly number[];
  readonly average: PieceAverage | undefined;
  /** The average is of a part that others have been joined to since. */
  readonly isOfPart?: boolean;
}

interface PieceAverage extends Omit<GroupAverage, "fit"> {
  /** The members that each half is made of. */
  readonly halvesOf: readonly [readonly number[], readonly number[]];
}

/** One that tells what it is. */
type ToldPiece = Piece & { readonly average: PieceAverage };

/**
 * Joins pieces of one complex. A correlation of two candidates is mostly of noise; averages of a dozen each tell by far more. How
 * reliable an average is, its halves show: two averages of one complex correlate as the geometric mean of both reliabilities, but for the
 * noise (correction for attenuation; C. Spearman 1904).
 * @param labels of the pieces, from 0 without gaps
 * @param nearest by which the most central members are found
 * @throws ModelError, AbortError.
 */
export async function joinPieces(
  labels: Int32Array,
  { embeddings, size, spectra }: OrientedCandidates,
  nearest: NearestNeighbours,
  averager: Averager,
): Promise<JoinedPieces> {
  const boxes = (rows: readonly number[]) =>
    rows.map((row) => spectra.subarray(row * SPECTRUM_LENGTH, (row + 1) * SPECTRUM_LENGTH));
  let made = 0;
  const pieceOf = async (members: readonly number[]): Promise<Piece> => {
    const piece = { id: made++, members, average: undefined };
    if (members.length < LEAST_MEMBERS) return piece;
    const chosen = centralFirst(members, nearest).slice(0, MOST_MEMBERS);
    const halvesOf = [chosen.filter((_, i) => i % 2 === 0), chosen.filter((_, i) => i % 2 === 1)] as const;
    const halves = [await averager.average(boxes(halvesOf[0])), await averager.average(boxes(halvesOf[1]))] as const;
    const [[reliability]] = await averager.likeness([halves[0]], [halves[1]]);
    return reliability < LEAST_RELIABILITY ? piece : { ...piece, average: { halves, reliability, halvesOf } };
  };
  // While pieces are joined, an average of as many members as there may be stands for all that is joined to it.
  const joinedPiece = async ({ a, b }: Pair): Promise<Piece> => {
    const members = [...a.members, ...b.members].sort((i, j) => i - j);
    const full = [a, b].filter((piece) => madeOf(piece) >= MOST_MEMBERS);
    if (full.length === 0) return await pieceOf(members);
    const [kept] = full.sort((one, other) => other.average.reliability - one.average.reliability || one.id - other.id);
    return { ...kept, members, isOfPart: true };
  };
  const withFit = async ({ halves, reliability, halvesOf: [first, second] }: PieceAverage): Promise<GroupAverage> => {
    const ofFirst = await averager.fits(halves[1], boxes(first));
    const ofSecond = await averager.fits(halves[0], boxes(second));
    return { halves, reliability, fit: spreadOf([...ofFirst, ...ofSecond]) };
  };
  let pieces: Piece[] = [];
  for (const members of membersOf(labels)) pieces.push(await pieceOf(members));
  const known = new Map<string, number>();
  for (;;) {
    const told = pieces.filter(isTold).filter(({ average }) => average.reliability >= SURE_RELIABILITY);
    const centres = meanDirections(
      told.map(({ members }) => members),
      { embeddings, size },
    );
    const pairs = alikeFirst(await likenesses(told, centres, { averager, known }));
    if (pairs.length === 0) break;
    pieces = pieces.filter((piece) => !pairs.some(({ a, b }) => a === piece || b === piece));
    for (const pair of pairs) pieces.push(await joinedPiece(pair));
  }
  const whole: Piece[] = [];
  for (const piece of pieces) whole.push(piece.isOfPart ? await pieceOf(piece.members) : piece);
  pieces = withoutSmall(whole, nearest);
  const averages: (GroupAverage | undefined)[] = [];
  for (const { average } of pieces) averages.push(average && (await withFit(average)));
  const joined = new Int32Array(labels.length);
  for (const [label, { members }] of pieces.entries()) for (const row of members) joined[row] = label;
  return { labels: joined, averages };
}

/** Members of pieces too small to tell anything go where more than half of their neighbours are, if these are in one other piece. */
function withoutSmall(pieces: readonly Piece[], { indices, neighbours }: NearestNeighbours): Piece[] {
  const pieceOf = new Map<number, Piece>();
  for (const piece of pieces)
    if (piece.members.length >= LEAST_MEMBERS) for (const row of piece.members) pieceOf.set(row, piece);
  const joining = new Map<Piece, number[]>();
  const left: Piece[] = [];
  for (const piece of pieces) {
    if (piece.members.length >= LEAST_MEMBERS) continue;
    const staying: number[] = [];
    for (const row of piece.members) {
      const votes = new Map<Piece, number>();
      for (const other of indices.subarray(row * neighbours, (row + 1) * neighbours)) {
        const own = pieceOf.get(other);
        if (own) votes.set(own, (votes.get(own) ?? 0) + 1);
      }
      const [chosen] = [...votes].find(([, count]) => 2 * count > neighbours) ?? [];
      if (chosen) joining.set(chosen, [...(joining.get(chosen) ?? []), row]);
      else staying.push(row);
    }
    if (staying.length > 0) left.push({ ...piece, members: staying });
  }
  const kept = pieces.filter(({ members }) => members.length >= LEAST_MEMBERS);
  return [
    ...kept.map((piece) => ({
      ...piece,
      members: [...piece.members, ...(joining.get(piece) ?? [])].sort((i, j) => i - j),
    })),
    ...left,
  ];
}

const madeOf = ({ average: { halvesOf } }: ToldPiece): number => halvesOf[0].length + halvesOf[1].length;

const isTold = (piece: Piece): piece is ToldPiece => piece.average !== undefined;

/** Members that have most neighbours among the others first. */
function centralFirst(members: readonly number[], { indices, neighbours }: NearestNeighbours): number[] {
  const links = new Map(members.map((row) => [row, 0]));
  for (const row of members)
    for (const other of indices.subarray(row * neighbours, (row + 1) * neighbours)) {
      const count = links.get(other);
      if (count === undefined) continue;
      links.set(other, count + 1);
      links.set(row, (links.get(row) ?? 0) + 1);
    }
  return [...members].sort((a, b) => (links.get(b) ?? 0) - (links.get(a) ?? 0) || a - b);
}

interface Pair {
  readonly a: ToldPiece;
  readonly b: ToldPiece;
  /** The mean correlation of their halves over what their reliability allows, both beyond chance. */
  readonly likeness: number;
}

/** Of pieces with those nearest to them by embeddings; what was computed is kept. */
async function likenesses(
  pieces: readonly ToldPiece[],
  centres: Embedded,
  { averager, known }: { readonly averager: Averager; readonly known: Map<string, number> },
): Promise<Pair[]> {
  const cosines = cosineMatrix(centres, centres);
  const keyOf = (a: Piece, b: Piece) => `${Math.min(a.id, b.id)} ${Math.max(a.id, b.id)}`;
  const pairs: Pair[] = [];
  for (const [i, a] of pieces.entries()) {
    const row = cosines.subarray(i * pieces.length, (i + 1) * pieces.length);
    const others = [...pieces.keys()]
      .filter((j) => j !== i)
      .sort((j, k) => row[k] - row[j] || j - k)
      .slice(0, COMPARED_PIECES)
      .map((j) => pieces[j]);
    const missing = others.filter((b) => !known.has(keyOf(a, b)));
    const halves = missing.flatMap(({ average }) => average.halves);
    const correlations = await averager.likeness(a.average.halves, halves);
    for (const [j, b] of missing.entries()) {
      const sum = correlations.reduce((total, own) => total + own[2 * j] + own[2 * j + 1], 0);
      const most = Math.sqrt(a.average.reliability * b.average.reliability);
      known.set(keyOf(a, b), (sum / 4 - CHANCE) / (most - CHANCE));
    }
    for (const b of others) pairs.push({ a, b, likeness: known.get(keyOf(a, b)) ?? 0 });
  }
  return pairs;
}

/** Pairs of one complex, the surest first, each piece in one of them at most. */
function alikeFirst(pairs: readonly Pair[]): Pair[] {
  const taken = new Set<Piece>();
  return pairs
    .filter(({ likeness }) => likeness >= ALIKE)
    .sort((one, other) => other.likeness - one.likeness || one.a.id - other.a.id || one.b.id - other.b.id)
    .filter(({ a, b }) => {
      if (taken.has(a) || taken.has(b)) return false;
      taken.add(a).add(b);
      return true;
    });
}

/** The middle value, and the standard deviation that the middle distance from it speaks for. */
function spreadOf(values: readonly number[]): GroupAverage["fit"] {
  const middle = median(values);
  const distance = median(values.map((value) => Math.abs(value - middle)));
  return { median: middle, deviation: Math.max(LEAST_DEVIATION, 1.4826 * distance) };
}
