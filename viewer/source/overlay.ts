/** What is drawn over a picture: motion, lines, boxes, ways of points, the scale bar. */
import type { Mark } from "./api";
import { wheel } from "./colours";
import { at, type Field, type Way } from "./motion";
import { roundLength, shown } from "./numbers";
import { nearestFrame } from "./volume";

/** From pixels of a picture to those of the canvas. */
export interface Mapping {
  x(pixel: number): number;
  y(pixel: number): number;
  /** Pixels of the canvas per pixel of the picture along its width. */
  zoom: number;
}

export type Draw = CanvasRenderingContext2D;

const SPACE_BETWEEN_ARROWS = 26;
const LONGEST_ARROW = 24;

/** Largest displacement of a field, in pixels. */
export function largest(motion: Field): number {
  let most = 0;
  for (let i = 0; i < motion.dy.length; i++) most = Math.max(most, Math.hypot(motion.dy[i]!, motion.dx[i]!));
  return most;
}

/**
 * Arrows at even distances on the screen, drawn `scale` times as long as the displacement.
 *
 * @param most displacement that has the longest arrow, in pixels
 */
export function arrows(draw: Draw, motion: Field, mapping: Mapping, width: number, height: number, most: number): void {
  const scale = most > 0 ? Math.max(mapping.zoom, Math.min(LONGEST_ARROW / most, 40 * mapping.zoom)) : 0;
  if (scale === 0) return;
  const dense = devicePixelRatio;
  const space = SPACE_BETWEEN_ARROWS * dense;
  draw.lineCap = "round";
  const right = Math.min(width, mapping.x(motion.width * motion.step));
  const bottom = Math.min(height, mapping.y(motion.height * motion.step));
  const inverse = (screen: number, to: (pixel: number) => number) => (screen - to(0)) / (to(1) - to(0));
  for (const [colour, wide] of [
    ["rgba(0,0,0,0.65)", 3.4],
    ["#ffd43b", 1.5],
  ] as const) {
    draw.strokeStyle = colour;
    draw.lineWidth = wide * dense;
    draw.beginPath();
    for (let y = Math.max(0, mapping.y(0)) + space / 2; y < bottom; y += space)
      for (let x = Math.max(0, mapping.x(0)) + space / 2; x < right; x += space) {
        const [dy, dx] = at(motion, inverse(y, mapping.y), inverse(x, mapping.x));
        arrow(draw, x, y, dx * scale, dy * scale);
      }
    draw.stroke();
  }
}

function arrow(draw: Draw, x: number, y: number, dx: number, dy: number): void {
  const length = Math.hypot(dx, dy);
  if (length < 1.5) return;
  const head = Math.min(5 * devicePixelRatio, length / 2);
  const [ux, uy] = [dx / length, dy / length];
  draw.moveTo(x, y);
  draw.lineTo(x + dx, y + dy);
  for (const side of [-1, 1]) {
    draw.moveTo(x + dx, y + dy);
    draw.lineTo(x + dx - head * (ux + 0.5 * side * uy), y + dy - head * (uy - 0.5 * side * ux));
  }
}

/** The field in colours: the direction as hue, the length as strength. */
export function colourWheel(draw: Draw, motion: Field, mapping: Mapping, most: number): void {
  const picture = new ImageData(motion.width, motion.height);
  for (let i = 0; i < motion.dy.length; i++) {
    const [dy, dx] = [motion.dy[i]!, motion.dx[i]!];
    const strength = most > 0 ? Math.min(1, Math.hypot(dy, dx) / most) : 0;
    picture.data.set([...wheel(dy, dx, 1), Math.round(165 * strength)], 4 * i);
  }
  const small = new OffscreenCanvas(motion.width, motion.height);
  small.getContext("2d")!.putImageData(picture, 0, 0);
  draw.imageSmoothingEnabled = true;
  const [left, top] = [mapping.x(0), mapping.y(0)];
  draw.drawImage(
    small,
    left,
    top,
    mapping.x(motion.width * motion.step) - left,
    mapping.y(motion.height * motion.step) - top,
  );
}

