/** Values in 8 bits times the sum of two gates, one for each channel and one for each voxel. */
import type { Operation } from "../../operation.js";
import type { Tensor } from "../../tensor.js";
import { DOUBLE, type Emitter, FLOAT, type Lowering } from "../emitter.js";
import { lowerings } from "../lowering.js";
import { multiply } from "./convolution.js";
import type { QuantisedStep, VoxelGate } from "./plan.js";
import { combine, flatVoxels, LARGEST, lastOf, type Packed, parameters } from "./values.js";

/** The range of a sigmoid. */
const GATE = { scale: 1 / LARGEST, zero: 0 };
/** Of two together. By 2 / 255 every second sum would lie between two numbers, and ONNX Runtime's libraries do not agree which to take. */
const TWO_GATES = { scale: 2 / (LARGEST - 1), zero: 0 };

/** A gated value, by the scales of the result and of the sums that the voxels' gates are made of. */
export function gate(
  emitter: Emitter,
  step: QuantisedStep & { readonly kind: "gate" },
  packed: ReadonlyMap<Tensor, Packed>,
  scales: Readonly<Record<"output" | "logits", Pick<Packed, "scale" | "zero">>>,
): Omit<Packed, "axis"> {
  const x = packed.get(step.input)!;
  const voxel = voxelGate(emitter, packed.get(step.voxelGate.input)!, step.voxelGate, scales.logits);
  const [volumes, depth, plane, channels] = lastOf(step.input.shape, x.axis);
  const byVolume = { value: emitter.reshape(voxel, [volumes, depth, plane, channels]), ...GATE };
  const channel = channelGate(emitter, inFloat64(emitter, step.channelGate, packed), plane, channels);
  const sum = { value: combine(emitter, "QLinearAdd", byVolume, channel, TWO_GATES), ...TWO_GATES };
  return { value: combine(emitter, "QLinearMul", x, sum, scales.output), ...scales.output };
}

/**
 * A gate of means over voxels, computed in float64. Sums in float32 end in other digits on each kind of processor, and where one then
 * lies between two numbers of 8 bits a whole channel follows: of 20 boxes one had masks in Node and in WebAssembly that differed by .1.
 */
function inFloat64(emitter: Emitter, gate: Tensor, packed: ReadonlyMap<Tensor, Packed>): string {
  const precise: Emitter = {
    ...emitter,
    floats: (values, shape) => emitter.doubles(values, shape),
    options: { ...emitter.options, target: "portable" },
  };
  const lower = (tensor: Tensor): string => {
    const { operation, inputs, shape } = tensor;
    if (operation.kind === "reduce") {
      // Sums of whole numbers are exact in float32 up to 2^24: of 65,793 voxels.
      const x = packed.get(inputs[0])!;
      const whole = flatVoxels(emitter, { ...x, scale: 1 }, inputs[0].shape);
      const mean = emitter.emit("ReduceMean", [whole], { axes: [1], keepdims: 1 });
      const scale = emitter.doubles(Float32Array.of(x.scale), []);
      return emitter.reshape(emitter.emit("Mul", [emitter.emit("Cast", [mean], { to: DOUBLE }), scale]), shape);
    }
    // The table is keyed by kind, so the rule's operation type is the tensor's; TypeScript cannot correlate the two.
    const rule = lowerings[operation.kind] as Lowering<Operation["kind"]>;
    return rule(precise, operation, inputs.map(lower), tensor);
  };
  return emitter.emit("Cast", [lower(gate)], { to: FLOAT });
}

/**
 * A gate for each channel `[N, 1, C, 1]` in 8 bits, `[N, 1, plane, C]`: written out for a plane, because ONNX Runtime broadcasts runs of
 * the last axes, and one call for each voxel's channels takes longer than the convolution.
 */
function channelGate(emitter: Emitter, value: string, plane: number, channels: number): Omit<Packed, "axis"> {
  const quantised = emitter.emit("QuantizeLinear", [value, ...parameters(emitter, GATE)]);
  const row = emitter.reshape(quantised, [-1, 1, 1, channels]);
  return { value: emitter.emit("Expand", [row, emitter.integers([1, 1, plane, channels])]), ...GATE };
}

/** The sigmoid of a sum over the channels of each voxel in 8 bits, the same for every channel: `[M, V, C]`. */
function voxelGate(
  emitter: Emitter,
  x: Packed,
  { weights, bias, input }: VoxelGate,
  logits: Pick<Packed, "scale" | "zero">,
): string {
  const channels = weights.shape[1];
  const everyChannel = Array.from({ length: channels }, () => [...weights.operation.value]).flat();
  const kernel = {
    kernel: Float32Array.from(everyChannel),
    shape: [channels, channels, 1],
    bias: new Float32Array(channels).fill(bias),
  };
  const slices = emitter.reshape(x.value, lastOf(input.shape, 1));
  const sums = multiply(emitter, { ...x, value: slices }, kernel, logits, { kernel_shape: [1] });
  return emitter.emit("QLinearSigmoid", [sums, ...parameters(emitter, logits), ...parameters(emitter, GATE)]);
}
