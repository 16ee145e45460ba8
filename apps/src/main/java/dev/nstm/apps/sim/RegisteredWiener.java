package dev.nstm.apps.sim;

import dev.nstm.imaging.ShotRegistration;
import dev.nstm.imaging.SimInstrument;
import dev.nstm.imaging.WienerSim;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is done without a model of motion: the directions' images are shifted onto each other as well as they go, and
 * reconstructed as those of a specimen that does not move. Patterns are shifted along; their phases are sought anew.
 *
 * @param volumes of the time points, where the specimen was in the first direction of each
 * @param displacements of the specimen in every direction since the first of its time point, {@code [time
 *     point][direction][row, column]} in samples
 */
record RegisteredWiener(List<Grid3D> volumes, double[][][] displacements) {
    /** Whether the directions' images can be compared: all of one together must show no pattern. */
    static boolean canRegister(SimInstrument instrument) {
        return instrument.directions() >= 2
                && instrument.directions() <= ShotRegistration.MOST_SHOTS
                && instrument.lightIsEven();
    }

    /** @param instrument of the unmoved images, for all but the phases */
    static RegisteredWiener of(
            SimInstrument instrument, ShotOrder order, List<Grid3D> images, WienerSim.Settings settings) {
        List<Grid3D> volumes = new ArrayList<>();
        double[][][] displacements = new double[order.timePoints()][][];
        for (int time = 0; time < order.timePoints(); time++) {
            List<List<Grid3D>> taken = order.byDirection(time, images);
            double[][] shifts = ShotRegistration.displacementsOfAlike(
                    taken.stream().map(RegisteredWiener::look).toList());
            List<List<Grid3D>> registered = new ArrayList<>();
            for (int direction = 0; direction < taken.size(); direction++) {
                double[] shift = shifts[direction];
                registered.add(taken.get(direction).stream()
                        .map(image -> moved(image, -shift[0], -shift[1]))
                        .toList());
            }
            SimInstrument found = SimInstrument.estimate(
                    registered, instrument.optics(), instrument.patterns(), instrument.phases(), instrument.otfs());
            volumes.add(WienerSim.solve(found, registered, settings));
            displacements[time] = shifts;
        }
        return new RegisteredWiener(volumes, displacements);
    }

    /** All of a direction's images together, in which no pattern shows, seen along the axis. */
    private static Grid2D look(List<Grid3D> images) {
        Grid3D mean = Grid3D.mean(images);
        double[] sum = new double[mean.height() * mean.width()];
        for (int i = 0; i < mean.values().length; i++) sum[i % sum.length] += mean.values()[i];
        return new Grid2D(mean.height(), mean.width(), sum);
    }

    private static Grid3D moved(Grid3D volume, double rows, double columns) {
        if (rows == 0 && columns == 0) return volume;
        return volume.eachPlane(plane -> ShotRegistration.moved(plane, rows, columns));
    }

    /** The volume at the time of an image. */
    Grid3D at(ShotOrder order, int image) {
        double[] shift = displacements[order.timePoint(image)][order.direction(image)];
        return moved(volumes.get(order.timePoint(image)), shift[0], shift[1]);
    }

    /** A whole line. */
    String text() {
        return "shifts of the directions as a whole (rows, columns): "
                + Arrays.stream(displacements)
                        .flatMap(Arrays::stream)
                        .map(shift -> String.format(Locale.ROOT, "%.2f, %.2f", shift[0], shift[1]))
                        .collect(Collectors.joining("; "))
                + " samples\n";
    }
}
