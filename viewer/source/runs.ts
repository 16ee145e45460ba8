/** The room in which runs are followed and steered. */
import { done, fileAddress, told, type Result, type Status } from "./api";
import { attempt, button, fill, h, message, put, tell } from "./dom";
import { duration, shown } from "./numbers";
import { Panel } from "./panel";
import { INKS } from "./overlay";
import { plot, type Curve } from "./plots";
import { results, subjects } from "./results";
import { Stage } from "./stage";
import { Volume } from "./volume";

const POLL_MILLISECONDS = 1000;
const ONGOING: Status["phase"][] = ["preparing", "training", "paused", "concluding"];

interface Waiting {
  root: number;
  path: string;
}

/** Columns of metrics.csv. */
interface Metrics {
  names: string[];
  columns: number[][];
}

/** What a run's phase is called; one whose process has gone without a word says so. */
export function phase(result: Result): string {
  const { status } = result;
  if (!status) return result.zarr !== undefined ? "done" : result.checkpoints ? "interrupted" : "new";
  if (ONGOING.includes(status.phase) && status.alive === false) return "lost";
  return status.phase;
}

export function parseMetrics(text: string): Metrics {
  const [head, ...rows] = text.trim().split("\n");
  const names = head!.split(",");
  const values = rows.map((row) => row.split(",").map(Number));
  return { names, columns: names.map((_, column) => values.map((row) => row[column]!)) };
}

export class Runs {
  readonly element = h("main", { class: "runs" });
  private readonly list = h("ul", { class: "runlist", "aria-label": "Runs" });
  private readonly detail = h("section", { class: "detail", "aria-live": "off" });
  private readonly timer: number;
  private all: Result[] = [];
  private waiting: Waiting[] = [];
  private chosen: string | undefined;
  private shownRun: RunDetail | undefined;
  private polling = false;
  private closed = false;
  private readonly rows = new Map<string, HTMLElement>();
  private readonly none = h("p", { class: "soft", hidden: true }, "No runs yet. Start one in the room New, or from the command line with --monitor.");
  private readonly lost = h("p", { class: "wrong", role: "alert", hidden: true });

  constructor(private readonly viewable: boolean) {
    put(this.element, h("aside", {}, h("h2", {}, "Runs"), this.lost, this.none, this.list), this.detail);
    this.chosen = new URLSearchParams(location.hash.split("?")[1]).get("run") ?? undefined;
    this.timer = window.setInterval(() => void this.poll(), POLL_MILLISECONDS);
    void this.poll();
  }

  private async poll(): Promise<void> {
    if (this.polling || document.hidden) return;
    this.polling = true;
    try {
      [this.all, this.waiting] = await Promise.all([results(), told<Waiting[]>("waiting")]);
      // What goes on stands first.
      const rank = (result: Result) => (ONGOING.includes(phase(result) as Status["phase"]) ? 0 : 1);
      this.all = this.all.filter((result) => result.run).sort((a, b) => rank(a) - rank(b));
      if (this.closed) return;
      this.show();
      this.lost.hidden = true;
      await this.shownRun?.renew();
    } catch (failure) {
      this.lost.textContent = `The server does not answer: ${message(failure)}`;
      this.lost.hidden = false;
    } finally {
      this.polling = false;
    }
  }

  private show(): void {
    // Rows stay, and with them the focus and a press that is under way.
    const names = [...this.all.map((result) => result.name), ...this.waiting.map((job) => `waiting ${job.path}`)];
    for (const [name, row] of this.rows)
      if (!names.includes(name)) {
        row.remove();
        this.rows.delete(name);
      }
    this.all.forEach((result) => this.updateRow(this.rowOf(result.name, () => this.row(result)), result));
    for (const job of this.waiting) this.rowOf(`waiting ${job.path}`, () => this.waitingRow(job));
    names.forEach((name, place) => {
      const row = this.rows.get(name)!;
      if (this.list.children[place] !== row) this.list.insertBefore(row, this.list.children[place] ?? null);
    });
    this.none.hidden = names.length > 0;
    const now = this.all.find((result) => result.name === this.chosen) ?? this.all[0];
    if (!now) return;
    if (this.shownRun?.result.name === now.name) this.shownRun.result = now;
    else {
      this.shownRun?.close();
      this.shownRun = new RunDetail(now, this.viewable, (result, request) => void this.ask(result, request));
      fill(this.detail, this.shownRun.element);
    }
    for (const row of this.list.querySelectorAll("[data-name]"))
      row.setAttribute("aria-current", String(row.getAttribute("data-name") === now.name));
  }

