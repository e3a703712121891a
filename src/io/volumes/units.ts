/** Units of length as volumes state them. */

const PREFIXES: readonly (readonly [name: string, symbol: string, exponent: number])[] = [
  ["yocto", "y", -24],
  ["zepto", "z", -21],
  ["atto", "a", -18],
  ["femto", "f", -15],
  ["pico", "p", -12],
  ["nano", "n", -9],
  ["micro", "µ", -6],
  ["milli", "m", -3],
  ["centi", "c", -2],
  ["deci", "d", -1],
  ["", "", 0],
  ["deca", "da", 1],
  ["hecto", "h", 2],
  ["kilo", "k", 3],
  ["mega", "M", 6],
  ["giga", "G", 9],
  ["tera", "T", 12],
  ["peta", "P", 15],
  ["exa", "E", 18],
  ["zetta", "Z", 21],
  ["yotta", "Y", 24],
];

const NAMES = new Map<string, number>([
  ["angstrom", 1],
  ["ångström", 1],
  ["ångstrom", 1],
  ["angström", 1],
  ["å", 1],
  ["micron", 1e4],
  ["inch", 2.54e8],
  ["foot", 3.048e9],
  ["yard", 9.144e9],
  ["mile", 1.609344e13],
  ["parsec", 3.0856775814913673e26],
]);
/** Case tells millimetres from megametres. */
const SYMBOLS = new Map<string, number>([
  ["um", 1e4],
  ["in", 2.54e8],
  ["pc", 3.0856775814913673e26],
]);
for (const [name, symbol, exponent] of PREFIXES) {
  const angstrom = 10 ** (exponent + 10);
  NAMES.set(`${name}meter`, angstrom).set(`${name}metre`, angstrom);
  SYMBOLS.set(`${symbol}m`, angstrom);
}

/**
 * How many Ångström a unit of length is, by its name or symbol in UDUNITS-2 and OME ("nanometer", "nm", "microns"); undefined for
 * what is no unit of length.
 */
export function angstromPerUnit(unit: string): number | undefined {
  // One sign of micro, one way to write Å, and no blanks.
  const text = unit.slice(0, 40).normalize("NFC").replaceAll("\u03bc", "µ").replaceAll("\u212b", "Å").trim();
  const name = text.toLowerCase();
  return SYMBOLS.get(text) ?? NAMES.get(name) ?? NAMES.get(name.replace(/s$/, ""));
}
