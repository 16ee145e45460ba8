package dev.nstm.apps.dpc;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Estimate;
import dev.nstm.apps.report.TextTable;
import dev.nstm.imaging.DpcSystem;
import dev.nstm.imaging.ShotAgreement;
import dev.nstm.imaging.ShotRegistration;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.WeakObjectTransfer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where the light of the shots came from, as far as they tell: which order of the lights, which common turn and which
 * focus let a specimen that moves as a whole explain most of the shots.
 *
 * @param given what is configured
 * @param order the best order of the configured lights
 * @param turned the configured lights turned together as is best
 * @param focused the configured lights of a specimen out of focus as is best
 * @param cutoff finest frequency that the shots can carry, in cycles per micrometre
 */
public record SourceReport(Trial given, Trial order, Trial turned, Trial focused, double cutoff) {
    private static final double LARGEST_TURN = 40;
    /** Of the focus, in depths of field. */
    private static final double REACH = 3;

    private static final int STEPS = 8;
    private static final int REFINEMENTS = 12;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    /** More lights have too many orders. */
    private static final int MOST_ORDERED = 4;
    /** Rows and columns. */
    private static final int LARGEST_PICTURE = 256;
    /** What leaves less than this share of what is left as configured is better. */
    private static final double BETTER = 0.95;

    /**
     * A light and how well it explains the shots.
     *
     * @param light what it is, for people
     * @param unexplained share of the shots' power that it leaves
     */
    public record Trial(String light, double unexplained) {}

    /** What lights the shots that a configuration names speak for. */
    public static Estimate estimate(Configuration c) throws IOException {
        SourceReport report = of(c);
        return new Estimate(report.right(), report.text(), List.of(new Estimate.Mark(0, 0, report.cutoff, "band")));
    }

    /** Tries lights on the shots that the configuration names. */
    private static SourceReport of(Configuration c) throws IOException {
        require(
                c.get(Keys.SYSTEM).equals(Dpc.NAME),
                "the lights of system: %s can be estimated, got %s",
                Dpc.NAME,
                c.get(Keys.SYSTEM));
        DpcMeasurement measurement = DpcMeasurement.load(c);
        require(
                measurement.generated() && c.find(DpcKeys.OPTICS_LEDS).isEmpty(),
                "the light is given by %s; only that of optics.rotations can be estimated",
                measurement.generated() ? DpcKeys.OPTICS_LEDS.path() : "array \"s\" of " + c.get(Keys.DATA_FILE));
        require(
                ShotRegistration.canRegister(measurement.images().size()),
                "the light of %d to %d shots can be estimated, got %d: absorption and phase, two unknowns, explain fewer whatever the light; of more, name some with data.pages",
                ShotRegistration.FEWEST_SHOTS,
                ShotRegistration.MOST_SHOTS,
                measurement.images().size());
        List<Grid2D> shots =
                measurement.images().stream().map(SourceReport::middle).toList();
        Microscope microscope = measurement.microscope();
        double[] rotations = c.get(DpcKeys.OPTICS_ROTATIONS);
        Trial given = new Trial(list(rotations), unexplained(shots, c, microscope, rotations));
        Trial order = given;
        for (int[] lights : shots.size() > MOST_ORDERED ? List.<int[]>of() : ShotAgreement.orders(shots.size())) {
            double[] reordered =
                    IntStream.of(lights).mapToDouble(i -> rotations[i]).toArray();
            double rest = unexplained(shots, c, microscope, reordered);
            // Of orders that differ by the sign of the phase only, the first is the nearest to the configured one.
            if (rest < BETTER * order.unexplained) order = new Trial(list(reordered), rest);
        }
        DoubleUnaryOperator turning = turn -> unexplained(shots, c, microscope, turned(rotations, turn));
        double turn = least(turning, -LARGEST_TURN, LARGEST_TURN);
        double reach = REACH * microscope.depthOfField();
        DoubleUnaryOperator focusing =
                distance -> unexplained(shots, c, microscope.defocused(microscope.defocus() + distance), rotations);
        double distance = least(focusing, -reach, reach);
        return new SourceReport(
                given,
                order,
                new Trial(
                        String.format(Locale.ROOT, "%+.1f degrees: %s", turn, list(turned(rotations, turn))),
                        turning.applyAsDouble(turn)),
                new Trial(
                        String.format(Locale.ROOT, "optics.defocus: %.1f", microscope.defocus() + distance),
                        focusing.applyAsDouble(distance)),
                microscope.incoherentCutoff());
    }

    private static String list(double[] rotations) {
        return Arrays.stream(rotations)
                .mapToObj(rotation -> BigDecimal.valueOf(rotation)
                        .setScale(1, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString())
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static double[] turned(double[] rotations, double turn) {
        return DoubleStream.of(rotations).map(rotation -> rotation + turn).toArray();
    }

    /** Enough of a large picture. */
    private static Grid2D middle(Grid2D picture) {
        int height = Math.min(LARGEST_PICTURE, picture.height());
        int width = Math.min(LARGEST_PICTURE, picture.width());
        return picture.part((picture.height() - height) / 2, (picture.width() - width) / 2, height, width);
    }

    /**
     * Share of the shots' power that a light leaves unexplained of a specimen that moves as a whole.
     *
     * @param rotations of the lights
     */
    private static double unexplained(List<Grid2D> shots, Configuration c, Microscope microscope, double[] rotations) {
        Grid2D first = shots.getFirst();
        List<WeakObjectTransfer> transfers = DpcSystem.transfers(
                DpcMeasurement.generated(
                        c.with(DpcKeys.OPTICS_ROTATIONS, rotations), microscope, first.height(), first.width()),
                microscope);
        return new ShotAgreement(
                        ShotRegistration.registered(shots, ShotRegistration.displacements(shots, transfers)),
                        microscope.incoherentCutoff(),
                        microscope.pixelSize())
                .unexplained(transfers);
    }

    /** Where a function is least: the best of some places, then golden section around it. */
    private static double least(DoubleUnaryOperator function, double from, double to) {
        double step = (to - from) / STEPS;
        double best = from;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i <= STEPS; i++) {
            double value = function.applyAsDouble(from + i * step);
            if (value >= least) continue;
            least = value;
            best = from + i * step;
        }
        double low = best - step;
        double high = best + step;
        for (int i = 0; i < REFINEMENTS; i++) {
            double first = high - GOLDEN * (high - low);
            double second = low + GOLDEN * (high - low);
            if (function.applyAsDouble(first) < function.applyAsDouble(second)) high = second;
            else low = first;
        }
        return (low + high) / 2;
    }

    /** For people, whole lines. */
    private String text() {
        TextTable table = new TextTable(2, "", "light", "left unexplained");
        table.add("as configured", given.light, TextTable.cell("%.2f %%", 100 * given.unexplained));
        table.add("best order", order.light, TextTable.cell("%.2f %%", 100 * order.unexplained));
        table.add("best focus", focused.light, TextTable.cell("%.2f %%", 100 * focused.unexplained));
        table.add("best turn", turned.light, TextTable.cell("%.2f %%", 100 * turned.unexplained));
        return table.text()
                + (right() ? "the light is as good as any that was tried\n" : better().light + " is better\n");
    }

    private Trial better() {
        return Stream.of(order, turned, focused)
                .min(Comparator.comparingDouble(Trial::unexplained))
                .orElseThrow();
    }

    /** Whether nothing that was tried is better than the configured light. */
    private boolean right() {
        return better().unexplained >= BETTER * given.unexplained;
    }
}
