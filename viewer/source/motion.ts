/** The displacement of a movie: on a coarse grid for arrows and colours, and along the ways of points. */
import { between } from "./numbers";
import type { Volume } from "./volume";

/** Displacement since the first time on a coarse grid, in pixels of the movie in full. */
export interface Field {
  height: number;
  width: number;
  /** Pixels in full from place to place. */
  step: number;
  dy: Float32Array;
  dx: Float32Array;
}

/** Grids for colours and arrows have about so many places along the longer side. */
const PLACES = 128;

const known = new Map<string, Promise<Field>>();
const MOST_KNOWN = 400;

/** The displacement of a frame, undefined where the movie has none. */
export function field(volume: Volume, frame: number, z: number, level = volume.levelFor(PLACES)): Promise<Field> | undefined {
  const [down, right] = volume.motionChannels;
  if (down === undefined || right === undefined) return undefined;
  const key = [volume.id, frame, z, level].join("|");
  let made = known.get(key);
  if (!made) {
    made = load(volume, frame, z, level, down, right);
    known.set(key, made);
    made.catch(() => known.delete(key));
    for (const oldest of known.keys()) if (known.size > MOST_KNOWN) known.delete(oldest);
  }
  return made;
}

async function load(volume: Volume, frame: number, z: number, level: number, down: number, right: number): Promise<Field> {
  const [dy, dx] = await Promise.all([
    volume.values(frame, down, z, level),
    volume.values(frame, right, z, level),
  ]);
  const [height, width] = volume.extent(level);
  return {
    height,
    width,
    step: 2 ** level,
    dy: dy.map((value) => value / volume.spacing[1]!),
    dx: dx.map((value) => value / volume.spacing[2]!),
  };
}

/** Displacement at a place, given and told in pixels in full. */
export function at(motion: Field, y: number, x: number): [number, number] {
  const row = y / motion.step - 0.5;
  const column = x / motion.step - 0.5;
  return [
    between(motion.dy, motion.height, motion.width, row, column),
    between(motion.dx, motion.height, motion.width, row, column),
  ];
}

const ROUNDS = 30;
const ACCURACY = 1e-3;

/** Where the point that lay at a place at the first time is now: q with q - d(q) = origin. */
export function carried(motion: Field, origin: readonly [number, number]): [number, number] {
  let place: [number, number] = [origin[0], origin[1]];
  for (let round = 0; round < ROUNDS; round++) {
    const [dy, dx] = at(motion, place[0], place[1]);
    const next: [number, number] = [origin[0] + dy, origin[1] + dx];
    const moved = Math.hypot(next[0] - place[0], next[1] - place[1]);
    place = next;
    if (moved < ACCURACY) break;
  }
  return place;
}

/** Where a point lay at the first time that is at a place now. */
export function origin(motion: Field, y: number, x: number): [number, number] {
  const [dy, dx] = at(motion, y, x);
  return [y - dy, x - dx];
}

/** Way of a point through all frames, rows and columns in pixels in full. */
export async function way(volume: Volume, z: number, start: readonly [number, number]): Promise<[number, number][]> {
  const places: [number, number][] = [];
  for (let frame = 0; frame < volume.frames; frame++) {
    const motion = await field(volume, frame, z);
    if (!motion) return [];
    places.push(carried(motion, start));
  }
  return places;
}

/** The way of a point. */
export interface Way {
  volume: Volume;
  /** Of its places. */
  times: readonly number[];
  /** Rows and columns of the volume, one for each of its frames. */
  places: [number, number][];
}

/** The ways of points as a table. */
export function table(ways: readonly Way[]): string {
  const unit = ways[0]?.volume.unit ?? "px";
  const lines = [`point,time,y (${unit}),x (${unit})`];
  ways.forEach(({ volume, times, places }, point) =>
    places.forEach(([y, x], frame) =>
      lines.push(
        [point + 1, times[frame] ?? frame, (y * volume.spacing[1]!).toFixed(4), (x * volume.spacing[2]!).toFixed(4)].join(","),
      ),
    ),
  );
  return lines.join("\n") + "\n";
}
