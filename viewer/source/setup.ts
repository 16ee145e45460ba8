/** The room in which a run is set up: from a file to a configuration that the command line takes too. */
import { done, fileAddress, shotsAddress, told, upload, type Entry, type Estimate, type Key, type Look, type Question, type Status, type System } from "./api";
import { attempt, button, choice, fill, h, message, put, save, tell } from "./dom";
import { Panel } from "./panel";
import { subjects } from "./results";
import { Stage } from "./stage";
import { Volume } from "./volume";
import { yaml } from "./yaml";

/** Folder of the server's previews. */
const PREVIEW = ".nstm-preview";
const CHECK_MILLISECONDS = 400;
const POLL_MILLISECONDS = 700;
const READABLE = /\.(npz|npy|tiff?|btf|mrc|dv|czi|png|bmp|pgm|ppm|pnm)$/i;

export class Setup {
  readonly element = h("main", { class: "setup" });
  private readonly files = h("ul", { class: "files", "aria-label": "Files" });
  private readonly place = h("p", { class: "soft" });
  private readonly shots = h("section", { class: "shots", hidden: true });
  private readonly form = h("section", { class: "form", hidden: true });
  private readonly outcome = h("section", { class: "outcome", hidden: true });
  private readonly text = h("textarea", { class: "yaml", spellcheck: "false", readonly: true, "aria-label": "Configuration" });
  private readonly verdict = h("p", { class: "verdict", role: "status" });
  private readonly estimate = h("pre", { hidden: true, tabindex: "0", "aria-label": "Verdict of the estimate" });
  private readonly previewText = h("p", { class: "soft", role: "status" });
  private readonly preview = h("div", { class: "panels live" });
  private readonly lightButton = button(
    "check the light",
    "Compares the light that is given here with the shots: nstm dpc estimate, nstm sim estimate",
    () => void this.check(),
  );
  private readonly name = h("input", { type: "text", value: "run", "aria-label": "Name of the run" });
  private readonly stage = new Stage();
  private readonly projection = choice("Shown as", [["xy", "picture"], ["fourier", "spectrum"]], "xy", (word) =>
    this.stage.change({ projection: word as "xy" | "fourier" }),
  );
  private readonly previewStage = new Stage();
  private panels: Panel[] = [];
  private previewPanels: Panel[] = [];
  private systems: System[] = [];
  private look: Look | undefined;
  private system = "dpc";
  private folder = "";
  private file = "";
  private values = new Map<string, string>();
  private told = new Set<string>();
  private checking: number | undefined;
  private watching: number | undefined;
  private round = 0;
  private closed = false;

  /** @param mostBytes of a file that is taken in */
  constructor(private readonly mostBytes: number) {
    const picker = h("input", {
      type: "file",
      "aria-label": "Choose a file of this computer",
      onchange: () => {
        const [file] = picker.files ?? [];
        if (file) attempt(this.take(file));
      },
    });
    const drop = h(
      "div",
      {
        class: "drop",
        ondragover: (event: DragEvent) => {
          event.preventDefault();
          drop.classList.add("over");
        },
        ondragleave: () => drop.classList.remove("over"),
        ondrop: (event: DragEvent) => {
          event.preventDefault();
          drop.classList.remove("over");
          const [file] = event.dataTransfer?.files ?? [];
          if (file) attempt(this.take(file));
        },
      },
      h("p", {}, "Drop a recording here: TIFF, OME-Zarr folders by the list, NPZ, MRC, DV, CZI, PNG."),
      picker,
    );
    put(
      this.element,
      h("section", { class: "source" }, h("h2", {}, "1  Raw shots"), drop, this.place, this.files),
      this.shots,
      this.form,
      this.outcome,
    );
    void this.begin();
  }

  private async begin(): Promise<void> {
    try {
      this.systems = await told<System[]>("keys");
      await this.list();
    } catch (failure) {
      tell(message(failure), true);
    }
  }

