package dev.nstm.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.imaging.DpcSystem;
import dev.nstm.imaging.TikhonovSolver;
import dev.nstm.imaging.TikhonovWeights;
import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.Pupils;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The conventional reconstruction of pictures that no weak-object formula made. */
class AbbeImagingTest {
    private static final int SIZE = 96;
    private static final double PIXEL = 0.3;
    private static final double PEAK = 0.05;

    private static TikhonovSolver.Solution reconstructed(
            Grid2D absorption, Grid2D phase, double wavelength, double aperture) {
        Microscope microscope = new Microscope(wavelength, aperture, PIXEL, 1);
        return reconstructed(
                absorption,
                phase,
                microscope,
                DoubleStream.of(0, 90, 180, 270)
                        .mapToObj(rotation -> Pupils.halfSource(microscope, 0, rotation, SIZE, SIZE))
                        .toList());
    }

    private static TikhonovSolver.Solution reconstructed(
            Grid2D absorption, Grid2D phase, Microscope microscope, List<Grid2D> sources) {
        ComplexGrid pupil = Pupils.defocused(microscope, SIZE, SIZE);
        List<Grid2D> shots = sources.stream()
                .map(source -> AbbeImaging.picture(absorption, phase, source, pupil))
                .toList();
        return TikhonovSolver.solve(shots, DpcSystem.transfers(sources, microscope), new TikhonovWeights(1e-6, 1e-6));
    }

    /** A smooth bump of the given height somewhere near the middle. */
    private static Grid2D bump(double height) {
        SplittableRandom random = Seeds.random();
        double y0 = SIZE * (0.4 + 0.2 * random.nextDouble());
        double x0 = SIZE * (0.4 + 0.2 * random.nextDouble());
        Grid2D bump = new Grid2D(SIZE, SIZE);
        for (int i = 0; i < bump.values().length; i++) {
            double radius = Math.hypot(i / SIZE - y0, i % SIZE - x0) / 12;
            bump.values()[i] = radius < 1 ? height * 0.5 * (1 + Math.cos(Math.PI * radius)) : 0;
        }
        return bump;
    }

    /** Slope of the regression of a picture on the truth, both about their means. */
    private static double slope(Grid2D picture, Grid2D truth) {
        double mean = truth.sum() / truth.values().length;
        double covariance = 0;
        double variance = 0;
        for (int i = 0; i < truth.values().length; i++) {
            covariance += (truth.values()[i] - mean) * picture.values()[i];
            variance += (truth.values()[i] - mean) * (truth.values()[i] - mean);
        }
        return covariance / variance;
    }

    @ParameterizedTest
    @CsvSource({"0.4,0.25", "0.4,0.4", "0.55,0.25", "0.55,0.4", "0.8,0.25", "0.8,0.4"})
    void phaseIsInRadiansAtAnyWavelengthAndAperture(double wavelength, double aperture) {
        Grid2D phase = bump(PEAK);
        TikhonovSolver.Solution solution = reconstructed(new Grid2D(SIZE, SIZE), phase, wavelength, aperture);
        assertEquals(1, slope(solution.phase(), phase), 0.02, "slope of the phase");
        assertEquals(0, slope(solution.absorption(), phase), 0.02, "phase taken for absorption");
    }

    @ParameterizedTest
    @CsvSource({"0.4,0.25", "0.55,0.4", "0.8,0.4"})
    void absorptionOfTheAmplitudeIsPositiveWhereLightIsLost(double wavelength, double aperture) {
        // Weak enough that exp(-a) is 1 - a to within the tolerance.
        Grid2D absorption = bump(PEAK / 5);
        TikhonovSolver.Solution solution = reconstructed(absorption, new Grid2D(SIZE, SIZE), wavelength, aperture);
        assertEquals(1, slope(solution.absorption(), absorption), 0.02, "slope of the absorption");
        assertEquals(0, slope(solution.phase(), absorption), 0.02, "absorption taken for phase");
    }

    /** A condenser that is stopped down shows no coarse phase at all, and the fine one at its right size. */
    @Test
    void aStoppedDownCondenserIsAccountedFor() {
        Microscope microscope = new Microscope(0.5, 0.4, PIXEL, 1);
        List<Grid2D> stopped = DoubleStream.of(0, 90, 180, 270)
                .mapToObj(rotation -> Pupils.halfSource(microscope, 0, 0.24, rotation, SIZE, SIZE))
                .toList();
        Grid2D phase = detailed(12);
        assertEquals(
                1,
                slope(
                        reconstructed(new Grid2D(SIZE, SIZE), phase, microscope, stopped)
                                .phase(),
                        phase),
                0.02);
    }

