/** In place of `node:util`. */
type Callback<Result> = (error: Error | null, result: Result) => void;

export function promisify<Parameters extends unknown[], Result>(
  work: (...parameters: [...Parameters, Callback<Result>]) => void,
): (...parameters: Parameters) => Promise<Result> {
  return (...parameters) =>
    new Promise((resolve, reject) => {
      work(...parameters, (error, result) => {
        if (error) reject(error);
        else resolve(result);
      });
    });
}
