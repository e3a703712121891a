import { elementCount } from "./shape.js";
import { type Tensor, topologicalOrder } from "./tensor.js";

/**
 * Floating-point operations of the convolutions and matrix products that the outputs depend on, a multiply-add as two. All
 * else (norms, activations, additions, moving data) is left out, as is usual where networks are compared. Each node counts
 * once, however many use it; of a training step this is forward and backward pass together.
 */
export function floatingPointOperations(outputs: readonly Tensor[]): number {
  return topologicalOrder(outputs).reduce((sum, tensor) => sum + 2 * multiplyAdds(tensor), 0);
}

function multiplyAdds({ operation, inputs, shape }: Tensor): number {
  switch (operation.kind) {
    case "matmul": {
      const { shape: left } = inputs[0];
      return elementCount(shape) * left[left.length - (operation.transposeA ? 2 : 1)];
    }
    case "largestIntegerProduct":
      return elementCount(inputs[0].shape) * inputs[1].shape[1] * inputs[1].shape[2];
    // A 3x3x3 convolution from C to O channels costs 27 C O a voxel of its output, and each of its adjoints the same.
    case "conv3d":
      return elementCount(shape) * 27 * inputs[0].shape[1];
    case "conv3dInputGradient":
      return elementCount(inputs[0].shape) * 27 * shape[1];
    case "conv3dFilterGradient":
      return elementCount(inputs[1].shape) * 27 * shape[1];
    default:
      return 0;
  }
}