  private rowOf(name: string, make: () => HTMLElement): HTMLElement {
    const row = this.rows.get(name) ?? make();
    this.rows.set(name, row);
    return row;
  }

  private waitingRow(job: Waiting): HTMLElement {
    return h(
      "li",
      { class: "run" },
      h("span", { class: "chip waiting" }, "waiting"),
      h("b", {}, job.path),
      button("stop", `Take ${job.path} from the queue`, () => void this.ask(job, "stop")),
    );
  }

  private row(result: Result): HTMLElement {
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "run", "data-name": result.name, onclick: () => this.choose(result.name) },
        h("span", { class: "chip" }),
        h("b", {}, result.name),
        h("span", { class: "soft" }),
        h("progress", { max: "1", "aria-label": `Progress of ${result.name}` }),
      ),
    );
  }

  private updateRow(row: HTMLElement, result: Result): void {
    const now = phase(result);
    const { status } = result;
    const chip = row.querySelector(".chip")!;
    chip.className = `chip ${now}`;
    chip.textContent = now;
    row.querySelector(".soft")!.textContent = result.system ?? "";
    row.querySelector("progress")!.value = status && status.epochs > 0 ? status.epoch / status.epochs : now === "done" ? 1 : 0;
  }

  private choose(name: string): void {
    this.chosen = name;
    this.show();
    if (this.shownRun) attempt(this.shownRun.renew());
  }

  private async ask(run: { root: number; path: string }, request: string): Promise<void> {
    try {
      if (request === "resume") await done("resume", run.root, { name: run.path });
      else await done("ask", run.root, { name: run.path, request });
    } catch (failure) {
      tell(message(failure), true);
    }
    void this.poll();
  }

  key(): boolean {
    return false;
  }

  static readonly keys: [string, string][] = [["Tab  Enter", "choose a run, press its buttons"]];

  close(): void {
    this.closed = true;
    clearInterval(this.timer);
    this.shownRun?.close();
  }
}

/** One run: its state, curves, and the scene as it is trained. */
class RunDetail {
  readonly element = h("div", { class: "rundetail" });
  private readonly state = h("div", { class: "state" });
  private readonly buttons = h("div", { class: "buttons", role: "group", "aria-label": "Steer the run" });
  private readonly loss = h("div", { class: "curves" });
  private readonly scene = h("div", { class: "panels live" });
  private readonly text = h("pre", { class: "soft", tabindex: "0", "aria-label": "What the run said" });
  private readonly stage = new Stage();
  private panels: Panel[] = [];
  private live = "";
  private metricsOf = "";
  private closed = false;

  constructor(
    public result: Result,
    private readonly viewable: boolean,
    private readonly ask: (result: Result, request: string) => void,
  ) {
    this.stage.change({ overlay: "arrows", time: 0 });
    const time = h("input", {
      type: "range",
      min: "-1",
      max: "1",
      step: "0.5",
      value: "0",
      "aria-label": "Time of the live scene",
      oninput: () => this.stage.change({ time: Number(time.value) }),
    });
    put(
      this.element,
      h("h2", {}, result.name),
      this.state,
      this.buttons,
      h("div", { class: "livescene" }, h("label", { class: "slider" }, h("span", {}, "time"), time), this.scene),
      this.loss,
      this.text,
    );
  }

  async renew(): Promise<void> {
    const { result } = this;
    const now = phase(result);
    const { status } = result;
    this.showState(now, status);
    this.showButtons(now);
    this.text.textContent = status?.text ?? "";
    this.text.hidden = !status?.text;
    const stamp = `${status?.epoch ?? ""} ${now}`;
    if (result.metrics && this.metricsOf !== stamp) {
      this.metricsOf = stamp;
      await this.showCurves();
    }
    const live = status?.live ? fileAddress(result.root, `${result.path}/monitor/${status.live}`) : "";
    if (live && live !== this.live) {
      this.live = live;
      await this.showScene(live).catch(() => undefined);
    }
  }

