/** Curves with axes, drawn as SVG: they stay sharp in figures. */
import { h } from "./dom";
import { shown } from "./numbers";

export interface Curve {
  name: string;
  colour: string;
  x: readonly number[];
  y: readonly number[];
}

export interface PlotSettings {
  title: string;
  xLabel: string;
  yLabel: string;
  logarithmic?: boolean;
  /** A line at this place along x. */
  now?: number;
  width?: number;
  height?: number;
}

const SVG = "http://www.w3.org/2000/svg";

function mark(tag: string, attributes: Record<string, string | number>, text?: string): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/** Round values between two limits, about so many. */
export function ticks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  if (!(rough > 0) || !Number.isFinite(rough)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((each) => each >= rough)!;
  const found: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i++) found.push(i * step);
  return found;
}

/** Curves over common axes, with a legend where there are several. */
export function plot(curves: readonly Curve[], settings: PlotSettings): SVGSVGElement {
  const { width = 620, height = 240 } = settings;
  const [left, right, top, bottom] = [62, 14, curves.length > 1 ? 46 : 28, 40];
  const value = (y: number) => (settings.logarithmic ? Math.log10(y) : y);
  const valid = (y: number) => Number.isFinite(value(y));
  const xs = curves.flatMap((curve) => curve.x.filter((_, i) => valid(curve.y[i]!)));
  const ys = curves.flatMap((curve) => curve.y.filter(valid).map(value));
  let [x0, x1] = [Math.min(...xs), Math.max(...xs)];
  let [y0, y1] = [Math.min(...ys), Math.max(...ys)];
  if (xs.length === 0) [x0, x1, y0, y1] = [0, 1, 0, 1];
  if (x0 === x1) x1 = x0 + 1;
  if (y0 === y1) [y0, y1] = [y0 - 0.5 * (Math.abs(y0) || 1), y1 + 0.5 * (Math.abs(y1) || 1)];
  const px = (x: number) => left + ((x - x0) / (x1 - x0)) * (width - left - right);
  const py = (y: number) => height - bottom - ((y - y0) / (y1 - y0)) * (height - top - bottom);
  const svg = mark("svg", {
    viewBox: `0 0 ${width} ${height}`,
    class: "plot",
    role: "img",
    "aria-label": settings.title,
  }) as SVGSVGElement;
  svg.append(mark("text", { x: left, y: 16, class: "title" }, settings.title));
  for (const x of ticks(x0, x1, 6)) {
    svg.append(mark("line", { x1: px(x), x2: px(x), y1: top, y2: height - bottom, class: "grid" }));
    svg.append(mark("text", { x: px(x), y: height - bottom + 15, "text-anchor": "middle" }, shown(x)));
  }
  for (const y of ticks(y0, y1, 4)) {
    svg.append(mark("line", { x1: left, x2: width - right, y1: py(y), y2: py(y), class: "grid" }));
    const text = settings.logarithmic ? shown(10 ** y, 2) : shown(y);
    svg.append(mark("text", { x: left - 6, y: py(y) + 4, "text-anchor": "end" }, text));
  }
  svg.append(mark("text", { x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle" }, settings.xLabel));
  const yLabel = mark("text", { "text-anchor": "middle", transform: `translate(13 ${(top + height - bottom) / 2}) rotate(-90)` });
  yLabel.textContent = settings.yLabel;
  svg.append(yLabel);
  if (settings.now !== undefined)
    svg.append(mark("line", { x1: px(settings.now), x2: px(settings.now), y1: top, y2: height - bottom, class: "now" }));
  let legend = left;
  for (const curve of curves) {
    const points = curve.x
      .map((x, i) => [x, curve.y[i]!] as const)
      .filter(([, y]) => valid(y))
      .map(([x, y]) => `${px(x).toFixed(1)},${py(value(y)).toFixed(1)}`);
    svg.append(mark("polyline", { points: points.join(" "), stroke: curve.colour, class: "curve" }));
    if (curves.length > 1) {
      svg.append(mark("line", { x1: legend, x2: legend + 14, y1: 32, y2: 32, stroke: curve.colour, class: "curve" }));
      svg.append(mark("text", { x: legend + 18, y: 36 }, curve.name));
      legend += 6.2 * curve.name.length + 32;
    }
  }
  return svg;
}

/** Columns as a file that spreadsheets open. */
export function csv(headings: readonly string[], columns: readonly (readonly (number | string)[])[]): string {
  const rows = columns[0]?.length ?? 0;
  const lines = [headings.map((heading) => (heading.includes(",") ? `"${heading}"` : heading)).join(",")];
  for (let row = 0; row < rows; row++) lines.push(columns.map((column) => column[row] ?? "").join(","));
  return lines.join("\n") + "\n";
}

/** A plot in a frame of its own. */
export function framed(svg: SVGSVGElement, ...tools: Node[]): HTMLElement {
  return h("figure", { class: "framed" }, svg, h("div", { class: "tools" }, ...tools));
}
