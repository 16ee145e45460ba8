/** Pictures in OME-Zarr: a movie of planes in several channels and sizes, of which chunks are fetched when needed. */
import * as zarr from "zarrita";

/** A picture whose tiles are made when they are asked for. */
export interface Source {
  readonly width: number;
  readonly height: number;
  /** Rows and columns are so many times fewer in each size, the first in full. */
  readonly factors: readonly number[];
  readonly tileHeight: number;
  readonly tileWidth: number;
  /** A row of tiles begins at a multiple of their height; tiles at the far borders are as large as the others. */
  tile(level: number, row: number, column: number): Promise<Float32Array>;
  /** The same key means the same values. */
  readonly key: string;
}

export interface Channel {
  label: string;
  /** Six hexadecimal digits. */
  colour: string;
  low: number;
  high: number;
  active: boolean;
}

type Chunked = zarr.Array<zarr.DataType, zarr.Readable>;

interface Attributes {
  ome?: Attributes;
  multiscales: {
    axes: { name: string; unit?: string }[];
    datasets: { path: string; coordinateTransformations: { type: string; scale?: number[] }[] }[];
    metadata?: { times?: number[] };
  }[];
  omero?: {
    channels: { label: string; color: string; active: boolean; window: { start: number; end: number } }[];
  };
}

/** Files of a Zarr on the server, which answers 204 for those that are not there: chunks of zeros are not kept. */
class ServerStore implements zarr.AsyncReadable {
  constructor(private readonly address: string) {}

