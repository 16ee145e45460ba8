package dev.nstm.apps.sim;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.instrument.Estimate;
import dev.nstm.apps.report.Terminal;
import dev.nstm.apps.report.TextTable;
import dev.nstm.imaging.SimInstrument;
import dev.nstm.optics.LightPattern;
import dev.nstm.optics.LinePattern;
import dev.nstm.optics.Modulation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** What the raw images say about their light patterns. */
public final class PatternReport {
    /** Share of the band's limit that circles around the patterns' orders have. */
    private static final double MARK = 0.06;

    private static final double ANGLE_TOLERANCE = Math.toRadians(0.5);
    private static final double SPACING_TOLERANCE = 0.005;
    private static final List<String> LEGEND = List.of(
            "ratio: of the order's band to band 0 where they overlap, each through the other's transfer function. The published program's modulation; what it should be hangs on how the transfer functions are scaled, and noise adds to it.",
            "modulation: the light's own, as a share (0 to 1) of what light of so many orders can have without being negative somewhere; noise adds to it.",
            "above noise: the correlation of the overlaps relative to what patterns a little beside give. It decides the verdict.");

    private PatternReport() {}

    /**
     * Reads the data, searches the patterns and compares them with those that the configuration gives; right where
     * every direction shows a pattern.
     */
    public static Estimate of(Configuration c) throws IOException {
        SimMeasurement measurement = SimMeasurement.load(c);
        List<LightPattern> found = Patterns.found(measurement);
        SimInstrument instrument = instrument(measurement, found);
        Optional<List<LightPattern>> given = Patterns.given(c, measurement);
        StringBuilder text = new StringBuilder(table(instrument)).append('\n');
        LEGEND.forEach(line -> text.append(Terminal.wrapped(line)));
        given.ifPresent(patterns -> {
            SimInstrument configured = instrument(measurement, patterns);
            text.append("\nas configured\n").append(table(configured));
            for (int direction = 0; direction < patterns.size(); direction++) {
                if (!shows(instrument, direction)) continue;
                List<LinePattern> own = Patterns.named(List.of(patterns.get(direction)));
                List<LinePattern> seen = Patterns.named(List.of(found.get(direction)));
                // Gratings are listed in the order in which their phases are stepped: the place counts.
                for (int i = 0; i < own.size(); i++) text.append(disagreement(direction, own.get(i), seen.get(i)));
            }
        });
        List<Integer> missing = IntStream.range(0, found.size())
                .filter(direction -> !shows(instrument, direction))
                .boxed()
                .toList();
        for (int direction : missing)
            text.append(String.format(
                    Locale.ROOT,
                    "direction %d: %s%n",
                    direction + 1,
                    doubt(instrument.modulations().get(direction))));
        if (missing.isEmpty()) {
            List<LinePattern> named = Patterns.named(found);
            text.append(String.format(
                    Locale.ROOT,
                    "%nfor the configuration:%nsim:%n%s  angles: [%s]%n  lineSpacings: [%s]%n",
                    measurement.lattice() ? "  pattern: lattice\n" : "",
                    join(named.stream().map(LinePattern::angle).toList()),
                    join(named.stream().map(LinePattern::lineSpacing).toList())));
        } else {
            text.append(
                    "nothing is offered for the configuration; check data.order, data.directions, data.phases and the optics\n");
        }
        return new Estimate(missing.isEmpty(), text.toString(), marks(measurement, instrument));
    }

    /** The band's limit, and the orders of the patterns that are there. */
    private static List<Estimate.Mark> marks(SimMeasurement measurement, SimInstrument instrument) {
        double limit = 2
                * measurement.optics().numericalAperture()
                / measurement.optics().wavelength();
        List<Estimate.Mark> marks = new ArrayList<>();
        marks.add(new Estimate.Mark(0, 0, limit, "band"));
        for (int direction = 0; direction < instrument.directions(); direction++) {
            if (!shows(instrument, direction)) continue;
            for (int order = 1; order < instrument.orders(); order++) {
                LinePattern grating = instrument.patterns().get(direction).grating(order);
                for (int side : new int[] {1, -1})
                    marks.add(new Estimate.Mark(
                            side * grating.kx(), side * grating.ky(), MARK * limit, Integer.toString(direction + 1)));
            }
        }
        return marks;
    }

    private static SimInstrument instrument(SimMeasurement measurement, List<LightPattern> patterns) {
        return SimInstrument.estimate(
                measurement.meanImages(), measurement.optics(), patterns, measurement.phases(), measurement.otfs());
    }

    private static String table(SimInstrument instrument) {
        TextTable table = new TextTable(
                2,
                "direction",
                "order",
                "angle, rad",
                "line spacing, um",
                "ratio",
                "modulation",
                "correlation",
                "above noise",
                "verdict");
        for (int direction = 0; direction < instrument.directions(); direction++) {
            LightPattern pattern = instrument.patterns().get(direction);
            for (int order = 1; order < instrument.orders(); order++) {
                Modulation modulation = instrument.modulations().get(direction).get(order);
                boolean named = order == 1 || !pattern.lines();
                table.add(
                        order == 1 ? Integer.toString(direction + 1) : "",
                        Integer.toString(order),
                        named ? TextTable.cell("%.4f", pattern.grating(order).angle()) : "",
                        named ? TextTable.cell("%.4f", pattern.grating(order).lineSpacing()) : "",
                        TextTable.cell("%.3f", modulation.bandRatio()),
                        TextTable.cell("%.2f", instrument.modulation(direction, order)),
                        TextTable.cell("%.3f", modulation.correlation()),
                        TextTable.cell("%.1f x", modulation.significance()),
                        modulation.verdict().name().toLowerCase(Locale.ROOT));
            }
        }
        return table.text();
    }

    /** Whether the images show the pattern: lines need their first order only, a lattice needs all its gratings. */
    static boolean shows(SimInstrument instrument, int direction) {
        long needed = instrument.patterns().get(direction).lines() ? 1 : instrument.orders() - 1;
        return instrument.modulations().get(direction).stream()
                .skip(1)
                .limit(needed)
                .allMatch(modulation -> modulation.verdict() != Modulation.Verdict.WRONG);
    }

    /** What speaks against a pattern whose first order does not show. */
    static String doubt(List<Modulation> modulations) {
        boolean higher =
                modulations.stream().skip(2).anyMatch(modulation -> modulation.verdict() != Modulation.Verdict.WRONG);
        return higher
                ? "not a pattern of lines: a higher order stands out but order 1 is missing"
                : "hardly any modulation: no order stands out of the noise";
    }

    /** An angle and the angle half a turn further name the same lines. */
    private static String disagreement(int direction, LinePattern given, LinePattern found) {
        double angle = Math.IEEEremainder(given.angle() - found.angle(), Math.PI);
        double spacing = given.lineSpacing() / found.lineSpacing() - 1;
        if (Math.abs(angle) <= ANGLE_TOLERANCE && Math.abs(spacing) <= SPACING_TOLERANCE) return "";
        return String.format(
                Locale.ROOT,
                "direction %d: the configured %.4f rad and %.4f um disagree with the images (%.4f rad, %.4f um)%n",
                direction + 1,
                given.angle(),
                given.lineSpacing(),
                found.angle(),
                found.lineSpacing());
    }

    private static String join(List<Double> values) {
        return String.join(
                ", ",
                values.stream()
                        .map(value -> String.format(Locale.ROOT, "%.5f", value))
                        .toList());
    }
}
