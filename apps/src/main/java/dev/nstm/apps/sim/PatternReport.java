package dev.nstm.apps.sim;

import dev.nstm.apps.config.Configuration;
import dev.nstm.imaging.SimInstrument;
import dev.nstm.optics.LinePattern;
import dev.nstm.optics.Modulation;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the raw images say about their light patterns, as a table for the terminal. */
public final class PatternReport {
    /** Correlation of the overlapping bands above which a pattern is good, and above which it is there at all. */
    private static final double GOOD = 0.25;
    private static final double PRESENT = 0.12;
    private static final double ANGLE_TOLERANCE = Math.toRadians(0.5);
    private static final double SPACING_TOLERANCE = 0.005;

    private PatternReport() {}

    /** Reads the data, searches the patterns and compares them with those that the configuration gives. */
    public static String of(Configuration c) throws IOException {
        SimMeasurement measurement = SimMeasurement.load(c);
        List<LinePattern> found = Patterns.found(measurement);
        SimInstrument instrument = SimInstrument.estimate(measurement.images(), measurement.optics(), found, measurement.phases(), measurement.otfs());
        StringBuilder text = new StringBuilder("direction  angle, rad  line spacing, um  order  modulation  correlation  phase, rad  verdict\n");
        for (int direction = 0; direction < found.size(); direction++) {
            LinePattern pattern = found.get(direction);
            for (int order = 1; order < instrument.orders(); order++) {
                Modulation modulation = instrument.modulations().get(direction).get(order);
                text.append(order == 1 ? String.format(Locale.ROOT, "%6d     %9.4f  %13.4f     ", direction, pattern.angle(), pattern.lineSpacing()) : " ".repeat(43));
                text.append(String.format(Locale.ROOT, "%3d  %9.3f  %10.3f  %10.3f   %s%n", order, modulation.amplitude(), modulation.correlation(), modulation.phase(), verdict(modulation)));
            }
        }
        Optional<List<LinePattern>> configured = Patterns.configured(c, found.size());
        for (int direction = 0; configured.isPresent() && direction < found.size(); direction++) text.append(disagreement(direction, configured.get().get(direction), found.get(direction)));
        text.append(String.format(Locale.ROOT, "%nfor the configuration:%nsim:%n  angles: [%s]%n  lineSpacings: [%s]%n", join(found.stream().map(LinePattern::angle).toList()), join(found.stream().map(LinePattern::lineSpacing).toList())));
        return text.toString();
    }

    /** Whether the overlapping bands correlate at all. */
    static boolean present(Modulation modulation) {
        return modulation.correlation() >= PRESENT;
    }

    private static String verdict(Modulation modulation) {
        if (!present(modulation)) return "wrong";
        return modulation.correlation() >= GOOD ? "good" : "weak";
    }

    private static String disagreement(int direction, LinePattern given, LinePattern found) {
        double angle = Math.IEEEremainder(given.angle() - found.angle(), 2 * Math.PI);
        double spacing = given.lineSpacing() / found.lineSpacing() - 1;
        if (Math.abs(angle) <= ANGLE_TOLERANCE && Math.abs(spacing) <= SPACING_TOLERANCE) return "";
        return String.format(Locale.ROOT, "direction %d: the configured %.4f rad and %.4f um disagree with the images (%.4f rad, %.4f um)%n", direction, given.angle(), given.lineSpacing(), found.angle(), found.lineSpacing());
    }

    private static String join(List<Double> values) {
        return String.join(", ", values.stream().map(value -> String.format(Locale.ROOT, "%.5f", value)).toList());
    }
}
