package dev.nstm.apps.io;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a file says of the sampling of its pictures.
 *
 * @param pixelSize in micrometres
 * @param zStep distance of planes in micrometres
 * @param planes of a volume, where the file tells planes from times; else 0
 */
public record Calibration(OptionalDouble pixelSize, OptionalDouble zStep, int planes) {
    public static final Calibration NONE = new Calibration(OptionalDouble.empty(), OptionalDouble.empty(), 0);

    /** A length in a unit as micrometres; empty for units that are no length, and for what is no size. */
    static OptionalDouble micrometres(double value, String unit) {
        Optional<Double> scale = Optional.ofNullable(
                switch (unit.strip()
                        .toLowerCase(Locale.ROOT)
                        .replace("\u00b5", "u")
                        .replace("\u03bc", "u")
                        .replace("\\u00b5", "u")) {
                    case "um", "micron", "microns", "micrometer", "micrometre" -> 1.0;
                    case "nm", "nanometer", "nanometre" -> 1e-3;
                    case "mm", "millimeter", "millimetre" -> 1e3;
                    case "cm" -> 1e4;
                    case "m" -> 1e6;
                    default -> null;
                });
        return scale.isPresent() && value > 0 && Double.isFinite(value)
                ? OptionalDouble.of(value * scale.get())
                : OptionalDouble.empty();
    }
}
