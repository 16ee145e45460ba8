package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The light of one direction as the sum of its orders, each of which is a grating. Where two or three beams in a plane
 * make lines, the gratings are multiples of one. Where beams make a lattice, such as the hexagonal one of three beams,
 * the gratings differ; the phase of order o then steps o times as far as that of the first order.
 *
 * @param gratings of the orders 1 and up
 * @param lines whether they are multiples of the first
 */
public record LightPattern(List<LinePattern> gratings, boolean lines) {
    public LightPattern {
        gratings = List.copyOf(gratings);
        require(!gratings.isEmpty(), "a light pattern has at least one grating");
    }

    /**
     * @param first order 1
     * @param orders number of orders, order 0 included
     */
    public static LightPattern lines(LinePattern first, int orders) {
        return new LightPattern(
                IntStream.range(1, Math.max(2, orders))
                        .mapToObj(first::multiple)
                        .toList(),
                true);
    }

    public static LightPattern lattice(List<LinePattern> gratings) {
        return new LightPattern(gratings, false);
    }

    /** The first order of lines. */
    public LinePattern first() {
        return gratings.getFirst();
    }

    /** @param order from 1 */
    public LinePattern grating(int order) {
        return gratings.get(order - 1);
    }

    /** The same light, every grating counted the other way. */
    public LightPattern opposite() {
        return new LightPattern(gratings.stream().map(LinePattern::opposite).toList(), lines);
    }

    /**
     * cos(2 pi k.r + phase) with k the order's wave vector and r counted from the middle of the picture; cos(phase)
     * everywhere for order 0, which has no grating.
     */
    public Grid2D cosine(int order, double phase, int height, int width, double pixelSize) {
        if (order > 0) return grating(order).cosine(phase, height, width, pixelSize);
        Grid2D even = new Grid2D(height, width);
        Arrays.fill(even.values(), Math.cos(phase));
        return even;
    }

    /** Largest frequency of any order, in cycles per micrometre. */
    public double largestFrequency() {
        return gratings.stream()
                .mapToDouble(grating -> 1 / grating.lineSpacing())
                .max()
                .orElseThrow();
    }
}
