/** Figures of pictures: histograms, ranges, spectra, values between pixels. */

/** Counts of values between two limits, in even steps; what lies beyond is counted at the ends. */
export function histogram(values: Float32Array, low: number, high: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  const scale = high > low ? bins / (high - low) : 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    counts[Math.min(bins - 1, Math.max(0, Math.floor((value - low) * scale)))]!++;
  }
  return counts;
}

/** Least and largest value but for a share at either side. */
export function range(values: Float32Array, share = 0.001): [number, number] {
  const sorted = Float32Array.from(values).sort();
  const cut = Math.floor(sorted.length * share);
  return [sorted[cut]!, sorted[sorted.length - 1 - cut]!];
}

export interface Statistics {
  count: number;
  mean: number;
  deviation: number;
  least: number;
  largest: number;
}

/** A rectangle of pixels; its corners may come in any order. */
export interface Box {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/** Figures of the pixels in a box, as far as it lies within the picture. */
export function statistics(values: Float32Array, height: number, width: number, box: Box): Statistics {
  const [left, right] = [Math.max(0, Math.floor(Math.min(box.x0, box.x1))), Math.min(width - 1, Math.floor(Math.max(box.x0, box.x1)))];
  const [top, bottom] = [Math.max(0, Math.floor(Math.min(box.y0, box.y1))), Math.min(height - 1, Math.floor(Math.max(box.y0, box.y1)))];
  let count = 0;
  let sum = 0;
  let squares = 0;
  let least = Infinity;
  let largest = -Infinity;
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const value = values[y * width + x]!;
      count++;
      sum += value;
      squares += value * value;
      least = Math.min(least, value);
      largest = Math.max(largest, value);
    }
  const mean = sum / count;
  return { count, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)), least, largest };
}

/** The value at a place between pixels; that of the border beyond it. */
export function between(values: Float32Array, height: number, width: number, y: number, x: number): number {
  const row = Math.min(height - 1, Math.max(0, y));
  const column = Math.min(width - 1, Math.max(0, x));
  const top = Math.min(height - 2, Math.floor(row));
  const left = Math.min(width - 2, Math.floor(column));
  if (height < 2 || width < 2) return values[Math.round(row) * width + Math.round(column)]!;
  const down = row - top;
  const right = column - left;
  const at = top * width + left;
  return (
    (values[at]! * (1 - right) + values[at + 1]! * right) * (1 - down) +
    (values[at + width]! * (1 - right) + values[at + width + 1]! * right) * down
  );
}

/** Values along a line, a pixel apart. */
export function profile(values: Float32Array, height: number, width: number, line: Box): Float32Array {
  const length = Math.hypot(line.x1 - line.x0, line.y1 - line.y0);
  const count = Math.max(2, Math.round(length) + 1);
  return Float32Array.from({ length: count }, (_, i) => {
    const share = i / (count - 1);
    // A pixel's value stands in its middle.
    return between(
      values,
      height,
      width,
      line.y0 + share * (line.y1 - line.y0) - 0.5,
      line.x0 + share * (line.x1 - line.x0) - 0.5,
    );
  });
}

/** Fourier transform in place, of as many values as a power of two. */
export function transform(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    const angle = (-2 * Math.PI) / size;
    for (let k = 0; k < size / 2; k++) {
      const c = Math.cos(angle * k);
      const s = Math.sin(angle * k);
      for (let start = 0; start < n; start += size) {
        const a = start + k;
        const b = a + size / 2;
        const x = re[b]! * c - im[b]! * s;
        const y = re[b]! * s + im[b]! * c;
        re[b] = re[a]! - x;
        im[b] = im[a]! - y;
        re[a] = re[a]! + x;
        im[a] = im[a]! + y;
      }
    }
  }
}

/** A square picture over spatial frequency, zero in its middle. */
export interface Spectrum {
  size: number;
  /** Logarithm to base 10 of the amplitude. */
  values: Float32Array;
}

const LARGEST_SPECTRUM = 1024;

/** Spectrum of the middle of a picture, which falls off smoothly to its borders. */
export function spectrum(values: Float32Array, height: number, width: number): Spectrum {
  let size = 1;
  while (2 * size <= Math.min(height, width, LARGEST_SPECTRUM)) size *= 2;
  const top = (height - size) >> 1;
  const left = (width - size) >> 1;
  let mean = 0;
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) mean += values[(top + y) * width + left + x]!;
  mean /= size * size;
  const window = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / size));
  const re = Array.from({ length: size }, (_, y) =>
    Float64Array.from({ length: size }, (_, x) => (values[(top + y) * width + left + x]! - mean) * window[x]! * window[y]!),
  );
  const im = Array.from({ length: size }, () => new Float64Array(size));
  for (let y = 0; y < size; y++) transform(re[y]!, im[y]!);
  const spectrumValues = new Float32Array(size * size);
  for (let x = 0; x < size; x++) {
    const columnRe = Float64Array.from({ length: size }, (_, y) => re[y]![x]!);
    const columnIm = Float64Array.from({ length: size }, (_, y) => im[y]![x]!);
    transform(columnRe, columnIm);
    for (let y = 0; y < size; y++)
      spectrumValues[((y + size / 2) % size) * size + ((x + size / 2) % size)] = Math.log10(
        1e-12 + Math.hypot(columnRe[y]!, columnIm[y]!),
      );
  }
  return { size, values: spectrumValues };
}

/** A round length of about a given one: 1, 2 or 5 times a power of ten. */
export function roundLength(about: number): number {
  const power = 10 ** Math.floor(Math.log10(about));
  for (const digit of [5, 2, 1]) if (digit * power <= about) return digit * power;
  return power;
}

/** A number for people. */
export function shown(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "–";
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)) return value.toExponential(digits - 1);
  return String(Number(value.toPrecision(digits)));
}

/** Seconds for people. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor(whole / 60) % 60).padStart(2, "0")} min`;
}
