/** Types of values on the stack. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/** Instructions as bytes, and the type of the value that they leave on the stack. */
export interface Code<T extends ValueType | "nothing"> {
  readonly type: T;
  readonly bytes: readonly number[];
}

/** An instruction that leaves nothing on the stack. */
export type Statement = Code<"nothing">;

/** A parameter or local variable; as an operand it is its value. */
export interface Local<T extends ValueType> extends Code<T> {
  readonly index: number;
}

type Operands<Types extends readonly ValueType[]> = { readonly [K in keyof Types]: Code<Types[K]> };

/** An instruction: the operands it takes, what it leaves, and its opcode. Written folded: `i32.add(one, other)`. */
function instruction<const Types extends readonly ValueType[], R extends ValueType | "nothing">(
  _operands: Types,
  type: R,
  ...opcode: readonly number[]
) {
  return (...operands: Operands<Types>): Code<R> => ({ type, bytes: [...bytesOf(operands), ...opcode] });
}

/** A vector instruction by its number after the prefix. */
function simd<const Types extends readonly ValueType[], R extends ValueType>(operands: Types, type: R, opcode: number) {
  return instruction(operands, type, 0xfd, ...unsigned(opcode));
}

export interface MemoryAccess {
  /** Bytes added to the address. */
  readonly offset?: number;
  /** Bytes that the address is a multiple of: a promise, a power of two. Default 4, the width of a float. */
  readonly align?: number;
}

const memory = ({ offset = 0, align = 4 }: MemoryAccess) => [Math.log2(align), ...unsigned(offset)];

const load =
  <T extends ValueType>(type: T, ...opcode: readonly number[]) =>
  (address: Code<"i32">, access: MemoryAccess = {}): Code<T> => ({
    type,
    bytes: [...address.bytes, ...opcode, ...memory(access)],
  });
const store =
  <T extends ValueType>(_type: T, ...opcode: readonly number[]) =>
  (address: Code<"i32">, value: Code<T>, access: MemoryAccess = {}): Statement => ({
    type: "nothing",
    bytes: [...address.bytes, ...value.bytes, ...opcode, ...memory(access)],
  });

export const local = {
  get: <T extends ValueType>(type: T, index: number): Local<T> => ({ type, index, bytes: [0x20, ...unsigned(index)] }),
  set: <T extends ValueType>({ index }: Local<T>, value: Code<T>): Statement => ({
    type: "nothing",
    bytes: [...value.bytes, 0x21, ...unsigned(index)],
  }),
  /** Sets, and leaves the value. */
  tee: <T extends ValueType>({ type, index }: Local<T>, value: Code<T>): Code<T> => ({
    type,
    bytes: [...value.bytes, 0x22, ...unsigned(index)],
  }),
};

export const i32 = {
  const: (value: number): Code<"i32"> => ({ type: "i32", bytes: [0x41, ...signed(value)] }),
  load: load("i32", 0x28),
  load16_u: load("i32", 0x2f),
  add: instruction(["i32", "i32"], "i32", 0x6a),
  sub: instruction(["i32", "i32"], "i32", 0x6b),
  mul: instruction(["i32", "i32"], "i32", 0x6c),
  shl: instruction(["i32", "i32"], "i32", 0x74),
  lt_u: instruction(["i32", "i32"], "i32", 0x49),
  ge_u: instruction(["i32", "i32"], "i32", 0x4f),
  wrap_i64: instruction(["i64"], "i32", 0xa7),
};

export const i64 = { reinterpret_f64: instruction(["f64"], "i64", 0xbd) };

export const f32 = {
  load: load("f32", 0x2a),
  store: store("f32", 0x38),
  add: instruction(["f32", "f32"], "f32", 0x92),
  mul: instruction(["f32", "f32"], "f32", 0x94),
  demote_f64: instruction(["f64"], "f32", 0xb6),
};

export const f64 = {
  const: (value: number): Code<"f64"> => ({
    type: "f64",
    bytes: [0x44, ...littleEndian(8, (v) => v.setFloat64(0, value, true))],
  }),
  add: instruction(["f64", "f64"], "f64", 0xa0),
  sub: instruction(["f64", "f64"], "f64", 0xa1),
};

/** The same four bytes in all lanes. */
const lanes = (write: (view: DataView) => void): Code<"v128"> => ({
  type: "v128",
  bytes: [0xfd, 0x0c, ...new Array(4).fill(littleEndian(4, write)).flat()],
});