  async get(key: string): Promise<Uint8Array | undefined> {
    const response = await fetch(this.address + key);
    if (response.status === 204) return undefined;
    if (!response.ok) throw new Error(`the server answered ${response.status} for ${this.address}${key}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

const MOST_BYTES = 256e6;

/** Chunks that were fetched last, as many as fit into a budget. */
class ChunkCache {
  private readonly chunks = new Map<string, { values: Promise<Float32Array>; bytes: number }>();
  private bytes = 0;

  get(key: string, size: number, make: () => Promise<Float32Array>): Promise<Float32Array> {
    const known = this.chunks.get(key);
    if (known) {
      this.chunks.delete(key);
      this.chunks.set(key, known);
      return known.values;
    }
    const values = make();
    this.chunks.set(key, { values, bytes: 4 * size });
    this.bytes += 4 * size;
    values.catch(() => this.remove(key));
    for (const oldest of this.chunks.keys()) {
      if (this.bytes <= MOST_BYTES || oldest === key) break;
      this.remove(oldest);
    }
    return values;
  }

  private remove(key: string): void {
    const entry = this.chunks.get(key);
    if (!entry) return;
    this.chunks.delete(key);
    this.bytes -= entry.bytes;
  }
}

const cache = new ChunkCache();
let opened = 0;

/** Distances of samples. */
export interface Sizes {
  pixelSize?: number;
  zStep?: number;
}

export class Volume {
  /** What lies at an address may be another picture later: pictures are told apart by this. */
  readonly id = ++opened;

  private constructor(
    private readonly arrays: Chunked[],
    readonly channels: Channel[],
    /** Samples along t, c, z, y and x. */
    readonly shape: readonly number[],
    /** Distance of samples along z, y and x. */
    readonly spacing: readonly number[],
    readonly unit: string,
    /** Of the frames, in [-1, 1]; empty where they are not known. */
    readonly times: readonly number[],
  ) {}

  /** @param known sizes in micrometres, which go before those that the picture tells */
  static async open(address: string, known: Sizes = {}): Promise<Volume> {
    const group = await zarr.open(new ServerStore(address), { kind: "group" });
    const told = group.attrs as unknown as Attributes;
    const attributes = told.ome ?? told;
    const multiscale = attributes.multiscales[0]!;
    const arrays = await Promise.all(
      multiscale.datasets.map((dataset) => zarr.open(group.resolve(dataset.path), { kind: "array" })),
    );
    const shape = arrays[0]!.shape;
    const scale = multiscale.datasets[0]!.coordinateTransformations.find((each) => each.type === "scale")?.scale;
    const lateral = multiscale.axes.at(-1)!;
    const channels = Array.from({ length: shape[1]! }, (_, index) => {
      const display = attributes.omero?.channels[index];
      return {
        label: display?.label ?? `channel ${index + 1}`,
        colour: display?.color ?? "FFFFFF",
        low: display?.window.start ?? 0,
        high: display?.window.end ?? 1,
        active: display?.active ?? true,
      };
    });
    const sized = lateral.unit === "micrometer";
    const spacing = scale ? scale.slice(2) : [1, 1, 1];
    return new Volume(
      arrays as Chunked[],
      channels,
      shape,
      [known.zStep ?? spacing[0]!, known.pixelSize ?? spacing[1]!, known.pixelSize ?? spacing[2]!],
      sized || known.pixelSize !== undefined ? "µm" : "px",
      multiscale.metadata?.times ?? [],
    );
  }

  get frames(): number {
    return this.shape[0]!;
  }

  get depth(): number {
    return this.shape[2]!;
  }

  get height(): number {
    return this.shape[3]!;
  }

  get width(): number {
    return this.shape[4]!;
  }

  /** Channels that hold the displacement along y and x, in that order; empty where there are none. */
  get motionChannels(): number[] {
    const found = ["motion y", "motion x"].map((name) => this.channels.findIndex((c) => c.label.startsWith(name)));
    return found.includes(-1) ? [] : found;
  }

  private chunk(level: number, frame: number, channel: number, z: number, row: number, column: number) {
    const array = this.arrays[level]!;
    const size = array.chunks[3]! * array.chunks[4]!;
    return cache.get([this.id, level, frame, channel, z, row, column].join("/"), size, async () => {
      const chunk = await array.getChunk([frame, channel, z, row, column]);
      return Float32Array.from(chunk.data as ArrayLike<number>);
    });
  }

  /** A plane across the depth. */
  plane(frame: number, channel: number, z: number): Source {
    const [first] = this.arrays;
    return {
      width: this.width,
      height: this.height,
      factors: this.arrays.map((_, level) => 2 ** level),
      tileHeight: first!.chunks[3]!,
      tileWidth: first!.chunks[4]!,
      key: [this.id, frame, channel, z].join("/"),
      tile: (level, row, column) => this.tile(level, frame, channel, z, row, column),
    };
  }

  /** Tiles are as large as the first array's chunks; chunks of reduced pictures may be smaller. */
  private async tile(level: number, frame: number, channel: number, z: number, row: number, column: number) {
    const [, , , height, width] = this.arrays[0]!.chunks as [number, number, number, number, number];
    const [, , , own, ownWidth] = this.arrays[level]!.chunks as [number, number, number, number, number];
    const chunk = await this.chunk(level, frame, channel, z, row, column);
    if (own === height && ownWidth === width) return chunk;
    const tile = new Float32Array(height * width);
    for (let y = 0; y < own; y++) tile.set(chunk.subarray(y * ownWidth, (y + 1) * ownWidth), y * width);
    return tile;
  }

  /** All values of a plane in one of its sizes. */
  async values(frame: number, channel: number, z: number, level = 0): Promise<Float32Array> {
    const array = this.arrays[level]!;
    const [height, width] = [array.shape[3]!, array.shape[4]!];
    const [rows, columns] = [array.chunks[3]!, array.chunks[4]!];
    const values = new Float32Array(height * width);
    const parts: Promise<void>[] = [];
    for (let row = 0; row * rows < height; row++)
      for (let column = 0; column * columns < width; column++)
        parts.push(
          this.chunk(level, frame, channel, z, row, column).then((chunk) => {
            const count = Math.min(columns, width - column * columns);
            for (let y = 0; y < Math.min(rows, height - row * rows); y++)
              values.set(
                chunk.subarray(y * columns, y * columns + count),
                (row * rows + y) * width + column * columns,
              );
          }),
        );
    await Promise.all(parts);
    return values;
  }

  /** Rows and columns of one of the sizes. */
  extent(level: number): [number, number] {
    return [this.arrays[level]!.shape[3]!, this.arrays[level]!.shape[4]!];
  }

  /** The smallest size with at least so many columns or rows; the first where none has. */
  levelFor(pixels: number): number {
    let level = 0;
    while (level + 1 < this.arrays.length && Math.max(...this.extent(level + 1)) >= pixels) level++;
    return level;
  }
}

/** A picture that is there whole. */
export function whole(key: string, height: number, width: number, values: Float32Array): Source {
  return { width, height, factors: [1], tileHeight: height, tileWidth: width, key, tile: () => Promise.resolve(values) };
}

/** Index of the frame that is nearest to a time; frames without times are spread evenly over [-1, 1]. */
export function nearestFrame(times: readonly number[], frames: number, time: number): number {
  if (times.length !== frames) return Math.round(((time + 1) / 2) * (frames - 1));
  let best = 0;
  for (let i = 1; i < frames; i++) if (Math.abs(times[i]! - time) < Math.abs(times[best]! - time)) best = i;
  return best;
}
