import { describe, expect, it } from "vitest";
import { table, wheel } from "../source/colours";
import { chunksOf } from "../source/figures";
import { carried, origin, type Field } from "../source/motion";
import { ticks } from "../source/plots";
import { parseMetrics, phase } from "../source/runs";
import { nearestFrame } from "../source/volume";
import { written, yaml } from "../source/yaml";

describe("colours", () => {
  it("go from the first of a map to its last", () => {
    expect(Array.from(table("grey").subarray(0, 4))).toEqual([0, 0, 0, 255]);
    expect(Array.from(table("grey").subarray(1020))).toEqual([255, 255, 255, 255]);
    expect(Array.from(table("00FF00").subarray(1020))).toEqual([0, 255, 0, 255]);
  });
  it("become brighter all along the uniform maps", () => {
    for (const map of ["viridis", "magma", "cividis"]) {
      const bytes = table(map);
      const light = (i: number) => 0.2126 * bytes[4 * i]! + 0.7152 * bytes[4 * i + 1]! + 0.0722 * bytes[4 * i + 2]!;
      for (let i = 8; i < 256; i += 8) expect(light(i)).toBeGreaterThan(light(i - 8));
    }
  });
  it("of directions differ, and opposite ones most", () => {
    expect(wheel(0, 1, 1)).toEqual([255, 0, 0]);
    expect(wheel(0, -1, 1)).toEqual([0, 255, 255]);
    expect(wheel(1, 0, 0)).toEqual([0, 0, 0]);
  });
});

describe("times", () => {
  it("find the nearest frame", () => {
    expect(nearestFrame([-1, -0.2, 0.9], 3, 0.3)).toBe(1);
    expect(nearestFrame([-1, -0.2, 0.9], 3, 0.5)).toBe(2);
    expect(nearestFrame([], 5, 0)).toBe(2);
  });
});

/** d(y, x) = (a y + b x, c y + d x) on a grid of every second pixel. */
function linear(a: number, b: number, c: number, d: number): Field {
  const [height, width, step] = [40, 50, 2];
  const place = (i: number) => [(Math.floor(i / width) + 0.5) * step, ((i % width) + 0.5) * step] as const;
  const of = (p: number, q: number) =>
    Float32Array.from({ length: height * width }, (_, i) => {
      const [y, x] = place(i);
      return p * y + q * x;
    });
  return { height, width, step, dy: of(a, b), dx: of(c, d) };
}

describe("points", () => {
  it("are carried to where they came from", () => {
    const motion = linear(0.1, -0.05, 0.08, 0.02);
    for (let round = 0; round < 20; round++) {
      const now = [10 + 55 * Math.random(), 10 + 75 * Math.random()] as const;
      const back = carried(motion, origin(motion, now[0], now[1]));
      expect(Math.hypot(back[0] - now[0], back[1] - now[1])).toBeLessThan(5e-3);
    }
  });
});

describe("configurations", () => {
  const keys = [
    { path: "schedule", kind: "word" },
    { path: "data.file", kind: "text" },
    { path: "data.crop", kind: "numbers" },
    { path: "optics.wavelength", kind: "number" },
  ];
  it("are written section by section, without what is empty", () => {
    const values = new Map([
      ["optics.wavelength", "0.525"],
      ["data.crop", "0, 0, 8, 8"],
      ["data.file", 'a "b" \\c.tif'],
      ["schedule", ""],
    ]);
    expect(yaml("dpc", keys, values).split("\n").slice(1)).toEqual([
      "system: dpc",
      "data:",
      '  file: "a \\"b\\" \\\\c.tif"',
      "  crop: [0, 0, 8, 8]",
      "optics:",
      "  wavelength: 0.525",
      "",
    ]);
  });
  it("quote what would be read as something else", () => {
    expect([written("auto", "word"), written("[1, 2]", "numbers"), written("1-60,75", "text"), written("3", "number_or_word")]).toEqual([
      "auto",
      "[1, 2]",
      '"1-60,75"',
      "3",
    ]);
  });
});

describe("runs", () => {
  const run = { root: 0, path: "a", name: "a", run: true };
  const status = { epoch: 1, epochs: 2, annealing: 0, reduction: 0, secondsPerEpoch: 1, time: "" };
  it("whose process has gone are lost, unless they had ended", () => {
    expect(phase({ ...run, status: { ...status, phase: "training", alive: false } })).toBe("lost");
    expect(phase({ ...run, status: { ...status, phase: "training", alive: true } })).toBe("training");
    expect(phase({ ...run, status: { ...status, phase: "done", alive: false } })).toBe("done");
    expect(phase({ ...run, checkpoints: true })).toBe("interrupted");
  });
  it("have a table of columns", () => {
    expect(parseMetrics("epoch,loss\n1,0.5\n2,2.5e-1\n")).toEqual({ names: ["epoch", "loss"], columns: [[1, 2], [0.5, 0.25]] });
  });
});

describe("axes", () => {
  it("have round ticks within their limits", () => {
    expect(ticks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(ticks(-0.13, 0.29, 4).map((x) => Number(x.toFixed(3)))).toEqual([0, 0.2]);
    expect(ticks(3, 3, 4)).toEqual([3]);
  });
});

describe("PNG", () => {
  it("is taken apart into its chunks", () => {
    const text = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    expect(chunksOf(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))).map((chunk) => chunk.type)).toEqual(["IHDR", "IDAT", "IEND"]);
  });
});
