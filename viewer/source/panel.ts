/** One picture of a view, with its own contrast and colours. */
import { gradient, MAP_CHOICE } from "./colours";
import { attempt, button, choice, h, message } from "./dom";
import { field, origin, way, type Field } from "./motion";
import { histogram, range, shown, type Box } from "./numbers";
import { arrows, colourWheel, drawScaleBar, largest, marks, scaleBar, wheelLegend, ways, type Draw, type Mapping, type ScaleBar } from "./overlay";
import { Painter, type Frame, type Layer } from "./painter";
import { computed, type Computed } from "./projections";
import type { Stage } from "./stage";
import { nearestFrame, type Source, type Volume } from "./volume";

/** What a panel shows. */
export interface Subject {
  title: string;
  volume: Volume;
  /** Several are colours of one picture. */
  channels: number[];
  map: string;
  low: number;
  high: number;
  /** Times of the frames where the volume does not tell. */
  times: readonly number[];
}

const BINS = 96;

export class Panel {
  readonly element: HTMLElement;
  private readonly canvas = h("canvas", { role: "img", tabindex: "0" });
  private readonly above = h("canvas", { class: "above", "aria-hidden": "true" });
  private readonly reading = h("span", { class: "reading" });
  private readonly trouble = h("p", { class: "trouble", role: "alert", hidden: true });
  private readonly bars = h("canvas", { class: "histogram", width: "192", height: "34", "aria-hidden": "true" });
  private readonly low: HTMLInputElement;
  private readonly high: HTMLInputElement;
  private readonly maps: HTMLSelectElement;
  private readonly scale = h("div", { class: "colourbar" });
  private readonly painter: Painter;
  private readonly unwatch: () => void;
  private readonly sized: ResizeObserver;
  private due = false;
  private source: Source | undefined;
  private motion: { key: string; field: Field } | undefined;
  private closed = false;
  private values: { key: string; values: Float32Array } | undefined;
  private complete = false;
  private broken = false;
  private touched = false;
  /** Largest displacement seen so far, so that lengths of arrows can be compared over time. */
  private most = 0;

  constructor(
    readonly subject: Subject,
    private readonly stage: Stage,
    removed?: (panel: Panel) => void,
  ) {
    this.low = this.limit("Darkest value", () => this.set(Number(this.low.value), subject.high));
    this.high = this.limit("Brightest value", () => this.set(subject.low, Number(this.high.value)));
    const coloured = subject.channels.length > 1;
    this.maps = choice("Colours", MAP_CHOICE, subject.map, (map) => {
      subject.map = map;
      this.redraw();
    });
    this.element = h(
      "figure",
      { class: "panel" },
      h(
        "figcaption",
        {},
        h("b", {}, subject.title),
        this.reading,
        removed ? button("×", `Remove ${subject.title}`, () => removed(this), { class: "quiet" }) : null,
      ),
      h("div", { class: "stack" }, this.canvas, this.above, this.trouble),
      h(
        "div",
        { class: "contrast" },
        this.low,
        h("div", { class: "middle" }, this.bars, this.scale),
        this.high,
        button("auto", "Contrast from this picture", () => attempt(this.auto())),
        coloured ? null : this.maps,
      ),
    );
    this.painter = new Painter(this.canvas, () => this.redraw(), (failure) => this.failed(failure));
    this.unwatch = stage.watch(() => this.redraw());
    this.sized = new ResizeObserver(() => this.redraw());
    this.sized.observe(this.canvas);
    this.listen();
    this.showContrast();
    this.redraw();
  }

  private limit(title: string, changed: () => void): HTMLInputElement {
    return h("input", { type: "number", step: "any", title, "aria-label": `${title} of ${this.subject.title}`, onchange: changed });
  }

  /** The frame that is shown at the time of the view. */
  get frame(): number {
    return nearestFrame(this.subject.times, this.subject.volume.frames, this.stage.sight.time);
  }

  get plane(): number {
    const { depth } = this.subject.volume;
    return Math.min(depth - 1, Math.round(this.stage.sight.z * (depth - 1)));
  }

  /** Contrast that somebody wants. */
  private set(low: number, high: number): void {
    this.touched = true;
    this.contrast(low, high);
  }

  private contrast(low: number, high: number): void {
    this.subject.low = low;
    this.subject.high = high;
    this.showContrast();
    this.redraw();
  }

  private showContrast(): void {
    this.low.value = shown(this.subject.low);
    this.high.value = shown(this.subject.high);
  }

  /** Contrast from the values that are shown. */
  async auto(): Promise<void> {
    // A spectrum has a range of its own.
    if (this.stage.sight.projection === "fourier") return;
    const values = await this.shownValues();
    const [low, high] = range(values);
    if (this.subject.map === "balance") {
      const most = Math.max(Math.abs(low), Math.abs(high));
      this.set(-most, most);
    } else this.set(low, high);
  }