    /** Lights of an array, none of them on the axis, any number of them. */
    @Test
    void lightsOfAnArrayGiveRadiansToo() {
        Microscope microscope = new Microscope(0.532, 0.4, PIXEL, 1);
        List<Grid2D> lights = IntStream.range(0, 6)
                .mapToObj(i -> Pupils.pointSource(
                        microscope,
                        0.33 * Math.cos(i * Math.PI / 3 + 0.2),
                        0.33 * Math.sin(i * Math.PI / 3 + 0.2),
                        SIZE,
                        SIZE))
                .toList();
        Grid2D phase = detailed(5);
        assertEquals(
                1,
                slope(
                        reconstructed(new Grid2D(SIZE, SIZE), phase, microscope, lights)
                                .phase(),
                        phase),
                0.02);
    }

    /** Waves of so many to four more periods over the picture. */
    private static Grid2D detailed(int coarsest) {
        SplittableRandom random = Seeds.random();
        Grid2D phase = new Grid2D(SIZE, SIZE);
        for (int wave = 0; wave < 5; wave++) {
            double angle = 6 * random.nextDouble();
            long ky = Math.round((coarsest + wave) * Math.sin(angle));
            long kx = Math.round((coarsest + wave) * Math.cos(angle));
            double start = 6 * random.nextDouble();
            for (int i = 0; i < phase.values().length; i++)
                phase.values()[i] +=
                        PEAK / 5 * Math.cos(2 * Math.PI * (ky * (i / SIZE) + kx * (i % SIZE)) / SIZE + start);
        }
        return phase;
    }

    /**
     * The sign that the shots leave free, in picture terms: rotation 0 is brighter where the phase rises downwards, 90
     * where it rises to the left.
     */
    @ParameterizedTest
    @CsvSource({"0, 1, 0", "90, 0, -1", "180, -1, 0", "270, 0, 1"})
    void aShotIsBrighterWhereThePhaseRisesTowardsItsDirection(double rotation, int down, int right) {
        Microscope microscope = new Microscope(0.5, 0.4, PIXEL, 1);
        Grid2D phase = bump(PEAK);
        Grid2D shot = AbbeImaging.picture(
                new Grid2D(SIZE, SIZE),
                phase,
                Pupils.halfSource(microscope, 0, rotation, SIZE, SIZE),
                Pupils.defocused(microscope, SIZE, SIZE));
        double along = 0;
        double across = 0;
        for (int y = 1; y < SIZE - 1; y++) {
            for (int x = 1; x < SIZE - 1; x++) {
                double rise = phase.get(y + 1, x) - phase.get(y - 1, x);
                double side = phase.get(y, x + 1) - phase.get(y, x - 1);
                along += shot.get(y, x) * (rise * down + side * right);
                across += Math.abs(shot.get(y, x) * (rise * right + side * down));
            }
        }
        assertTrue(along > 0 && along > 0.5 * across, "along " + along + ", across " + across);
    }

    /** With the grid's own source every picture is that of the formula, but for what is of second order. */
    @ParameterizedTest
    @CsvSource({"0.1, 0", "0.02, 0", "0.02, 15", "0.02, -30"})
    void theWeakObjectFormulaIsTheLimitOfWeakObjects(double peak, double defocus) {
        Microscope microscope = new Microscope(0.55, 0.2, PIXEL, 1, defocus);
        ComplexGrid pupil = Pupils.defocused(microscope, SIZE, SIZE);
        Grid2D source = Pupils.halfSource(microscope, 0.05, 30, SIZE, SIZE);
        Grid2D absorption = bump(peak);
        Grid2D phase = bump(peak);
        Grid2D full = AbbeImaging.picture(absorption, phase, source, pupil);
        Grid2D weak = WeakObjectPicture.of(
                absorption,
                phase,
                DpcSystem.transfers(List.of(source), microscope).getFirst(),
                0,
                Seeds.random());
        double largest = 0;
        for (int i = 0; i < full.values().length; i++)
            largest = Math.max(largest, Math.abs(full.values()[i] - weak.values()[i]));
        assertTrue(largest < 3 * peak * peak, "they differ by " + largest + " at a peak of " + peak);
    }

    /** Light that a specimen bends towards the axis meets behind it: a lens of phase is a bright spot there. */
    @Test
    void positiveDefocusIsBehindTheSpecimen() {
        Microscope microscope = new Microscope(0.55, 0.4, PIXEL, 1, 40);
        Grid2D lens = bump(0.4);
        Grid2D onAxis = Pupils.pointSource(microscope, 0, 0, SIZE, SIZE);
        Grid2D seen =
                AbbeImaging.picture(new Grid2D(SIZE, SIZE), lens, onAxis, Pupils.defocused(microscope, SIZE, SIZE));
        assertTrue(slope(seen, lens) > 0, "a phase that is delayed most in its middle collects light");
    }
}
