/** Pictures that are computed from a volume: cuts along the depth, brightest values, spectra. */
import { range, spectrum } from "./numbers";
import type { Projection, Sight } from "./stage";
import { whole, type Source, type Volume } from "./volume";

/** A picture that is there whole, with the range that suits it. */
export interface Computed extends Source {
  range?: [number, number];
}

const made = new Map<string, Promise<Computed>>();
const ready = new Map<string, Computed>();
const MOST = 60;
const AGAIN_AFTER_MILLISECONDS = 2000;
/** Pixels along the longer side that projections through all planes are made of. */
const LARGEST = 1024;

/**
 * The picture, or the one that was shown before until it is there; undefined where there is none yet.
 *
 * @param arrived called when it is there
 * @param failed called where it cannot be made
 */
export function computed(
  volume: Volume,
  projection: Exclude<Projection, "xy">,
  frame: number,
  channel: number,
  z: number,
  sight: Sight,
  arrived: () => void,
  failed: (failure: unknown) => void,
): { picture: Computed; current: boolean } | undefined {
  const row = Math.min(volume.height - 1, Math.max(0, Math.floor(sight.y * volume.height)));
  const column = Math.min(volume.width - 1, Math.max(0, Math.floor(sight.x * volume.width)));
  const where = { xz: row, yz: column, max: "", fourier: z }[projection];
  const same = [volume.id, projection, channel].join("|");
  const key = [same, frame, where].join("|");
  let making = made.get(key);
  if (!making) {
    making = {
      xz: () => alongDepth(volume, frame, channel, key, row, true),
      yz: () => alongDepth(volume, frame, channel, key, column, false),
      max: () => brightest(volume, frame, channel, key),
      fourier: () => frequencies(volume, frame, channel, key, z),
    }[projection]();
    made.set(key, making);
    making.catch((failure: unknown) => {
      setTimeout(() => made.delete(key), AGAIN_AFTER_MILLISECONDS);
      failed(failure);
    });
    for (const oldest of made.keys()) if (made.size > MOST) made.delete(oldest);
  }
  const picture = ready.get(same);
  if (picture?.key === key) return { picture, current: true };
  making
    .then((finished) => {
      if (ready.get(same) === finished) return;
      ready.set(same, finished);
      arrived();
    })
    .catch(() => undefined);
  return picture && { picture, current: false };
}

/** Row or column of every plane: planes from top to bottom. */
async function alongDepth(volume: Volume, frame: number, channel: number, key: string, at: number, rows: boolean): Promise<Computed> {
  const { depth, height, width } = volume;
  const length = rows ? width : height;
  const values = new Float32Array(depth * length);
  for (let z = 0; z < depth; z++) {
    const plane = await volume.values(frame, channel, z);
    for (let i = 0; i < length; i++) values[z * length + i] = rows ? plane[at * width + i]! : plane[i * width + at]!;
  }
  return whole(key, depth, length, values);
}

async function brightest(volume: Volume, frame: number, channel: number, key: string): Promise<Computed> {
  const level = volume.levelFor(LARGEST);
  const [height, width] = volume.extent(level);
  const values = new Float32Array(height * width).fill(-Infinity);
  for (let z = 0; z < volume.depth; z++) {
    const plane = await volume.values(frame, channel, z, level);
    for (let i = 0; i < plane.length; i++) values[i] = Math.max(values[i]!, plane[i]!);
  }
  return whole(key, height, width, values);
}

async function frequencies(volume: Volume, frame: number, channel: number, key: string, z: number): Promise<Computed> {
  const values = await volume.values(frame, channel, z);
  const { size, values: amplitudes } = spectrum(values, volume.height, volume.width);
  return { ...whole(key, size, size, amplitudes), range: range(amplitudes, 0.02) };
}
