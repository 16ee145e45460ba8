package dev.nstm.apps.dpc;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.movie.KeptFrames;
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
import java.util.stream.Collectors;

/**
 * What is done without a model of motion: the shots are shifted onto each other as well as they go, then reconstructed
 * as of a specimen that does not move.
 *
 * @param solution at the first shot
 * @param displacements of the specimen in every shot since the first, {@code [shot][row, column]} in pixels
 */
public record Registered(TikhonovSolver.Solution solution, double[][] displacements) {
    static Registered of(Configuration given, DpcMeasurement measurement) {
        List<WeakObjectTransfer> transfers = DpcSystem.transfers(measurement.sources(), measurement.microscope());
        double[][] displacements = ShotRegistration.displacements(measurement.images(), transfers);
        List<Grid2D> shots = ShotRegistration.registered(measurement.images(), displacements);
        ShotAgreement agreement = new ShotAgreement(
                shots,
                measurement.microscope().incoherentCutoff(),
                measurement.microscope().pixelSize());
        TikhonovWeights weights = agreement.weights(
                transfers, given.find(DpcKeys.BASELINE_ABSORPTION_WEIGHT), given.find(DpcKeys.BASELINE_PHASE_WEIGHT));
        return new Registered(TikhonovSolver.solve(shots, transfers, weights), displacements);
    }

    /** Scene and displacement at every shot. */
    KeptFrames frames(double[] times) {
        int pixels = solution.phase().values().length;
        int earliest = Displacements.earliest(times);
        float[][][] scenes = new float[times.length][][];
        float[][][] motions = new float[times.length][2][pixels];
        for (int shot = 0; shot < times.length; shot++) {
            double[] moved = displacements[shot];
            scenes[shot] = new float[][] {
                ShotRegistration.moved(solution.absorption(), moved[0], moved[1])
                        .floats(),
                ShotRegistration.moved(solution.phase(), moved[0], moved[1]).floats()
            };
            for (int axis = 0; axis < 2; axis++)
                Arrays.fill(motions[shot][axis], (float) (moved[axis] - displacements[earliest][axis]));
        }
        return new KeptFrames(scenes, motions);
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
