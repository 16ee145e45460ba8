/** What all panels of a view share: where and when is looked at, and with what. */
import type { Mark } from "./api";
import type { Way } from "./motion";
import type { Box } from "./numbers";

export type Projection = "xy" | "xz" | "yz" | "max" | "fourier";
export type Overlay = "none" | "arrows" | "wheel";
export type Tool = "move" | "line" | "box" | "point";
export type Mode = "beside" | "swipe" | "blink";

export interface Sight {
  /** In [-1, 1]. */
  time: number;
  /** Share of the depth, 0 to 1. */
  z: number;
  /** Middle of what is seen, as shares of width and height: panels may have pixels of different sizes. */
  x: number;
  y: number;
  /** 1 shows a picture whole. */
  zoom: number;
  projection: Projection;
  overlay: Overlay;
  tool: Tool;
  mode: Mode;
  /** Where the second picture begins, as a share of the width. */
  swipe: number;
  /** In shares of width and height. */
  line?: Box | undefined;
  box?: Box | undefined;
  ways: readonly Way[];
  /** Drawn over spectra. */
  marks: readonly Mark[];
}

const FIRST: Sight = {
  time: -1,
  z: 0.5,
  x: 0.5,
  y: 0.5,
  zoom: 1,
  projection: "xy",
  overlay: "none",
  tool: "move",
  mode: "beside",
  swipe: 0.5,
  ways: [],
  marks: [],
};

export class Stage {
  sight: Sight = { ...FIRST };
  private readonly watchers = new Set<(changed: Partial<Sight>) => void>();

  change(changed: Partial<Sight>): void {
    this.sight = { ...this.sight, ...changed };
    for (const watcher of this.watchers) watcher(changed);
  }

  /** Looks at the whole picture again. */
  reset(): void {
    this.change({ x: 0.5, y: 0.5, zoom: 1 });
  }

  /** @returns what ends it */
  watch(watcher: (changed: Partial<Sight>) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }
}
