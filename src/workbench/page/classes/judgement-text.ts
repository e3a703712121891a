import type { ClickedExample, ExampleJudgement } from "../../protocol/index.js";

export interface JudgementText {
  readonly kind: "good" | "bad" | "quiet";
  readonly text: string;
}

/** What the other examples say of one, in a few words; nothing where there is nothing to say. */
export function judgementText(
  { classId }: Pick<ClickedExample, "classId">,
  judgement: ExampleJudgement | undefined,
  nameOf: (classId: string | null) => string,
): JudgementText | undefined {
  if (!judgement) return undefined;
  const { judgedClassId, similarity, warning } = judgement;
  if (warning) return { kind: "bad", text: warning };
  if (judgedClassId === undefined) return undefined;
  if (judgedClassId !== classId)
    return { kind: "bad", text: `The other examples take it for ${nameOf(judgedClassId)}.` };
  const degree = similarity === undefined ? "" : ` (similarity ${similarity.toFixed(2)})`;
  return { kind: "good", text: `The other examples agree${degree}.` };
}
