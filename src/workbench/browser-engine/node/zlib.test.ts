import { gzipSync, gunzip as nodeGunzip } from "node:zlib";
import { expect, test } from "vitest";
import { promisify } from "./util.js";
import { gunzip } from "./zlib.js";

const own = promisify(gunzip);

test("what Node compressed comes back, several members too", async () => {
  const bytes = Uint8Array.from({ length: 700_000 }, (_, index) => (index * index) >> 7);
  const zipped = Buffer.concat([gzipSync(bytes.subarray(0, 1000)), gzipSync(bytes.subarray(1000))]);
  expect(Buffer.compare(await own(zipped, {}), bytes)).toBe(0);
});

test("what is cut or expands beyond the limit is refused, as by Node", async () => {
  const zipped = gzipSync(new Uint8Array(100_000));
  const options = { maxOutputLength: 5000 };
  await expect(promisify(nodeGunzip)(zipped, options)).rejects.toMatchObject({ code: "ERR_BUFFER_TOO_LARGE" });
  await expect(own(zipped, options)).rejects.toMatchObject({ code: "ERR_BUFFER_TOO_LARGE" });
  await expect(own(zipped.subarray(0, -20), {})).rejects.toThrow("unexpected EOF");
});
