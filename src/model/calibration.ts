/**
 * How the similarities of a classifier become probabilities: a softmax over the classes of similarity times a scale,
 *
 *     log scale = intercept + examples log k + nearness n + lead log l
 *
 * with k the number of examples of a class and, over all particles that are classified together, n the nearness of their mean
 * similarity to the class that each is most similar to (`-log(1.02 - s)`), and l the mean lead of that class over the next. The
 * noise shows in both; one scale for all would be too modest for clear particles and too sure of noisy ones.
 */
export interface Calibration {
  readonly intercept: number;
  readonly examples: number;
  readonly nearness: number;
  readonly lead: number;
}