  private async list(): Promise<void> {
    const entries = await told<Entry[]>("list", { root: 0, path: this.folder });
    this.place.textContent = this.folder ? `in ${this.folder}` : "or choose one of the folder:";
    const into = (name: string) => (this.folder ? `${this.folder}/${name}` : name);
    const rows = entries
      .filter((entry) => (entry.folder ? true : READABLE.test(entry.name)))
      .map((entry) => {
        const zarr = entry.folder && entry.name.endsWith(".zarr");
        const open = () => {
          if (!entry.folder || zarr) return attempt(this.choose(into(entry.name)));
          this.folder = into(entry.name);
          attempt(this.list());
        };
        const size = entry.bytes === undefined ? "" : `${(entry.bytes / 1e6).toFixed(1)} MB`;
        return h("li", {}, button(entry.folder && !zarr ? `${entry.name}/` : entry.name, `Open ${entry.name}`, open, { class: "quiet" }), h("span", { class: "soft" }, size));
      });
    if (this.folder)
      rows.unshift(
        h(
          "li",
          {},
          button("..", "One folder up", () => {
            this.folder = this.folder.split("/").slice(0, -1).join("/");
            attempt(this.list());
          }, { class: "quiet" }),
        ),
      );
    fill(this.files, ...rows);
  }

  private async take(file: File): Promise<void> {
    if (file.size > this.mostBytes)
      return tell(`Files of at most ${Math.round(this.mostBytes / 1e6)} MB are taken in; put ${file.name} into the folder yourself.`, true);
    tell(`${file.name} is taken in …`);
    try {
      await upload(0, file);
    } catch (failure) {
      // The same file may be there from an earlier time: it is used as it is.
      if (!message(failure).includes("already")) return tell(message(failure), true);
      tell(`${file.name} is in the folder already, and used as it is there.`);
    }
    this.folder = "";
    await this.list();
    await this.choose(file.name);
  }

