package dev.nstm.apps.zarr;

/**
 * From which value to which a channel is shown.
 *
 * @param least value
 * @param largest value
 * @param dark shown black
 * @param bright shown in the full colour, above {@code dark}
 */
public record Shown(float least, float largest, float dark, float bright) {}
