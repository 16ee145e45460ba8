package dev.nstm.apps.io;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What a file says of the sampling of its pictures.
 *
 * @param pixelSize in micrometres
 * @param zStep distance of planes in micrometres
 * @param planes of a volume, where the file tells planes from times; else 0
 * @param frames times of a volume; told where {@code planes} is
 * @param planesFirst whether the planes of a volume follow each other, then the times
 * @param moments when the frames, or all pages, were taken, in a unit of the file's; empty where it does not say
 * @param wavelength of what was detected, in micrometres
 */
public record Calibration(
        OptionalDouble pixelSize,
        OptionalDouble zStep,
        int planes,
        int frames,
        boolean planesFirst,
        List<Double> moments,
        OptionalDouble wavelength) {
    public static final Calibration NONE = new Calibration(OptionalDouble.empty(), OptionalDouble.empty());

    /** Of a file that does not tell planes from times. */
    public Calibration(OptionalDouble pixelSize, OptionalDouble zStep) {
        this(pixelSize, zStep, 0, 0, true, List.of(), OptionalDouble.empty());
    }

    /** Of a file whose planes follow each other; one time tells nothing. */
    public Calibration(OptionalDouble pixelSize, OptionalDouble zStep, int planes, int frames) {
        this(
                pixelSize,
                zStep,
                frames > 1 ? planes : 0,
                frames > 1 ? frames : 0,
                true,
                List.of(),
                OptionalDouble.empty());
    }

    /**
     * The moments as times from -1 to 1; empty where they are not so many, or not one after the other.
     *
     * @param count of the frames
     */
    public Optional<double[]> times(int count) {
        boolean known = count > 1
                && moments.size() == count
                && IntStream.range(1, count).allMatch(i -> moments.get(i) > moments.get(i - 1));
        if (!known) return Optional.empty();
        double first = moments.getFirst();
        double last = moments.getLast();
        return Optional.of(moments.stream()
                .mapToDouble(moment -> -1 + 2 * (moment - first) / (last - first))
                .toArray());
    }

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