  private async choose(file: string): Promise<void> {
    try {
      this.look = await told<Look>("look", { root: 0, path: file });
    } catch (failure) {
      return tell(message(failure), true);
    }
    this.file = file;
    this.values = new Map([["data.file", file]]);
    this.name.value = file.replace(/^.*\//, "").replace(/\.[^.]*$/, "").replace(/[^A-Za-z0-9_-]/g, "-") + "-run";
    this.usingSystem(this.look.system);
    await this.showShots();
    this.showForm();
    this.showOutcome();
  }

  private usingSystem(system: string): void {
    this.system = system;
    this.told = new Set();
    this.values = new Map([["data.file", this.file]]);
    for (const question of this.questions()) {
      if (question.usual === undefined || question.inFile) continue;
      this.values.set(question.path, question.usual);
      if (question.told) this.told.add(question.path);
    }
  }

  private questions(): Question[] {
    return this.look?.questions[this.system] ?? [];
  }

  private keys(): Key[] {
    return this.systems.find((system) => system.name === this.system)?.keys ?? [];
  }

  private async showShots(): Promise<void> {
    for (const panel of this.panels) panel.close();
    const { count, height, width, colours } = this.look!;
    const slider = h("input", {
      type: "range",
      min: "0",
      max: String(count - 1),
      value: "0",
      "aria-label": "Shot",
      oninput: () => {
        this.stage.change({ time: count === 1 ? -1 : -1 + (2 * Number(slider.value)) / (count - 1) });
        number.textContent = `${Number(slider.value) + 1}/${count}`;
      },
    });
    const number = h("output", { class: "number" }, `1/${count}`);
    this.projection.value = "xy";
    this.stage.change({ time: -1, projection: "xy", marks: [] });
    const pixelSize = Number(this.values.get("optics.pixelSize"));
    const volume = await Volume.open(shotsAddress(0, this.file), pixelSize > 0 ? { pixelSize } : {});
    if (this.closed) return;
    this.panels = subjects(this.file, volume, [])
      .slice(0, 1)
      .map((subject) => new Panel(subject, this.stage));
    this.shots.hidden = false;
    fill(
      this.shots,
      h("h2", {}, "2  What was recorded"),
      h("p", { class: "soft" }, `${count} ${count === 1 ? "picture" : "pictures"} of ${height} × ${width} pixels${colours > 1 ? ` in ${colours} colours` : ""}`),
      h("label", { class: "slider" }, h("span", {}, "shot"), slider, number, this.projection),
      h("div", { class: "panels single" }, ...this.panels.map((panel) => panel.element)),
    );
  }

  private showForm(): void {
    const systems = choice(
      "Instrument",
      this.systems.map((system) => [system.name, system.title] as const),
      this.system,
      (word) => {
        this.usingSystem(word);
        this.showForm();
        this.renew();
      },
    );
    const questions = this.questions().filter((question) => !question.inFile && question.path !== "data.file");
    const asked = new Set(questions.map((question) => question.path));
    const keys = this.keys();
    const sections = [...new Set(keys.map((key) => key.path.split(".")[0]!))];
    fill(
      this.form,
      h("h2", {}, "3  The instrument"),
      h("label", { class: "field" }, h("span", {}, "instrument"), systems),
      ...questions.flatMap((question) => {
        const key = keys.find((each) => each.path === question.path);
        return key ? [this.field(key, question.meaning, question.usual === undefined)] : [];
      }),
      ...this.questions()
        .filter((question) => question.inFile)
        .map((question) => h("p", { class: "soft" }, `${question.path}: in the file`)),
      h(
        "details",
        {},
        h("summary", {}, "every other setting"),
        ...sections.map((section) => {
          const own = keys.filter((key) => key.path.split(".")[0] === section && !asked.has(key.path) && key.path !== "data.file");
          return own.length === 0 ? null : h("fieldset", {}, h("legend", {}, section), ...own.map((key) => this.field(key, key.meaning, false)));
        }),
      ),
    );
    this.form.hidden = false;
  }

  /** @param asked whether it must be said */
  private field(key: Key, meaning: string, asked: boolean): HTMLElement {
    const known = this.values.get(key.path) ?? "";
    const hint = `${key.meaning} ${key.unit ? `Unit: ${key.unit}. ` : ""}Allowed: ${key.allowed}.`;
    const changed = (text: string) => {
      this.values.set(key.path, text);
      this.told.delete(key.path);
      mark.hidden = true;
      this.renew();
    };
    const mark = h("span", { class: "chip told", hidden: !this.told.has(key.path), title: "Found in the file; change it where it is wrong" }, "from file");
    const input = key.words
      ? choice(key.path, [["", key.usual ? `${key.usual} (usual)` : "as usual"], ...key.words.map((word) => [word, word] as const)], known, changed)
      : h("input", {
          type: "text",
          value: known,
          placeholder: key.usual || (asked ? "needed" : "follows from the data"),
          inputmode: ["number", "integer"].includes(key.kind) ? "decimal" : "text",
          "aria-label": key.path,
          oninput: (event: Event) => changed((event.target as HTMLInputElement).value),
        });
    return h(
      "label",
      { class: "field", title: hint },
      h("span", {}, h("b", {}, key.path.replace(/^[^.]*\./, "")), h("small", {}, meaning)),
      h("span", { class: "entry" }, input, h("span", { class: "unit" }, key.unit), mark),
    );
  }

  private showOutcome(): void {
    fill(
      this.outcome,
      h("h2", {}, "4  The run"),
      this.verdict,
      this.text,
      h(
        "div",
        { class: "buttons" },
        button("save YAML", "Save the configuration; nstm reconstruct takes it", () =>
          save(`${this.name.value}.yaml`, new Blob([this.text.value], { type: "text/yaml" })),
        ),
        this.lightButton,
        button("preview", "A quick look on reduced pictures, in seconds", () => void this.showPreview()),
      ),
      h("p", { class: "soft" }, "On the command line: ", h("code", {}, "nstm reconstruct FILE.yaml --out DIR --monitor")),
      this.estimate,
      this.previewText,
      this.preview,
      h("div", { class: "buttons" }, h("label", {}, "name ", this.name), button("start", "Start the run", () => void this.start(), { class: "primary" })),
    );
    this.outcome.hidden = false;
    this.renew();
  }

  /** Shows the configuration as it is now, and whether it is right. */
  private renew(): void {
    this.text.value = yaml(this.system, this.keys(), this.values);
    this.lightButton.hidden = !this.systems.some((system) => system.name === this.system && system.estimates);
    this.text.rows = this.text.value.split("\n").length;
    clearTimeout(this.checking);
    this.checking = window.setTimeout(() => void this.judge(), CHECK_MILLISECONDS);
  }

  private async judge(): Promise<void> {
    const round = ++this.round;
    const missing = this.questions().filter((question) => !question.inFile && !this.values.get(question.path)?.trim());
    let line = "This configuration is right.";
    let wrong = false;
    try {
      const said = await done<{ right: boolean; text?: string }>("check", 0, { yaml: this.text.value });
      wrong = !said.right;
      if (said.text) line = said.text;
      else if (missing.length > 0) line = `Still to be said: ${missing.map((question) => question.path).join(", ")}.`;
    } catch (failure) {
      line = message(failure);
      wrong = true;
    }
    if (round !== this.round) return;
    this.verdict.textContent = line;
    this.verdict.className = wrong ? "verdict wrong" : missing.length > 0 ? "verdict open" : "verdict";
  }

  private async check(): Promise<void> {
    this.estimate.hidden = false;
    this.estimate.textContent = "The shots are compared with the light …";
    try {
      const said = await done<Estimate>("estimate", 0, { yaml: this.text.value });
      this.estimate.textContent = said.text.trim();
      this.estimate.className = said.right ? "right" : "wrong";
      if (said.marks.length === 0) return;
      await this.showShots();
      this.projection.value = "fourier";
      this.stage.change({ projection: "fourier", marks: said.marks });
    } catch (failure) {
      this.estimate.textContent = message(failure);
      this.estimate.className = "wrong";
    }
  }

  private async showPreview(): Promise<void> {
    clearInterval(this.watching);
    // Clocks of two machines differ: another time than before is a new one.
    let before: string | undefined;
    try {
      before = (await told<Partial<Status>>("preview", { root: 0 })).time;
      await done("preview", 0, { yaml: this.text.value });
    } catch (failure) {
      return tell(message(failure), true);
    }
    this.previewText.textContent = "The preview is being made …";
    let seen = "";
    let asking = false;
    this.watching = window.setInterval(() => {
      if (asking) return;
      asking = true;
      void told<Partial<Status>>("preview", { root: 0 })
        .then(async (status) => {
          if (!status.phase || status.time === before || this.closed) return;
          if (["done", "failed", "interrupted"].includes(status.phase)) clearInterval(this.watching);
          if (status.phase === "failed") this.previewText.textContent = status.text ?? "the preview failed";
          if (!status.live || status.live === seen) return;
          seen = status.live;
          await this.showLive(fileAddress(0, `${PREVIEW}/monitor/${status.live}`), status.epoch ?? 0, status.epochs ?? 0);
        })
        .catch((failure: unknown) => {
          clearInterval(this.watching);
          this.previewText.textContent = message(failure);
        })
        .finally(() => (asking = false));
    }, POLL_MILLISECONDS);
  }

  private async showLive(address: string, epoch: number, epochs: number): Promise<void> {
    const volume = await Volume.open(address);
    if (this.closed) return;
    for (const panel of this.previewPanels) panel.close();
    this.previewStage.change({ time: 0, overlay: "arrows" });
    this.previewPanels = subjects("preview", volume, volume.times)
      .filter((subject) => !subject.title.includes(": motion"))
      .map((subject) => new Panel(subject, this.previewStage));
    this.previewText.textContent = `Preview after ${epoch} of ${epochs} epochs on reduced pictures:`;
    fill(this.preview, ...this.previewPanels.map((panel) => panel.element));
  }

  private async start(): Promise<void> {
    try {
      await done("start", 0, { name: this.name.value, yaml: this.text.value });
      location.hash = `runs?run=${encodeURIComponent(this.name.value)}`;
    } catch (failure) {
      tell(message(failure), true);
    }
  }

  key(): boolean {
    return false;
  }

  static readonly keys: [string, string][] = [["Tab", "next field"]];

  close(): void {
    this.closed = true;
    clearTimeout(this.checking);
    clearInterval(this.watching);
    for (const panel of [...this.panels, ...this.previewPanels]) panel.close();
  }
}
