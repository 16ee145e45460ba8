package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.imaging.PatternSearch;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.LinePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The light patterns of all directions: as configured, or found in the images. */
final class Patterns {
    private Patterns() {}

    static List<LinePattern> of(Configuration c, SimMeasurement measurement) {
        return given(c, measurement).orElseGet(() -> found(measurement));
    }

    /** As configured, in the sense in which the images' phases were stepped; empty where the configuration leaves them open. */
    static Optional<List<LinePattern>> given(Configuration c, SimMeasurement measurement) {
        return configured(c, measurement.otfs().size()).map(patterns -> {
            List<PatternSearch> searches = searches(measurement);
            return IntStream.range(0, patterns.size()).mapToObj(direction -> searches.get(direction).facing(patterns.get(direction))).toList();
        });
    }

    /** Empty where the configuration leaves them open. */
    static Optional<List<LinePattern>> configured(Configuration c, int directions) {
        if (c.find(Keys.SIM_ANGLES).isEmpty() && c.find(Keys.SIM_SPACINGS).isEmpty()) return Optional.empty();
        double[] angles = c.get(Keys.SIM_ANGLES);
        double[] spacings = c.get(Keys.SIM_SPACINGS);
        require(angles.length == directions, "sim.angles lists %d angles for %d directions", angles.length, directions);
        require(spacings.length == directions || spacings.length == 1, "sim.lineSpacings lists %d spacings for %d directions", spacings.length, directions);
        List<LinePattern> patterns = new ArrayList<>();
        for (int direction = 0; direction < directions; direction++) patterns.add(new LinePattern(angles[direction], spacings[spacings.length == 1 ? 0 : direction]));
        return Optional.of(patterns);
    }

    static List<LinePattern> found(SimMeasurement measurement) {
        return searches(measurement).stream().map(PatternSearch::find).toList();
    }

    private static List<PatternSearch> searches(SimMeasurement measurement) {
        List<List<Grid3D>> images = measurement.images();
        return IntStream.range(0, images.size()).mapToObj(direction -> new PatternSearch(images.get(direction), measurement.phases(), measurement.otfs().get(direction), measurement.optics())).toList();
    }
}
