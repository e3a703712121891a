/** Numbers lattice vertices in the order in which they are met: a hash table from keys, which are whole numbers up to 2^53. */
export interface VertexTable {
  /** The number of the vertex with this key, a new one if it is the first. */
  add(key: number): number;
  size(): number;
  /** For every vertex the number of the one at key + step and at key - step; `size()` where there is none. */
  neighbours(step: number): { readonly above: Int32Array; readonly below: Int32Array };
}

export function createVertexTable(expected: number): VertexTable {
  let bits = Math.max(6, Math.ceil(Math.log2(expected)) + 1);
  let slots = new Int32Array(2 ** bits); // number of the vertex plus 1; 0 is empty
  let keys = new Float64Array(2 ** (bits - 1));
  let size = 0;

  const slotOf = (key: number): number => {
    const mixed = Math.imul((key | 0) ^ Math.imul((key / 2 ** 32) | 0, 0x27d4eb2f), 0x9e3779b1);
    const mask = slots.length - 1;
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    for (let held = slots[slot]; held !== 0 && keys[held - 1] !== key; held = slots[slot]) slot = (slot + 1) & mask;
    return slot;
  };
  const grow = () => {
    bits++;
    slots = new Int32Array(2 ** bits);
    const larger = new Float64Array(2 ** (bits - 1));
    larger.set(keys);
    keys = larger;
    for (let v = 0; v < size; v++) slots[slotOf(keys[v])] = v + 1;
  };
  return {
    add(key) {
      let slot = slotOf(key);
      if (slots[slot] !== 0) return slots[slot] - 1;
      if (size === keys.length) {
        grow();
        slot = slotOf(key);
      }
      keys[size] = key;
      slots[slot] = ++size;
      return size - 1;
    },
    size: () => size,
    neighbours(step) {
      const [above, below] = [new Int32Array(size).fill(size), new Int32Array(size).fill(size)];
      for (let v = 0; v < size; v++) {
        const held = slots[slotOf(keys[v] + step)];
        if (held === 0) continue;
        above[v] = held - 1;
        below[held - 1] = v;
      }
      return { above, below };
    },
  };
}
