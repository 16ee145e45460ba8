/** The room in which results are looked at side by side. */
import { fileAddress, type Result } from "./api";
import { MAP_NAMES, table } from "./colours";
import { attempt, button, choice, fill, h, message, put, save, tell } from "./dom";
import { animated, composed, png, recorded, saveFigure, vector, type Plate } from "./figures";
import { Measures } from "./measures";
import { shown } from "./numbers";
import { Panel, type Subject } from "./panel";
import { firstOf, results, subjectsOf } from "./results";
import { Stage, type Mode, type Overlay, type Projection, type Tool } from "./stage";

const FRAMES_PER_SECOND = 12;
const BLINK_MILLISECONDS = 700;

export class View {
  readonly element = h("main", { class: "view" });
  private readonly stage = new Stage();
  private readonly panels: Panel[] = [];
  private readonly list = h("div", { class: "results" });
  private readonly grid = h("div", { class: "panels" });
  private readonly measures = new Measures(this.stage, () => this.panels);
  private readonly time = h("input", { type: "range", min: "0", max: "0", value: "0", "aria-label": "Time" });
  private readonly timeText = h("output", { class: "number" });
  private readonly depth = h("input", { type: "range", min: "0", max: "0", value: "0", "aria-label": "Plane" });
  private readonly depthText = h("output", { class: "number" });
  private readonly depthRow = h("label", { class: "slider", hidden: true }, h("span", {}, "plane"), this.depth, this.depthText);
  private readonly playing = button("▶", "Play (space)", () => this.play());
  private readonly selects: Record<"projection" | "overlay" | "tool" | "mode", HTMLSelectElement>;
  private timer: number | undefined;
  private filming = false;
  private closed = false;
  private blinked = 0;

