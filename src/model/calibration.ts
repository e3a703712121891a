/**
 * How the similarities of a classifier become probabilities: a softmax over the classes of similarity times a scale,
 *
 *     log scale = intercept + examples log k + within n(w) + between n(b)
 *
 * with k the number of examples of a class, w the mean similarity of two particles of the same class, as far as they are seen
 * to be, b that of any two, and n(s) = -log(1.02 - s). Both are taken over all particles that are classified together: noise
 * lowers the first and raises the second, so one scale for all would be too modest for clear particles and too sure of noisy ones.
 */
export interface Calibration {
  readonly intercept: number;
  readonly examples: number;
  readonly within: number;
  readonly between: number;
}
