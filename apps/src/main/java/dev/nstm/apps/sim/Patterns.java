package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.imaging.PatternSearch;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.LightPattern;
import dev.nstm.optics.LinePattern;
import dev.nstm.tensor.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The light patterns of all directions: as configured, or found in the images. */
final class Patterns {
    private Patterns() {}

    static List<LightPattern> of(Configuration c, SimMeasurement measurement) {
        return given(c, measurement).orElseGet(() -> found(measurement));
    }

    /**
     * As configured, in the sense in which the images' phases were stepped; empty where the configuration leaves them
     * open.
     */
    static Optional<List<LightPattern>> given(Configuration c, SimMeasurement measurement) {
        return configured(
                        c,
                        measurement.otfs().size(),
                        measurement.otfs().getFirst().bands(),
                        measurement.lattice())
                .map(patterns -> {
                    // An OTF of one band, that of even light, shows no phase steps.
                    if (measurement.otfs().getFirst().bands() == 1) return patterns;
                    List<List<Grid3D>> images = measurement.meanImages();
                    return IntStream.range(0, patterns.size())
                            .mapToObj(direction ->
                                    search(measurement, images, direction).facing(patterns.get(direction)))
                            .toList();
                });
    }

    /** Those of a finished run, whose configuration names them all. */
    static List<LightPattern> configured(Configuration c) {
        boolean lattice = c.get(SimKeys.SIM_PATTERN).equals("lattice");
        int bands = bands(c, lattice);
        return configured(c, c.get(SimKeys.SIM_ANGLES).length / (lattice ? bands - 1 : 1), bands, lattice)
                .orElseThrow();
    }

    /** Bands of light that its phases tell apart. */
    static int bands(Configuration c, boolean lattice) {
        int phases = c.get(SimKeys.DATA_PHASES);
        return lattice ? (phases + 1) / 2 : phases < 5 ? 2 : 3;
    }

    /** Empty where the configuration leaves them open. */
    static Optional<List<LightPattern>> configured(Configuration c, int directions, int bands, boolean lattice) {
        if (c.find(SimKeys.SIM_ANGLES).isEmpty()
                && c.find(SimKeys.SIM_LINE_SPACINGS).isEmpty()) return Optional.empty();
        double[] angles = c.get(SimKeys.SIM_ANGLES);
        double[] spacings = c.get(SimKeys.SIM_LINE_SPACINGS);
        int each = lattice ? bands - 1 : 1;
        String what = directions + " directions" + (lattice ? " of " + each + " gratings" : "");
        require(angles.length == directions * each, "sim.angles lists %d angles for %s", angles.length, what);
        require(
                spacings.length == directions * each || spacings.length == 1,
                "sim.lineSpacings lists %d spacings for %s",
                spacings.length,
                what);
        List<LinePattern> gratings = IntStream.range(0, angles.length)
                .mapToObj(i -> new LinePattern(angles[i], spacings[spacings.length == 1 ? 0 : i]))
                .toList();
        return Optional.of(IntStream.range(0, directions)
                .mapToObj(direction -> lattice
                        ? LightPattern.lattice(gratings.subList(direction * each, (direction + 1) * each))
                        : LightPattern.lines(gratings.get(direction), bands))
                .toList());
    }

    static List<LightPattern> found(SimMeasurement measurement) {
        List<List<Grid3D>> images = measurement.meanImages();
        return IntStream.range(0, images.size())
                .mapToObj(direction -> {
                    PatternSearch search = search(measurement, images, direction);
                    return measurement.lattice()
                            ? search.findLattice()
                                    .orElseThrow(
                                            () -> new InvalidInputException(
                                                    "the images show no lattice: not every one of its gratings stands out; see nstm sim estimate with sim.pattern: lines"))
                            : search.find();
                })
                .toList();
    }

    /** One direction at a time: its bands' spectra take as much memory as the images. */
    private static PatternSearch search(SimMeasurement measurement, List<List<Grid3D>> images, int direction) {
        return new PatternSearch(
                images.get(direction), measurement.phases(), measurement.otfs().get(direction), measurement.optics());
    }

    /** The configuration with these patterns. */
    static Configuration with(Configuration c, List<LightPattern> patterns) {
        List<LinePattern> named = named(patterns);
        return c.with(SimKeys.SIM_PATTERN, patterns.getFirst().lines() ? "lines" : "lattice")
                .with(
                        SimKeys.SIM_ANGLES,
                        named.stream().mapToDouble(LinePattern::angle).toArray())
                .with(
                        SimKeys.SIM_LINE_SPACINGS,
                        named.stream().mapToDouble(LinePattern::lineSpacing).toArray());
    }

    /** The gratings that a configuration names: the first order of lines, every grating of a lattice. */
    static List<LinePattern> named(List<LightPattern> patterns) {
        return patterns.stream()
                .flatMap(pattern -> pattern.lines() ? Stream.of(pattern.first()) : pattern.gratings().stream())
                .toList();
    }
}