  private showState(now: string, status: Status | undefined): void {
    const facts: [string, string][] = [["state", now]];
    if (status) {
      facts.push(["epoch", `${status.epoch} of ${status.epochs}`]);
      if (status.loss !== undefined) facts.push(["loss", shown(status.loss, 4)]);
      if (status.secondsPerEpoch > 0) facts.push(["speed", `${shown(status.secondsPerEpoch)} s an epoch`]);
      facts.push(["details open", `${Math.round(100 * status.annealing)} %`]);
      facts.push(["pictures", status.reduction > 0 ? `reduced ${2 ** status.reduction} times` : "in full"]);
      if (status.secondsLeft !== undefined) facts.push(["time left", duration(status.secondsLeft)]);
    }
    fill(this.state, h("dl", {}, ...facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
  }

  private showButtons(now: string): void {
    const { result } = this;
    const ask = (request: string) => () => this.ask(result, request);
    const wanted: [string, string, boolean, () => void][] = [
      ["pause", "Rest until it is told to go on", now === "training", ask("pause")],
      ["go on", "Go on after a rest", now === "paused", ask("go")],
      ["checkpoint", "Write a checkpoint and the results so far", now === "training" || now === "paused", ask("checkpoint")],
      ["stop", "Write a checkpoint and end", ["training", "preparing", "paused"].includes(now), ask("stop")],
      ["resume", "Go on from the newest checkpoint", this.viewable && result.checkpoints === true && ["interrupted", "failed", "lost"].includes(now), ask("resume")],
      ["log", "What the run said, in a tab of its own", result.log === true, () => window.open(fileAddress(result.root, `${result.path}/run.log`), "_blank", "noopener")],
      ["look at it", "Show it in the room View", this.viewable && result.zarr !== undefined, () => (location.hash = `view?result=${encodeURIComponent(result.name)}`)],
    ];
    const texts = wanted.filter(([, , possible]) => possible).map(([text]) => text);
    if (texts.join() === [...this.buttons.children].map((child) => child.textContent).join()) return;
    fill(this.buttons, ...wanted.filter(([, , possible]) => possible).map(([text, title, , pressed]) => button(text, title, pressed)));
  }

  private async showCurves(): Promise<void> {
    const response = await fetch(fileAddress(this.result.root, `${this.result.path}/metrics.csv`));
    if (!response.ok) throw new Error(`the server answered ${response.status} for the table of epochs`);
    const { names, columns } = parseMetrics(await response.text());
    const epochs = columns[0]!;
    const curve = (name: string, index: number): Curve => ({
      name,
      colour: INKS[index % INKS.length]!,
      x: epochs,
      y: columns[names.indexOf(name)]!,
    });
    const terms = names.slice(2, names.indexOf("object rate"));
    fill(
      this.loss,
      plot([curve("loss", 1), ...terms.map((name, i) => curve(name, i + 2))], {
        title: "Loss and its terms",
        xLabel: "epoch",
        yLabel: "loss",
        logarithmic: true,
      }),
      plot([curve("object rate", 1), curve("motion rate", 0)], {
        title: "Learning rates",
        xLabel: "epoch",
        yLabel: "rate",
        logarithmic: true,
      }),
    );
  }

  private async showScene(address: string): Promise<void> {
    const volume = await Volume.open(address);
    if (this.closed) return;
    const all = subjects("live", volume, volume.times).filter((subject) => !subject.title.includes(": motion"));
    if (this.panels.length === all.length)
      // Contrast and place stay as somebody set them.
      for (const [i, panel] of this.panels.entries()) panel.renew(volume, all[i]!.low, all[i]!.high);
    else {
      for (const panel of this.panels) panel.close();
      this.panels = all.map((subject) => new Panel(subject, this.stage));
      fill(this.scene, ...this.panels.map((panel) => panel.element));
      this.scene.style.setProperty("--columns", String(Math.min(3, all.length)));
    }
  }

  close(): void {
    this.closed = true;
    for (const panel of this.panels) panel.close();
  }
}
