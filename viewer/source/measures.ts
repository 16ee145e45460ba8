/** What is measured on the panels: profiles along a line over time, figures of a region, ways of points. */
import { table } from "./colours";
import { attempt, button, fill, h, save } from "./dom";
import { table as waysTable, type Way } from "./motion";
import { profile, shown, statistics, type Statistics } from "./numbers";
import { INKS } from "./overlay";
import type { Panel } from "./panel";
import { csv, framed, plot, type Curve } from "./plots";
import type { Sight, Stage, Tool } from "./stage";

const WAIT_MILLISECONDS = 120;
const HINTS: Record<Tool, string> = {
  move: "",
  line: "Draw a line on a picture: its profile, and the profile at every time, stand here.",
  box: "Draw a region on a picture: its figures over time stand here.",
  point: "Click points of a picture that moves: their ways stand here, and are drawn on the pictures.",
};

export class Measures {
  readonly element = h("section", { class: "measures", "aria-label": "Measurements", hidden: true });
  private readonly unwatch: () => void;
  private timer: number | undefined;
  private round = 0;

  constructor(
    private readonly stage: Stage,
    private readonly panels: () => readonly Panel[],
  ) {
    this.unwatch = stage.watch((changed) => {
      const mine: (keyof Sight)[] = ["line", "box", "ways", "time", "z", "tool"];
      if (mine.some((name) => name in changed)) this.renew();
    });
  }

  /** Measures anew, when nothing has changed for a moment. */
  renew(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => attempt(this.measure()), WAIT_MILLISECONDS);
  }

  private async measure(): Promise<void> {
    const round = ++this.round;
    const { sight } = this.stage;
    const parts: Node[] = [];
    for (const panel of this.panels()) {
      if (sight.line) parts.push(await this.line(panel, sight));
      if (sight.box) parts.push(await this.region(panel, sight));
    }
    if (sight.ways.length > 0) parts.push(...this.wayPlots(sight.ways, sight.time));
    if (round !== this.round) return;
    // Room is made when a tool is taken, so that pictures do not move below the pointer.
    this.element.hidden = parts.length === 0 && sight.tool === "move";
    fill(this.element, ...(parts.length > 0 ? parts : [h("p", { class: "soft" }, HINTS[sight.tool])]));
  }

  /** The profile now, and below it a kymograph: the profile at every time. */
  private async line(panel: Panel, sight: Sight): Promise<Node> {
    const { volume, channels, title, low, high, map, times } = panel.subject;
    const line = panel.box(sight.line!);
    const rows: Float32Array[] = [];
    for (let frame = 0; frame < volume.frames; frame++)
      rows.push(profile(await volume.values(frame, channels[0]!, panel.plane), volume.height, volume.width, line));
    const now = rows[panel.frame]!;
    const length = Math.hypot(line.x1 - line.x0, line.y1 - line.y0) * volume.spacing[2]!;
    const x = Array.from(now, (_, i) => (i * length) / (now.length - 1));
    const svg = plot([{ name: title, colour: INKS[1]!, x, y: Array.from(now) }], {
      title: `${title} along the line`,
      xLabel: `place (${volume.unit})`,
      yLabel: "value",
    });
    const kymograph = h("canvas", { class: "kymograph", width: now.length, height: rows.length, role: "img", "aria-label": `Kymograph of ${title}: time downwards` });
    const draw = kymograph.getContext("2d")!;
    const picture = draw.createImageData(now.length, rows.length);
    const colours = table(channels.length > 1 ? "grey" : map);
    rows.forEach((row, r) =>
      row.forEach((value, c) => {
        const shade = Math.min(255, Math.max(0, Math.round((255 * (value - low)) / (high - low || 1))));
        picture.data.set(colours.subarray(4 * shade, 4 * shade + 4), 4 * (r * now.length + c));
      }),
    );
    draw.putImageData(picture, 0, 0);
    const text = () =>
      csv([`place (${volume.unit})`, ...rows.map((_, frame) => `t=${(times[frame] ?? frame).toFixed(3)}`)], [x, ...rows.map((row) => Array.from(row))]);
    return h(
      "div",
      { class: "measure" },
      framed(svg, button("CSV", `Save profiles of ${title}`, () => save("profiles.csv", new Blob([text()], { type: "text/csv" })))),
      h("figure", {}, h("figcaption", {}, `over time (${rows.length} frames, downwards)`), kymograph),
    );
  }

  private async region(panel: Panel, sight: Sight): Promise<Node> {
    const { volume, channels, title, times } = panel.subject;
    const box = panel.box(sight.box!);
    const all: Statistics[] = [];
    for (let frame = 0; frame < volume.frames; frame++)
      all.push(statistics(await volume.values(frame, channels[0]!, panel.plane), volume.height, volume.width, box));
    const now = all[panel.frame]!;
    const x = all.map((_, frame) => times[frame] ?? frame);
    const curve: Curve = { name: "mean", colour: INKS[1]!, x, y: all.map((each) => each.mean) };
    const text = () =>
      csv(
        ["time", "pixels", "mean", "deviation", "least", "largest"],
        [x, ...(["count", "mean", "deviation", "least", "largest"] as const).map((name) => all.map((each) => each[name]))],
      );
    return h(
      "div",
      { class: "measure" },
      h(
        "table",
        {},
        h("caption", {}, `${title}: region of ${now.count} pixels`),
        ...(
          [
            ["mean", now.mean],
            ["deviation", now.deviation],
            ["least", now.least],
            ["largest", now.largest],
          ] as const
        ).map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, shown(value, 5)))),
      ),
      framed(
        plot([curve], { title: "Mean of the region", xLabel: "time", yLabel: "value", now: x[panel.frame]!, height: 200 }),
        button("CSV", `Save figures of the region of ${title}`, () => save("region.csv", new Blob([text()], { type: "text/csv" }))),
      ),
    );
  }

  /** How far the points have come since the first time. */
  private wayPlots(ways: readonly Way[], now: number): Node[] {
    const curves = ways.map(({ volume, times, places }, index): Curve => {
      const [y0, x0] = places[0]!;
      return {
        name: String(index + 1),
        colour: INKS[index % INKS.length]!,
        x: places.map((_, frame) => times[frame] ?? frame),
        y: places.map(([y, x]) => Math.hypot((y - y0) * volume.spacing[1]!, (x - x0) * volume.spacing[2]!)),
      };
    });
    const svg = plot(curves, {
      title: "Way from the first time",
      xLabel: "time",
      yLabel: ways[0]!.volume.unit,
      now,
    });
    return [h("div", { class: "measure" }, framed(svg, button("CSV", "Save the ways of the points (e)", () => this.saveWays())))];
  }

  /** Ways of the points as a table. */
  saveWays(): void {
    const { ways } = this.stage.sight;
    if (ways.length > 0) save("trajectories.csv", new Blob([waysTable(ways)], { type: "text/csv" }));
  }

  close(): void {
    this.unwatch();
    clearTimeout(this.timer);
  }
}
