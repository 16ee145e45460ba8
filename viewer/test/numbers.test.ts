import { describe, expect, it } from "vitest";
import { between, duration, histogram, profile, range, roundLength, shown, spectrum, statistics, transform } from "../source/numbers";

const random = (count: number) => Float32Array.from({ length: count }, () => Math.random() * 4 - 1);

describe("histogram", () => {
  it("counts every value once, what lies beyond at the ends", () => {
    const values = random(1000);
    expect(histogram(values, 0, 1, 10).reduce((a, b) => a + b)).toBe(1000);
    expect(histogram(Float32Array.of(-5, 0.05, 0.95, 7), 0, 1, 10)).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
  });
  it("passes over what is no number", () => {
    expect(histogram(Float32Array.of(NaN, 0.5), 0, 1, 2)).toEqual([0, 1]);
  });
});

describe("range", () => {
  it("cuts a share at either side", () => {
    expect(range(Float32Array.from({ length: 1001 }, (_, i) => i), 0.01)).toEqual([10, 990]);
  });
});

describe("statistics", () => {
  it("are those of the pixels, whichever corner comes first", () => {
    const values = Float32Array.from({ length: 20 }, (_, i) => i);
    const found = statistics(values, 4, 5, { x0: 2.5, y0: 2.1, x1: 1.2, y1: 1.9 });
    // Pixels 6, 7, 11 and 12.
    expect(found).toEqual({ count: 4, mean: 9, deviation: Math.sqrt(6.5), least: 6, largest: 12 });
  });
});

describe("values between pixels", () => {
  it("are linear, and those of the border beyond it", () => {
    const plane = Float32Array.from({ length: 30 }, (_, i) => 3 * Math.floor(i / 6) - 2 * (i % 6));
    expect(between(plane, 5, 6, 2.25, 3.5)).toBeCloseTo(3 * 2.25 - 7, 5);
    expect(between(plane, 5, 6, -3, 99)).toBe(-10);
  });
  it("go along a line from its first point to its last", () => {
    const plane = Float32Array.from({ length: 100 }, (_, i) => i % 10);
    const found = profile(plane, 10, 10, { x0: 1.5, y0: 5, x1: 7.5, y1: 5 });
    expect(found.length).toBe(7);
    expect(Array.from(found)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe("Fourier transform", () => {
  it("is the sum that defines it", () => {
    const n = 16;
    const re = Float64Array.from(random(n));
    const im = Float64Array.from(random(n));
    const expected = Array.from({ length: n }, (_, k) => {
      let [x, y] = [0, 0];
      for (let i = 0; i < n; i++) {
        const angle = (-2 * Math.PI * k * i) / n;
        x += re[i]! * Math.cos(angle) - im[i]! * Math.sin(angle);
        y += re[i]! * Math.sin(angle) + im[i]! * Math.cos(angle);
      }
      return [x, y];
    });
    transform(re, im);
    for (let k = 0; k < n; k++) {
      expect(re[k]).toBeCloseTo(expected[k]![0]!, 9);
      expect(im[k]).toBeCloseTo(expected[k]![1]!, 9);
    }
  });
  it("shows a grating at its frequency, zero in the middle", () => {
    const [height, width] = [40, 70];
    const values = Float32Array.from({ length: height * width }, (_, i) => Math.cos((2 * Math.PI * 8 * (i % width)) / 32));
    const { size, values: found } = spectrum(values, height, width);
    expect(size).toBe(32);
    const most = found.indexOf(Math.max(...found));
    expect([Math.floor(most / 32), Math.abs((most % 32) - 16)]).toEqual([16, 8]);
  });
});

describe("texts", () => {
  it("are short", () => {
    expect([shown(0.12345), shown(1234567), shown(0), shown(1e-7), shown(NaN)]).toEqual(["0.123", "1.23e+6", "0", "1.00e-7", "–"]);
    expect([duration(5.4), duration(125), duration(7380)]).toEqual(["5 s", "2 min 05 s", "2 h 03 min"]);
  });
  it("of scale bars are round", () => {
    expect([roundLength(7.3), roundLength(0.034), roundLength(450)].map((x) => Number(x.toPrecision(3)))).toEqual([5, 0.02, 200]);
  });
});