  constructor() {
    const { stage } = this;
    this.selects = {
      projection: choice(
        "Projection",
        [["xy", "plane (XY)"], ["xz", "cut XZ"], ["yz", "cut YZ"], ["max", "brightest"], ["fourier", "spectrum"]],
        "xy",
        (word) => stage.change({ projection: word as Projection }),
      ),
      overlay: choice(
        "Motion",
        [["none", "no motion"], ["arrows", "arrows"], ["wheel", "colour wheel"]],
        "none",
        (word) => stage.change({ overlay: word as Overlay }),
      ),
      tool: choice(
        "Tool",
        [["move", "move"], ["line", "line"], ["box", "region"], ["point", "track points"]],
        "move",
        (word) => stage.change({ tool: word as Tool }),
      ),
      mode: choice(
        "Compare",
        [["beside", "side by side"], ["swipe", "swipe"], ["blink", "blink"]],
        "beside",
        (word) => stage.change({ mode: word as Mode }),
      ),
    };
    this.time.addEventListener("input", () => this.toFrame(Number(this.time.value)));
    this.depth.addEventListener("input", () => this.toPlane(Number(this.depth.value)));
    stage.watch(() => this.show());
    put(
      this.element,
      h("aside", {}, h("h2", {}, "Results"), this.list),
      h(
        "section",
        { class: "bench" },
        h(
          "div",
          { class: "toolbar", role: "toolbar", "aria-label": "View" },
          this.playing,
          h("label", { class: "slider" }, h("span", {}, "time"), this.time, this.timeText),
          this.depthRow,
          this.selects.projection,
          this.selects.overlay,
          this.selects.tool,
          this.selects.mode,
          button("fit", "Show whole pictures (0)", () => stage.reset()),
          button("clear", "Remove lines, regions and points (Escape)", () => this.clear()),
          h(
            "span",
            { class: "group", role: "group", "aria-label": "Export" },
            button("PNG", "Save a figure as PNG (p)", () => void this.figure()),
            button("SVG", "Save a figure as SVG (v)", () => this.drawing()),
            button("movie", "Save a movie as animated PNG, and as WebM where the browser can", () => void this.movie()),
          ),
        ),
        this.grid,
        this.measures.element,
      ),
    );
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      const all = (await results()).filter((result) => result.zarr !== undefined);
      if (all.length === 0) fill(this.list, h("p", { class: "soft" }, "No results yet: start a run, or put one into the folder."));
      else fill(this.list, ...all.map((result) => this.entry(result)));
      const wanted = new URLSearchParams(location.hash.split("?")[1]).get("result");
      const first = all.find((result) => result.name === wanted) ?? (all.length === 1 ? all[0] : undefined);
      if (first) await this.open(first);
      else this.empty();
    } catch (failure) {
      tell(message(failure), true);
    }
  }

  private empty(): void {
    if (this.panels.length === 0)
      fill(this.grid, h("p", { class: "hint" }, "Choose what to look at from the list: results of several runs can stand side by side."));
  }

  private entry(result: Result): HTMLElement {
    const parts = h("div", { class: "parts" });
    const details = h(
      "details",
      {
        ontoggle: () => {
          if (details.open && parts.childElementCount === 0) void this.fillParts(result, parts);
        },
      },
      h("summary", {}, h("b", {}, result.name), h("span", { class: "soft" }, result.system ?? "picture")),
      button("show", `Show ${result.name}`, () => void this.open(result)),
      result.report
        ? h("a", { href: fileAddress(result.root, `${result.path}/report.html`), target: "_blank", rel: "noopener" }, "report")
        : null,
      parts,
    );
    return details;
  }

  private async fillParts(result: Result, parts: HTMLElement): Promise<void> {
    try {
      const all = await subjectsOf(result);
      put(
        parts,
        ...all.map((subject) => {
          const name = subject.title.slice(result.name.length + 2);
          return button(`+ ${name}`, `Add ${subject.title}`, () => this.add(subject), { class: "quiet" });
        }),
      );
    } catch (failure) {
      tell(message(failure), true);
    }
  }

  private async open(result: Result): Promise<void> {
    try {
      const first = firstOf(await subjectsOf(result));
      if (this.closed) return;
      for (const subject of first) this.add(subject);
      this.toFrame(0);
    } catch (failure) {
      tell(message(failure), true);
    }
  }

  private add(subject: Subject): void {
    if (this.panels.length === 0) fill(this.grid);
    const panel = new Panel({ ...subject }, this.stage, (removed) => this.remove(removed));
    this.panels.push(panel);
    this.grid.append(panel.element);
    this.arrange();
    this.show();
  }

  private remove(panel: Panel): void {
    this.panels.splice(this.panels.indexOf(panel), 1);
    panel.close();
    this.arrange();
    this.empty();
    this.measures.renew();
  }

  private arrange(): void {
    this.grid.style.setProperty("--columns", String(Math.min(this.panels.length, 3) || 1));
  }

  /** The panel whose times and planes the sliders count. */
  private get leading(): Panel | undefined {
    return this.panels[0];
  }

  private toFrame(frame: number): void {
    const { leading } = this;
    if (!leading) return;
    const { frames } = leading.subject.volume;
    const { times } = leading.subject;
    const time = times.length === frames ? times[frame]! : frames === 1 ? -1 : -1 + (2 * frame) / (frames - 1);
    this.stage.change({ time });
  }

  private get cut(): "y" | "x" | "z" {
    return ({ xz: "y", yz: "x" } as Partial<Record<Projection, "y" | "x">>)[this.stage.sight.projection] ?? "z";
  }

  /** Samples along what the second slider goes through. */
  private get steps(): number {
    const volume = this.leading?.subject.volume;
    return volume ? { y: volume.height, x: volume.width, z: volume.depth }[this.cut] : 1;
  }

  private toPlane(plane: number): void {
    this.stage.change({ [this.cut]: this.cut === "z" ? plane / Math.max(1, this.steps - 1) : (plane + 0.5) / this.steps });
  }

  private show(): void {
    const { sight } = this.stage;
    const { leading } = this;
    for (const name of ["projection", "overlay", "tool", "mode"] as const) this.selects[name].value = sight[name];
    this.grid.className = `panels ${sight.mode}`;
    this.grid.style.setProperty("--swipe", `${100 * sight.swipe}%`);
    this.grid.dataset["tool"] = sight.tool;
    this.panels.forEach((panel, i) =>
      panel.element.classList.toggle("behind", sight.mode === "blink" && i !== this.blinked % this.panels.length),
    );
    if (!leading) return;
    const { frames, depth } = leading.subject.volume;
    this.time.max = String(frames - 1);
    this.time.value = String(leading.frame);
    this.timeText.textContent = `${leading.frame + 1}/${frames}  t = ${sight.time.toFixed(2)}`;
    this.depthRow.hidden = depth === 1 && this.cut === "z";
    this.depthRow.firstElementChild!.textContent = { z: "plane", y: "row", x: "column" }[this.cut];
    this.depth.max = String(this.steps - 1);
    const at = this.cut === "z" ? leading.plane : Math.floor(sight[this.cut] * this.steps);
    this.depth.value = String(at);
    this.depthText.textContent = `${at + 1}/${this.steps}`;
  }

  private play(): void {
    if (this.timer !== undefined) {
      clearInterval(this.timer);
      this.timer = undefined;
    } else
      this.timer = window.setInterval(() => {
        const frames = this.leading?.subject.volume.frames ?? 1;
        // The next frame is shown when the one before has come.
        if (this.panels.every((panel) => panel.ready)) this.toFrame((Number(this.time.value) + 1) % frames);
      }, 1000 / FRAMES_PER_SECOND);
    this.playing.textContent = this.timer === undefined ? "▶" : "❚❚";
    this.playing.setAttribute("aria-pressed", String(this.timer !== undefined));
  }

  private clear(): void {
    this.stage.change({ line: undefined, box: undefined, ways: [] });
  }

  private readonly blinking = window.setInterval(() => {
    if (this.stage.sight.mode !== "blink") return;
    this.blinked++;
    this.show();
  }, BLINK_MILLISECONDS);

  private plates(withBars: boolean): Plate[] {
    return this.panels.map((panel) => {
      const { subject } = panel;
      const picture = panel.picture(withBars);
      const plate: Plate = { title: subject.title, ...picture };
      if (subject.channels.length === 1 && this.stage.sight.projection !== "fourier") {
        const bytes = table(subject.map);
        const colour = (entry: number) => `rgb(${bytes.subarray(4 * entry, 4 * entry + 3).join(",")})`;
        const stops = Array.from({ length: 17 }, (_, i) => colour(Math.round((255 * i) / 16)));
        const [, unit = ""] = /\(([^()]*)\)$/.exec(subject.title) ?? [];
        plate.colours = { stops, low: shown(subject.low, 4), high: `${shown(subject.high, 4)} ${unit}`.trim() };
      }
      return plate;
    });
  }

  private async figure(): Promise<void> {
    if (this.panels.length === 0) return;
    try {
      await saveFigure(this.plates(true));
    } catch (failure) {
      tell(message(failure), true);
    }
  }

  private drawing(): void {
    if (this.panels.length === 0) return;
    save("figure.svg", new Blob([vector(this.plates(false))], { type: "image/svg+xml" }));
    this.stage.change({});
  }

  /** Every frame from the first to the last, each when all of it has come. */
  private async movie(): Promise<void> {
    const frames = this.leading?.subject.volume.frames ?? 0;
    if (frames === 0 || this.filming) return;
    if (this.timer !== undefined) this.play();
    this.filming = true;
    const before = Number(this.time.value);
    tell("The movie is being made.");
    try {
      const pictures: Blob[] = [];
      for (let frame = 0; frame < frames; frame++) {
        this.toFrame(frame);
        await this.settled();
        pictures.push(await png(composed(this.plates(true))));
      }
      save("movie.png", await animated(pictures, FRAMES_PER_SECOND));
      const webm = await recorded(pictures, FRAMES_PER_SECOND);
      if (webm) save("movie.webm", webm);
    } catch (failure) {
      tell(message(failure), true);
    } finally {
      this.filming = false;
    }
    this.toFrame(before);
  }

  private async settled(): Promise<void> {
    do {
      await new Promise((next) => setTimeout(next, 20));
      if (this.closed) throw new Error("the movie was not finished");
    } while (!this.panels.every((panel) => panel.ready));
  }

  /** @returns whether the key meant something */
  key(event: KeyboardEvent): boolean {
    const { sight } = this.stage;
    const frames = this.leading?.subject.volume.frames ?? 1;
    const frame = Number(this.time.value);
    const step = 0.1 / sight.zoom;
    const cycle = <T extends string>(all: readonly T[], now: T) => all[(all.indexOf(now) + 1) % all.length]!;
    const actions: Record<string, () => void> = {
      " ": () => this.play(),
      ArrowRight: () => this.toFrame(Math.min(frames - 1, frame + 1)),
      ArrowLeft: () => this.toFrame(Math.max(0, frame - 1)),
      Home: () => this.toFrame(0),
      End: () => this.toFrame(frames - 1),
      ArrowUp: () => this.toPlane(Math.min(this.steps - 1, Number(this.depth.value) + 1)),
      ArrowDown: () => this.toPlane(Math.max(0, Number(this.depth.value) - 1)),
      "+": () => this.stage.change({ zoom: Math.min(64, sight.zoom * 1.25) }),
      "-": () => this.stage.change({ zoom: Math.max(0.5, sight.zoom / 1.25) }),
      "0": () => this.stage.reset(),
      w: () => this.stage.change({ y: sight.y - step }),
      s: () => this.stage.change({ y: sight.y + step }),
      a: () => this.stage.change({ x: sight.x - step }),
      d: () => this.stage.change({ x: sight.x + step }),
      o: () => this.stage.change({ overlay: cycle(["none", "arrows", "wheel"], sight.overlay) }),
      x: () => this.stage.change({ projection: cycle(["xy", "xz", "yz", "max", "fourier"], sight.projection) }),
      c: () => this.stage.change({ mode: cycle(["beside", "swipe", "blink"], sight.mode) }),
      t: () => this.stage.change({ tool: cycle(["move", "line", "box", "point"], sight.tool) }),
      m: () => this.colours(),
      n: () => this.panels.forEach((panel) => attempt(panel.auto())),
      Enter: () => this.useTool(),
      p: () => void this.figure(),
      v: () => this.drawing(),
      e: () => this.measures.saveWays(),
      "[": () => this.stage.change({ swipe: Math.max(0, sight.swipe - 0.05) }),
      "]": () => this.stage.change({ swipe: Math.min(1, sight.swipe + 0.05) }),
      Escape: () => this.clear(),
    };
    const action = actions[event.key];
    action?.();
    return action !== undefined;
  }

  /** Without a pointer: a line or region across the middle of what is seen, or the point there. */
  private useTool(): void {
    const { tool, x, y, zoom } = this.stage.sight;
    const half = 0.25 / zoom;
    if (tool === "line") this.stage.change({ line: { x0: x - half, y0: y, x1: x + half, y1: y } });
    if (tool === "box") this.stage.change({ box: { x0: x - half, y0: y - half, x1: x + half, y1: y + half } });
    if (tool === "point" && this.leading) attempt(this.leading.track(x, y));
  }

  private colours(): void {
    for (const { subject } of this.panels)
      if (subject.channels.length === 1) subject.map = MAP_NAMES[(MAP_NAMES.indexOf(subject.map) + 1) % MAP_NAMES.length]!;
    this.stage.change({});
  }

  static readonly keys: [string, string][] = [
    ["space", "play or rest"],
    ["← →  Home End", "time"],
    ["↑ ↓", "plane, row or column"],
    ["+ −  0  w a s d", "zoom, whole picture, move"],
    ["x", "next projection"],
    ["o", "motion: none, arrows, colour wheel"],
    ["c  [ ]", "side by side, swipe, blink; move the swipe (or drag with shift)"],
    ["t  Enter", "next tool: move, line, region, points; use it in the middle of what is seen"],
    ["m  n", "next colours; contrast of every picture"],
    ["p  v  e", "save a figure as PNG, as SVG, the points' ways as CSV"],
    ["Escape", "remove lines, regions and points"],
  ];

  close(): void {
    this.closed = true;
    clearInterval(this.timer);
    clearInterval(this.blinking);
    for (const panel of this.panels) panel.close();
    this.measures.close();
  }
}