export const v128 = {
  load: load("v128", 0xfd, 0x00),
  load32_splat: load("v128", 0xfd, 0x09),
  load64_splat: load("v128", 0xfd, 0x0a),
  store: store("v128", 0xfd, 0x0b),
  /** The lowest four bytes. */
  store32: (address: Code<"i32">, vector: Code<"v128">, access: MemoryAccess = {}): Statement => ({
    type: "nothing",
    bytes: [...address.bytes, ...vector.bytes, 0xfd, 0x5a, ...memory(access), 0],
  }),
  and: simd(["v128", "v128"], "v128", 0x4e),
  xor: simd(["v128", "v128"], "v128", 0x51),
};

export const i8x16 = {
  /** `v128.const` of 16 equal lanes. */
  const: (value: number) => lanes((view) => view.setInt32(0, 0x01010101 * value, true)),
  /** Bytes of both operands, those of the other from 16 on. */
  shuffle: (one: Code<"v128">, other: Code<"v128">, indices: readonly number[]): Code<"v128"> => ({
    type: "v128",
    bytes: [...one.bytes, ...other.bytes, 0xfd, 0x0d, ...indices],
  }),
  narrow_i16x8_s: simd(["v128", "v128"], "v128", 0x65),
};

export const i16x8 = {
  narrow_i32x4_s: simd(["v128", "v128"], "v128", 0x85),
};

export const i32x4 = {
  /** `v128.const` of four equal lanes. */
  const: (value: number) => lanes((view) => view.setInt32(0, value, true)),
  add: simd(["v128", "v128"], "v128", 0xae),
  sub: simd(["v128", "v128"], "v128", 0xb1),
  shl: simd(["v128", "i32"], "v128", 0xab),
  shr_s: simd(["v128", "i32"], "v128", 0xac),
  trunc_sat_f32x4_s: simd(["v128"], "v128", 0xf8),
};

export const f32x4 = {
  /** `v128.const` of four equal lanes. */
  const: (value: number) => lanes((view) => view.setFloat32(0, value, true)),
  splat: simd(["f32"], "v128", 0x13),
  extract_lane: (vector: Code<"v128">, lane: number): Code<"f32"> => ({
    type: "f32",
    bytes: [...vector.bytes, 0xfd, 0x1f, lane],
  }),
  abs: simd(["v128"], "v128", 0xe0),
  nearest: simd(["v128"], "v128", 0x6a),
  add: simd(["v128", "v128"], "v128", 0xe4),
  sub: simd(["v128", "v128"], "v128", 0xe5),
  mul: simd(["v128", "v128"], "v128", 0xe6),
  div: simd(["v128", "v128"], "v128", 0xe7),
  min: simd(["v128", "v128"], "v128", 0xe8),
  max: simd(["v128", "v128"], "v128", 0xe9),
  convert_i32x4_s: simd(["v128"], "v128", 0xfa),
};

export const f64x2 = {
  add: simd(["v128", "v128"], "v128", 0xf0),
  sub: simd(["v128", "v128"], "v128", 0xf1),
  mul: simd(["v128", "v128"], "v128", 0xf2),
};

const structured = (opcode: number, body: readonly Statement[]): Statement => ({
  type: "nothing",
  bytes: [opcode, 0x40, ...bytesOf(body), 0x0b],
});
/** A branch to it goes behind its end. */
export const block = (...body: readonly Statement[]): Statement => structured(0x02, body);
/** A branch to it goes back to its beginning. */
export const loop = (...body: readonly Statement[]): Statement => structured(0x03, body);
/** Branches count blocks and loops from the innermost, 0. */
export const br = (depth: number): Statement => ({ type: "nothing", bytes: [0x0c, depth] });
export const br_if = (depth: number, condition: Code<"i32">): Statement => ({
  type: "nothing",
  bytes: [...condition.bytes, 0x0d, depth],
});

/** The bytes of instructions one after the other. */
export function bytesOf(codes: readonly Code<ValueType | "nothing">[]): number[] {
  return codes.flatMap(({ bytes }) => bytes);
}

function littleEndian(length: number, write: (view: DataView) => void): number[] {
  const view = new DataView(new ArrayBuffer(length));
  write(view);
  return [...new Uint8Array(view.buffer)];
}

/** A number from 0 as unsigned LEB128 (core specification 2.0, section 5.2.2). */
export function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}