  /** All values of what is shown, of a size that is quickly there. */
  private async shownValues(): Promise<Float32Array> {
    const { volume, channels } = this.subject;
    if (this.stage.sight.projection === "xy")
      return volume.values(this.frame, channels[0]!, this.plane, volume.levelFor(512));
    return this.source ? this.source.tile(0, 0, 0) : new Float32Array(1);
  }

  /** Draws soon, once for all that has changed until then. */
  redraw(): void {
    if (this.due || this.closed) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      if (!this.closed) this.draw();
    });
  }

  /** Shows another version of the same; its contrast, until somebody has set one. */
  renew(volume: Volume, low: number, high: number): void {
    this.subject.volume = volume;
    this.motion = undefined;
    if (this.touched) this.redraw();
    else this.contrast(low, high);
  }

  /** Whether everything that is to be seen has come, or will not come. */
  get ready(): boolean {
    return (this.complete || this.broken) && !this.due;
  }

  private failed(failure: unknown): void {
    this.trouble.textContent = message(failure);
    this.trouble.hidden = false;
    this.broken = true;
  }

  /** What is drawn, and whether that is what is wanted now: until it is computed, what was before is shown. */
  private layers(): { layers: Layer[]; current: boolean } {
    const { volume, channels, low, high, map } = this.subject;
    const { projection } = this.stage.sight;
    const layers: Layer[] = [];
    let current = true;
    for (const channel of channels) {
      const made =
        projection === "xy"
          ? { picture: volume.plane(this.frame, channel, this.plane) as Computed, current: true }
          : computed(
              volume,
              projection,
              this.frame,
              channel,
              this.plane,
              this.stage.sight,
              () => this.redraw(),
              (failure) => this.failed(failure),
            );
      current &&= made?.current ?? false;
      if (!made) continue;
      const colours = channels.length > 1 ? volume.channels[channel]!.colour : map;
      const limits = projection === "fourier" ? made.picture.range : undefined;
      layers.push({ source: made.picture, map: colours, low: limits?.[0] ?? low, high: limits?.[1] ?? high });
    }
    return { layers, current };
  }

  /** Whether the picture is a cut along the depth: it is then moved sideways only. */
  private get cut(): boolean {
    return ["xz", "yz"].includes(this.stage.sight.projection);
  }

  /** Where the view lies on this picture. */
  private view(source: Source): Frame {
    const { projection, x, y, zoom } = this.stage.sight;
    const { spacing } = this.subject.volume;
    const aspect = this.cut ? spacing[0]! / spacing[2]! : 1;
    const fit = Math.min(this.canvas.width / source.width, this.canvas.height / (source.height * aspect));
    return {
      x: (projection === "yz" ? y : x) * source.width,
      y: (this.cut ? 0.5 : y) * source.height,
      zoom: fit * zoom,
      aspect,
    };
  }

  /** Of pixels of the picture. */
  private plain(view: Frame, full = 1): Mapping {
    return {
      x: (pixel) => (pixel * full - view.x) * view.zoom + this.canvas.width / 2,
      y: (pixel) => (pixel * full - view.y) * view.zoom * view.aspect + this.canvas.height / 2,
      zoom: view.zoom * full,
    };
  }

  /** Of pixels of the volume in full, also where the picture has fewer. */
  private mapping(view: Frame, source: Source): Mapping {
    return this.plain(view, source.width / this.subject.volume.width);
  }

  private draw(): void {
    for (const canvas of [this.canvas, this.above]) {
      const width = Math.max(1, Math.round(this.canvas.clientWidth * devicePixelRatio));
      const height = Math.max(1, Math.round(this.canvas.clientHeight * devicePixelRatio));
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
    }
    const { layers, current } = this.layers();
    this.source = layers[0]?.source;
    if (!this.source) {
      this.complete = false;
      return;
    }
    const view = this.view(this.source);
    const all = this.painter.draw(layers, view);
    const moved = this.drawAbove(view, this.source, true);
    this.complete = all && current && moved;
    this.element.setAttribute("aria-busy", String(!this.complete));
    if (this.complete) {
      this.trouble.hidden = true;
      this.broken = false;
    }
    this.scale.style.background = gradient(this.subject.channels.length > 1 ? "grey" : this.subject.map);
    this.maps.value = this.subject.map;
    const { volume } = this.subject;
    this.canvas.setAttribute(
      "aria-label",
      `${this.subject.title}, frame ${this.frame + 1} of ${volume.frames}` +
        (volume.depth > 1 ? `, plane ${this.plane + 1} of ${volume.depth}` : ""),
    );
    void this.drawHistogram();
  }

  /** @returns whether the motion is that of now */
  private drawAbove(view: Frame, source: Source, withBar: boolean): boolean {
    const draw = this.above.getContext("2d")!;
    const { width, height } = this.above;
    draw.clearRect(0, 0, width, height);
    const mapping = this.mapping(view, source);
    const { sight } = this.stage;
    const { volume } = this.subject;
    let current = true;
    if (this.measurable) {
      if (sight.overlay !== "none") current = this.drawMotion(draw, mapping);
      const place = (y: number, x: number): [number, number] => [mapping.x(x * volume.width), mapping.y(y * volume.height)];
      ways(draw, sight.ways, sight.time, place);
      draw.lineWidth = 2 * devicePixelRatio;
      draw.strokeStyle = "#ffd43b";
      if (sight.line) {
        draw.beginPath();
        draw.moveTo(...place(sight.line.y0, sight.line.x0));
        draw.lineTo(...place(sight.line.y1, sight.line.x1));
        draw.stroke();
      }
      if (sight.box) {
        const [x, y] = place(sight.box.y0, sight.box.x0);
        const [right, bottom] = place(sight.box.y1, sight.box.x1);
        draw.strokeRect(x, y, right - x, bottom - y);
      }
    }
    if (sight.projection === "fourier") marks(draw, sight.marks, this.plain(view), source.height, volume.spacing[2]!);
    else if (withBar) drawScaleBar(draw, this.bar(view, source), height);
    if (sight.overlay === "wheel" && this.measurable && volume.motionChannels.length > 0)
      wheelLegend(draw, width - 58 * devicePixelRatio, height - 58 * devicePixelRatio, 24 * devicePixelRatio);
    return current;
  }

  /** Whether rows and columns of the picture are those of the volume. */
  private get measurable(): boolean {
    return ["xy", "max"].includes(this.stage.sight.projection);
  }

  /** The scale bar of what is shown. */
  private bar(view: Frame, source: Source): ScaleBar {
    const { volume } = this.subject;
    const along = this.stage.sight.projection === "yz" ? volume.height : volume.width;
    return scaleBar(this.canvas.width, view.zoom, (volume.spacing[2]! * along) / source.width, volume.unit);
  }

  /** @returns whether what is drawn is the motion of now */
  private drawMotion(draw: Draw, mapping: Mapping): boolean {
    const { volume } = this.subject;
    const now = () => [this.subject.volume.id, this.frame, this.plane].join("|");
    const key = now();
    if (this.motion?.key !== key) {
      const loading = field(volume, this.frame, this.plane);
      if (!loading) return true;
      loading
        .then((loaded) => {
          if (key !== now()) return;
          this.motion = { key, field: loaded };
          this.most = Math.max(this.most, largest(loaded));
          this.redraw();
        })
        .catch((failure: unknown) => this.failed(failure));
    }
    if (!this.motion) return false;
    if (this.stage.sight.overlay === "wheel") colourWheel(draw, this.motion.field, mapping, this.most);
    else arrows(draw, this.motion.field, mapping, this.above.width, this.above.height, this.most);
    return this.motion.key === key;
  }

  private async drawHistogram(): Promise<void> {
    const key = [this.source?.key, this.subject.low, this.subject.high].join("|");
    if (this.values?.key === key) return;
    const values = await this.shownValues().catch(() => undefined);
    if (!values) return;
    this.values = { key, values };
    const [least, most] = range(values, 0);
    const low = Math.min(least, this.subject.low);
    const high = Math.max(most, this.subject.high);
    const counts = histogram(values, low, high, BINS);
    const highest = Math.max(...counts);
    this.bars.width = Math.max(BINS, this.bars.clientWidth * devicePixelRatio);
    const draw = this.bars.getContext("2d")!;
    const { width, height } = this.bars;
    draw.clearRect(0, 0, width, height);
    draw.fillStyle = getComputedStyle(this.bars).color;
    counts.forEach((count, i) => {
      const tall = (Math.sqrt(count / highest) || 0) * height;
      draw.fillRect((i * width) / BINS, height - tall, width / BINS - 0.5, tall);
    });
    draw.fillStyle = "#e8590c";
    for (const limit of [this.subject.low, this.subject.high])
      draw.fillRect(((limit - low) / (high - low)) * (width - 2), 0, 2, height);
  }

  /** From a place on the screen to shares of width and height of the picture. */
  private place(event: MouseEvent): [number, number] {
    const bounds = this.canvas.getBoundingClientRect();
    const source = this.source;
    if (!source) return [0.5, 0.5];
    const view = this.view(source);
    const x = view.x + ((event.clientX - bounds.left) * devicePixelRatio - this.canvas.width / 2) / view.zoom;
    const y =
      view.y + ((event.clientY - bounds.top) * devicePixelRatio - this.canvas.height / 2) / view.zoom / view.aspect;
    return [x / source.width, y / source.height];
  }

  private listen(): void {
    const { canvas, stage } = this;
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const [x, y] = this.place(event);
        const { sight } = stage;
        const zoom = Math.min(64, Math.max(0.5, sight.zoom * Math.exp(-event.deltaY / 400)));
        const keep = sight.zoom / zoom;
        if (this.cut) stage.change({ zoom });
        else stage.change({ zoom, x: x + (sight.x - x) * keep, y: y + (sight.y - y) * keep });
      },
      { passive: false },
    );
    canvas.addEventListener("dblclick", () => stage.reset());
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => void this.read(event));
    canvas.addEventListener("pointerleave", () => (this.reading.textContent = ""));
  }

  private press(event: PointerEvent): void {
    const { canvas, stage } = this;
    const { sight } = stage;
    const [x0, y0] = this.place(event);
    // In cuts and spectra places mean something else.
    const tool = this.measurable ? sight.tool : "move";
    if (tool === "point") {
      attempt(this.track(x0, y0));
      return;
    }
    canvas.setPointerCapture(event.pointerId);
    const move = (next: PointerEvent) => {
      const [x, y] = this.place(next);
      if (tool === "line") stage.change({ line: { x0, y0, x1: x, y1: y } });
      else if (tool === "box") stage.change({ box: { x0, y0, x1: x, y1: y } });
      else if (sight.mode === "swipe" && next.shiftKey) {
        const bounds = canvas.getBoundingClientRect();
        stage.change({ swipe: Math.min(1, Math.max(0, (next.clientX - bounds.left) / bounds.width)) });
      } else if (sight.projection === "yz") stage.change({ y: stage.sight.y + x0 - x });
      else stage.change({ x: stage.sight.x + x0 - x, ...(this.cut ? {} : { y: stage.sight.y + y0 - y }) });
    };
    const end = () => {
      canvas.removeEventListener("pointermove", move);
      canvas.removeEventListener("pointerup", end);
    };
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("pointerup", end);
  }

  /** Follows a point, given in shares of width and height, through all frames. */
  async track(x: number, y: number): Promise<void> {
    const { volume, times } = this.subject;
    const now = field(volume, this.frame, this.plane);
    if (!now) throw new Error(`${this.subject.title} has no motion; click the picture of a result that has`);
    const start = origin(await now, y * volume.height, x * volume.width);
    const places = await way(volume, this.plane, start);
    this.stage.change({ ways: [...this.stage.sight.ways, { volume, times, places }] });
  }

  /** Shows place and value below the pointer. */
  private async read(event: MouseEvent): Promise<void> {
    const { volume, channels } = this.subject;
    if (this.stage.sight.projection !== "xy") return;
    const [x, y] = this.place(event);
    const column = Math.floor(x * volume.width);
    const row = Math.floor(y * volume.height);
    if (column < 0 || row < 0 || column >= volume.width || row >= volume.height) {
      this.reading.textContent = "";
      return;
    }
    const source = volume.plane(this.frame, channels[0]!, this.plane);
    const tile = await source
      .tile(0, Math.floor(row / source.tileHeight), Math.floor(column / source.tileWidth))
      .catch(() => undefined);
    if (!tile) return;
    const value = tile[(row % source.tileHeight) * source.tileWidth + (column % source.tileWidth)]!;
    this.reading.textContent = `x ${column}, y ${row}: ${shown(value, 4)}`;
  }

  /**
   * The picture with what lies over it, as it is on the screen.
   *
   * @param withBar whether the scale bar is drawn, or left to those who draw it anew
   */
  picture(withBar: boolean): { canvas: HTMLCanvasElement; above: HTMLCanvasElement; bar: ScaleBar | undefined } {
    this.draw();
    const bar = this.source && this.stage.sight.projection !== "fourier" ? this.bar(this.view(this.source), this.source) : undefined;
    if (this.source && !withBar) this.drawAbove(this.view(this.source), this.source, false);
    return { canvas: this.canvas, above: this.above, bar };
  }

  /** A share of the picture as pixels of it. */
  box(share: Box): Box {
    const { width, height } = this.subject.volume;
    return { x0: share.x0 * width, y0: share.y0 * height, x1: share.x1 * width, y1: share.y1 * height };
  }

  close(): void {
    this.closed = true;
    this.unwatch();
    this.sized.disconnect();
    this.painter.close();
    this.element.remove();
  }
}
