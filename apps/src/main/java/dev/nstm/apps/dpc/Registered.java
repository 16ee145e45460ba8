package dev.nstm.apps.dpc;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.movie.Frames;
import dev.nstm.imaging.DpcSystem;
import dev.nstm.imaging.ShotAgreement;
import dev.nstm.imaging.ShotRegistration;
import dev.nstm.imaging.TikhonovSolver;
import dev.nstm.imaging.TikhonovWeights;
import dev.nstm.metrics.Displacements;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.WeakObjectTransfer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is done without a model of motion: the shots are shifted onto each other as well as they go, then reconstructed
 * as of a specimen that does not move.
 *
 * @param solution at the first shot
 * @param displacements of the specimen in every shot since the first, {@code [shot][row, column]} in pixels
 */
public record Registered(TikhonovSolver.Solution solution, double[][] displacements) {
    /** Empty of fewer or more shots than can be registered. */
    static Optional<Registered> of(Configuration given, DpcMeasurement measurement) {
        if (!ShotRegistration.canRegister(measurement.images().size())) return Optional.empty();
        List<WeakObjectTransfer> transfers = DpcSystem.transfers(measurement.sources(), measurement.microscope());
        double[][] displacements = ShotRegistration.displacements(measurement.images(), transfers);
        ShotAgreement agreement = new ShotAgreement(
                ShotRegistration.registered(measurement.images(), displacements),
                measurement.microscope().incoherentCutoff(),
                measurement.microscope().pixelSize());
        TikhonovWeights weights = agreement.weights(
                transfers, given.find(DpcKeys.BASELINE_ABSORPTION_WEIGHT), given.find(DpcKeys.BASELINE_PHASE_WEIGHT));
        return Optional.of(new Registered(agreement.solve(transfers, weights), displacements));
    }

    /** Scene and displacement at every shot, made when they are asked for. */
    Frames frames(double[] times) {
        List<Grid2D> channels = List.of(solution.absorption(), solution.phase());
        double[] start = displacements[Displacements.earliest(times)];
        return new Frames() {
            @Override
            public float[] scene(int time, int channel, int first, int count) {
                double[] shift = displacements[time];
                float[] moved = ShotRegistration.moved(channels.get(channel), shift[0], shift[1])
                        .floats();
                return Arrays.copyOfRange(moved, first, first + count);
            }

            @Override
            public float[] motion(int time, int axis, int first, int count) {
                float[] motion = new float[count];
                Arrays.fill(motion, (float) (displacements[time][axis] - start[axis]));
                return motion;
            }

            @Override
            public int motionAxes() {
                return 2;
            }
        };
    }

    /** A whole line. */
    String text() {
        return "shifts of the shots as a whole (rows, columns): "
                + Arrays.stream(displacements)
                        .map(shift -> String.format(Locale.ROOT, "%.2f, %.2f", shift[0], shift[1]))
                        .collect(Collectors.joining("; "))
                + " px\n";
    }
}
