package dev.nstm.apps.io;

import java.util.function.IntFunction;

/**
 * An array of which one part at a time is in memory.
 *
 * @param shape extents, outermost first
 * @param count of the parts
 * @param part its values, row-major; one part follows the other
 */
public record NpyParts(int[] shape, int count, IntFunction<float[]> part) implements NpyContent {}
