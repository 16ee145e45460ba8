/** Colour maps: tables of 256 colours. Viridis, magma and cividis are perceptually uniform (matplotlib, CC0). */

type Stops = readonly string[];

const MAPS: Record<string, Stops> = {
  grey: ["000000", "ffffff"],
  viridis: ["440154", "482777", "3f4a8a", "31678e", "26838f", "1f9d8a", "6cce5a", "b6de2b", "fee825"],
  magma: ["000004", "1c1044", "4f127b", "812581", "b5367a", "e55964", "fb8761", "fec287", "fbfdbf"],
  cividis: ["00224e", "123570", "3b496c", "575d6d", "707173", "8a8678", "a59c74", "c3b369", "e1cc55", "fee838"],
  balance: ["1b3a8c", "4a7ab8", "9fbbd8", "f2f2f2", "dfa48f", "b85a4b", "7a1020"],
};

export const MAP_NAMES = Object.keys(MAPS);

/** Names of maps for a choice. */
export const MAP_CHOICE = MAP_NAMES.map((name) => [name, name] as const);

function parts(colour: string): [number, number, number] {
  return [0, 2, 4].map((at) => parseInt(colour.slice(at, at + 2), 16)) as [number, number, number];
}

/** 256 colours, four bytes each: of a map, or from black to a colour given as six hexadecimal digits. */
export function table(map: string): Uint8Array {
  const stops = (MAPS[map] ?? ["000000", map]).map(parts);
  const bytes = new Uint8Array(4 * 256);
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (stops.length - 1);
    const first = Math.min(stops.length - 2, Math.floor(place));
    for (let c = 0; c < 3; c++)
      bytes[4 * i + c] = Math.round(stops[first]![c]! + (place - first) * (stops[first + 1]![c]! - stops[first]![c]!));
    bytes[4 * i + 3] = 255;
  }
  return bytes;
}

/** The same as a gradient of CSS. */
export function gradient(map: string): string {
  return `linear-gradient(to right, ${(MAPS[map] ?? ["000000", map]).map((stop) => `#${stop}`).join(", ")})`;
}

/** The map that suits a channel: what has two signs is shown about its middle. */
export function usualMap(label: string): string {
  return label.startsWith("motion") ? "balance" : "grey";
}

/** Colour of a direction on the wheel, its strength from 0 to 1: red, green and blue from 0 to 255. */
export function wheel(dy: number, dx: number, strength: number): [number, number, number] {
  const hue = (Math.atan2(dy, dx) / (2 * Math.PI) + 1) % 1;
  return [0, 2 / 3, 1 / 3].map((offset) => {
    const place = Math.abs((((hue + offset) * 6) % 6) - 3) - 1;
    return Math.round(255 * Math.min(1, Math.max(0, place)) * strength);
  }) as [number, number, number];
}
