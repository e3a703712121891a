import { FormatError } from "../../../errors.js";
import { type Statistics, statisticsOf } from "../statistics.js";
import { MRC_HEADER_BYTES } from "./fields.js";
import { type MrcHeader, parseMrcHeader } from "./header.js";
import { readMrc } from "./read.js";

/** One way in which a file departs from MRC2014. */
export interface MrcFinding {
  /** Number of the clause in `MRC_CLAUSES`. */
  readonly clause: number;
  readonly message: string;
}

interface Clause {
  /** What the standard asks for. */
  readonly rule: string;
  /** The message when the file departs from it. */
  readonly check: (header: MrcHeader, statistics: Statistics, byteLength: number) => string | undefined;
}

/** The standard as a numbered list (first clause is 1). Clause 0 means that the file cannot be read at all. */
const MRC_CLAUSES: readonly Clause[] = [
  {
    rule: "the characters 'MAP ' stand at byte 208",
    check: ({ fields }) => (fields.map === "MAP " ? undefined : `map is ${JSON.stringify(fields.map)}`),
  },
  {
    rule: "the machine stamp is 44 44 or 44 41 (little-endian) or 11 11 (big-endian)",
    check: ({ fields, byteOrder }) => {
      const stamp = fields.machst >>> 16;
      const valid = byteOrder === "little" ? stamp === 0x4444 || stamp === 0x4441 : stamp === 0x1111;
      return valid ? undefined : `machst is ${stamp.toString(16).padStart(4, "0")} in a ${byteOrder}-endian file`;
    },
  },
  {
    rule: "nversion is 20140 or 20141",
    check: ({ fields: { nversion } }) =>
      nversion === 20140 || nversion === 20141 ? undefined : `nversion is ${nversion}`,
  },
  {
    rule: "mapc, mapr and maps are 1, 2 and 3 in some order",
    check: ({ fields: { mapc, mapr, maps } }) =>
      [1, 2, 3].every((axis) => [mapc, mapr, maps].includes(axis)) ? undefined : `they are ${mapc}, ${mapr}, ${maps}`,
  },
  {
    rule: "mx, my, mz and the cell lengths are positive",
    check: ({ fields: { mx, my, mz, xlen, ylen, zlen } }) =>
      [mx, my, mz, xlen, ylen, zlen].every((value) => value > 0)
        ? undefined
        : `they are ${mx}, ${my}, ${mz} and ${xlen}, ${ylen}, ${zlen} Å`,
  },
  {
    rule: "ispg is 0, 1, or 401 with nz a multiple of mz",
    check: ({ fields: { ispg, nz, mz } }) => {
      if (ispg === 401) return mz > 0 && nz % mz === 0 ? undefined : `nz is ${nz} and mz is ${mz}`;
      return ispg === 0 || ispg === 1 ? undefined : `ispg is ${ispg}`;
    },
  },
  {
    rule: "an extended header has a type",
    check: ({ fields: { nsymbt, exttyp } }) =>
      nsymbt === 0 || /^[ -~]{4}$/.test(exttyp) ? undefined : `nsymbt is ${nsymbt}, exttyp ${JSON.stringify(exttyp)}`,
  },
  {
    rule: "nlabl counts the labels, which come first and are not blank",
    check: ({ fields: { nlabl, labels } }) => {
      const used = Array.from({ length: 10 }, (_, i) => /[^\0 ]/.test(labels.slice(i * 80, (i + 1) * 80)));
      const count = used.filter(Boolean).length;
      return nlabl === count && used.lastIndexOf(true) < count ? undefined : `nlabl is ${nlabl}, ${count} are used`;
    },
  },
  {
    rule: "the file is as long as its header says",
    check: ({ dataOffset, dataBytes }, _, byteLength) =>
      dataOffset + dataBytes === byteLength ? undefined : `${byteLength} bytes, not ${dataOffset + dataBytes}`,
  },
  {
    rule: "the data hold no NaN and no infinity",
    check: (_, { nanCount, infiniteCount }) =>
      nanCount + infiniteCount === 0 ? undefined : `${nanCount} NaN, ${infiniteCount} infinite`,
  },
  {
    rule: "dmin, dmax, dmean and rms describe the data, or are marked as not determined",
    check: ({ fields: { dmin, dmax, dmean, rms } }, statistics) => {
      const tolerance = 1e-3 * Math.max(statistics.standardDeviation, 1e-6 * Math.abs(statistics.mean), 1e-30);
      const wrong: string[] = [];
      const compare = (field: string, isStated: boolean, stated: number, found: number) => {
        if (isStated && Math.abs(stated - found) > tolerance) wrong.push(`${field} ${stated}, found ${found}`);
      };
      compare("dmin", dmin <= dmax, dmin, statistics.minimum);
      compare("dmax", dmin <= dmax, dmax, statistics.maximum);
      compare("dmean", dmean >= Math.min(dmin, dmax), dmean, statistics.mean);
      compare("rms", rms >= 0, rms, statistics.standardDeviation);
      return wrong.length === 0 ? undefined : wrong.join("; ");
    },
  },
];

/** Every clause a file breaks; an empty list means that it follows the standard. Never throws for a bad file. */
export function validateMrc(bytes: Uint8Array, { name = "MRC" }: { name?: string } = {}): MrcFinding[] {
  try {
    const { header } = parseMrcHeader(bytes.subarray(0, MRC_HEADER_BYTES), { name, byteLength: bytes.byteLength });
    const complete = header.dataOffset + header.dataBytes <= bytes.byteLength;
    const statistics = complete ? readMrc(bytes, { name }).statistics : statisticsOf(new Float32Array(0));
    return MRC_CLAUSES.flatMap(({ rule, check }, i) => {
      const message = check(header, statistics, bytes.byteLength);
      return message === undefined ? [] : [{ clause: i + 1, message: `${rule}: ${message}` }];
    });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return [{ clause: 0, message: error.message }];
  }
}