/** The legend of a colour wheel. */
export function wheelLegend(draw: Draw, x: number, y: number, radius: number): void {
  const size = Math.round(2 * radius);
  const picture = new ImageData(size, size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const [dy, dx] = [(row - radius) / radius, (column - radius) / radius];
      const length = Math.hypot(dy, dx);
      if (length <= 1) picture.data.set([...wheel(dy, dx, length), 235], 4 * (row * size + column));
    }
  const small = new OffscreenCanvas(size, size);
  small.getContext("2d")!.putImageData(picture, 0, 0);
  draw.drawImage(small, x, y);
}

/**
 * Circles over a spectrum.
 *
 * @param size rows of the spectrum
 * @param pixel distance of the picture's samples, in micrometres
 */
export function marks(draw: Draw, all: readonly Mark[], mapping: Mapping, size: number, pixel: number): void {
  const bin = size * pixel;
  for (const mark of all) {
    draw.lineWidth = 1.6 * devicePixelRatio;
    const [x, y] = [mapping.x(size / 2 + 0.5 + mark.x * bin), mapping.y(size / 2 + 0.5 + mark.y * bin)];
    draw.strokeStyle = mark.x === 0 && mark.y === 0 ? "#4dabf7" : "#ffd43b";
    draw.beginPath();
    draw.arc(x, y, mark.radius * bin * mapping.zoom, 0, 2 * Math.PI);
    draw.stroke();
    if (mark.x !== 0 || mark.y !== 0) label(draw, mark.label, x + 8 * devicePixelRatio, y - 8 * devicePixelRatio);
  }
}

/** Colours of ways, points and curves. */
export const INKS = ["#ff6b6b", "#4dabf7", "#51cf66", "#fcc419", "#da77f2", "#ff922b", "#20c997", "#f783ac"];

/**
 * Ways of points up to a time.
 *
 * @param place where a point lies on the canvas, given as shares of height and width
 */
export function ways(draw: Draw, all: readonly Way[], time: number, place: (y: number, x: number) => [number, number]): void {
  const dense = devicePixelRatio;
  all.forEach(({ volume, times, places }, index) => {
    const frame = nearestFrame(times, places.length, time);
    draw.strokeStyle = draw.fillStyle = INKS[index % INKS.length]!;
    draw.lineWidth = 2 * dense;
    draw.beginPath();
    const points = places.slice(0, frame + 1).map(([y, x]) => place(y / volume.height, x / volume.width));
    points.forEach(([x, y], i) => (i === 0 ? draw.moveTo(x, y) : draw.lineTo(x, y)));
    draw.stroke();
    const last = points.at(-1);
    if (!last) return;
    draw.beginPath();
    draw.arc(last[0], last[1], 4 * dense, 0, 2 * Math.PI);
    draw.fill();
    label(draw, String(index + 1), last[0] + 6 * dense, last[1] - 6 * dense);
  });
}

/** A text that can be read over any picture. */
export function label(draw: Draw, text: string, x: number, y: number): void {
  draw.font = `600 ${12 * devicePixelRatio}px system-ui, sans-serif`;
  draw.lineWidth = 3 * devicePixelRatio;
  draw.strokeStyle = "rgba(0,0,0,0.75)";
  draw.strokeText(text, x, y);
  draw.fillStyle = "white";
  draw.fillText(text, x, y);
}

/** What a scale bar shows. */
export interface ScaleBar {
  /** Pixels of the canvas. */
  length: number;
  text: string;
}

/** A bar of a round length, about a fifth of the width. */
export function scaleBar(width: number, zoom: number, spacing: number, unit: string): ScaleBar {
  const length = roundLength((0.22 * width * spacing) / zoom);
  return { length: (length / spacing) * zoom, text: `${shown(length)} ${unit}` };
}

/** Draws it at the lower left. */
export function drawScaleBar(draw: Draw, bar: ScaleBar, height: number): void {
  const dense = devicePixelRatio;
  const [x, y] = [12 * dense, height - 14 * dense];
  draw.fillStyle = "rgba(0,0,0,0.75)";
  draw.fillRect(x - dense, y - dense, bar.length + 2 * dense, 6 * dense);
  draw.fillStyle = "white";
  draw.fillRect(x, y, bar.length, 4 * dense);
  label(draw, bar.text, x, y - 6 * dense);
}
