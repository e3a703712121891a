/** Looking through the candidates: which of them, in what order, and what a person says of them. */
import { batch, computed, signal } from "@preact/signals";
import type { CandidateFlag } from "../../protocol/index.js";
import { doubtOf } from "../review/picks-in-numbers.js";
import { flagsOf } from "./outcome/flags.js";
import { take } from "./project.js";
import { candidates, candidatesById, type NamedCandidate } from "./results.js";
import { chooseTomogram } from "./tomograms.js";
import { selection } from "./view.js";

export const ORDERS = {
  doubt: "doubtful first",
  probability: "probable first",
  position: "by position",
} as const;
export type Order = keyof typeof ORDERS;

export const KINDS = { picks: "picks", others: "not picked", judged: "judged" } as const;
export type Kind = keyof typeof KINDS;

export const order = signal<Order>("doubt");
export const kind = signal<Kind>("picks");
/** Only candidates of this class; undefined: of all. */
export const classFilter = signal<string | undefined>();

/** Only candidates with this flag, or with any; undefined: whatever flags they have. */
export const flagFilter = signal<CandidateFlag | "any" | undefined>();

/** What the gallery shows, in its order. */
export const gallery = computed<readonly NamedCandidate[]>(() => {
  const shown = candidates.value.filter(
    (candidate) =>
      isOfKind(candidate, kind.value) &&
      (classFilter.value === undefined || (candidate.classId ?? candidate.foundClassId) === classFilter.value) &&
      hasFlag(candidate, flagFilter.value),
  );
  return order.value === "position" ? shown : shown.sort(COMPARE[order.value]);
});

export const selectedCandidate = computed(() => candidatesById.value.get(selection.value ?? ""));

const COMPARE = {
  doubt: (a: NamedCandidate, b: NamedCandidate) => doubtOf(b) - doubtOf(a) || a.index - b.index,
  probability: (a: NamedCandidate, b: NamedCandidate) => b.probability - a.probability || a.index - b.index,
};

function isOfKind({ isPick, isJudged }: NamedCandidate, wanted: Kind): boolean {
  return wanted === "judged" ? isJudged : isPick === (wanted === "picks");
}

function hasFlag(candidate: NamedCandidate, wanted: CandidateFlag | "any" | undefined): boolean {
  if (wanted === undefined) return true;
  const flags = flagsOf(candidate);
  return wanted === "any" ? flags.length > 0 : flags.includes(wanted);
}

/** Selects a candidate and goes to where it is. */
export function goToCandidate(candidate: NamedCandidate): void {
  batch(() => {
    chooseTomogram(candidate.tomogramId, candidate.position);
    selection.value = candidate.id;
  });
}

/** Goes on in the gallery by so many; to its first where nothing of it is selected. */
export function stepInGallery(by: number): void {
  const list = gallery.value;
  const now = list.findIndex(({ id }) => id === selection.value);
  const next = now < 0 ? list[0] : list[Math.min(list.length - 1, Math.max(0, now + by))];
  if (next) goToCandidate(next);
}

/** Says what a candidate is (null: none of the classes), and goes on to the next in the gallery. */
export async function judge(candidate: NamedCandidate, classId: string | null): Promise<void> {
  const list = gallery.value;
  const place = list.findIndex(({ id }) => id === candidate.id);
  const next = place < 0 ? undefined : (list[place + 1] ?? list[place - 1]);
  const { tomogramId, position } = candidate;
  if ((await take({ type: "judge", tomogramId, position, classId })) && next) goToCandidate(next);
}

/** Says that it is what the run took it for. */
export async function accept(candidate: NamedCandidate): Promise<void> {
  const classId = candidate.classId ?? candidate.foundClassId;
  if (classId !== undefined) await judge(candidate, classId);
}

/** Takes back what was said of it. */
export async function withdraw({ tomogramId, position }: NamedCandidate): Promise<void> {
  await take({ type: "withdraw-verdict", tomogramId, position });
}
