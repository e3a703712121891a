// One run of the fuzzer over a range of inputs. An input depends on the seed and its number alone.
import { faultOfError, oddNumber } from "./check.mjs";
import { mutated } from "./mutate.mjs";

/** Any parser is done with an input of the fuzzer's size in a fraction of this, also on a busy machine. */
const SLOWEST_MILLISECONDS = 1000;
const ATTEMPTS_WHEN_SLOW = 3;

/** The input of this number: which parser, and what it is given. Some seeds are bundles of files, of which one is broken. */
function inputOf({ targets, createRandom, seed }, number) {
  const target = targets[number % targets.length];
  const random = createRandom(`${seed} ${number}`);
  const base = random.pick(target.seeds);
  const other = random.pick(target.seeds);
  if (base instanceof Uint8Array) return { target, content: mutated(base, other, random) };
  const name = random.pick([...base.keys()]);
  const partner = random.pick([...other.values()]);
  return { target, content: new Map(base).set(name, mutated(base.get(name), partner, random)) };
}

/** What went wrong with an input, if anything, and how long it took. */
export async function tryInput({ target, content }, slowestMilliseconds = SLOWEST_MILLISECONDS) {
  let milliseconds = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS_WHEN_SLOW && milliseconds > slowestMilliseconds; attempt++) {
    const start = performance.now();
    let fault;
    try {
      const odd = oddNumber(await target.parse(content));
      if (odd !== undefined) fault = `not a finite number: ${odd}`;
    } catch (error) {
      fault = faultOfError(error);
    }
    milliseconds = Math.min(milliseconds, performance.now() - start);
    if (fault !== undefined) return { milliseconds, fault };
  }
  return {
    milliseconds,
    fault: milliseconds > slowestMilliseconds ? `took ${Math.round(milliseconds)} ms` : undefined,
  };
}

/**
 * Tries inputs `first`, `first + step`, ... until `isOver` says so.
 * @returns how many were tried, the slowest, and the faults (the first of each kind)
 */
export async function fuzz(session, { first = 0, step = 1, isOver, onInput = () => {} }) {
  const faults = new Map();
  let [inputs, slowest] = [0, { milliseconds: 0, number: first, target: "" }];
  for (let number = first; !isOver(inputs); number += step) {
    onInput(number, inputs);
    const input = inputOf(session, number);
    const { milliseconds, fault } = await tryInput(input, session.slowestMilliseconds);
    inputs++;
    const target = input.target.name;
    if (milliseconds > slowest.milliseconds) slowest = { milliseconds, number, target };
    const kind = fault && `${target} ${fault.split("\n").slice(0, 3).join(" ").replace(/\d+/g, "#").slice(0, 200)}`;
    if (fault !== undefined && !faults.has(kind)) faults.set(kind, { number, target, fault, content: input.content });
  }
  return { inputs, slowest, faults: [...faults.values()] };
}
