package dev.nstm.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.Pupils;
import dev.nstm.optics.WeakObjectTransfer;
import dev.nstm.simulate.WeakObjectPicture;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights of the conventional reconstruction that the shots themselves tell. */
class TikhonovWeightsTest {
    private static final int HEIGHT = 60;
    private static final int WIDTH = 64;
    private static final Microscope MICROSCOPE = new Microscope(0.525, 0.25, 0.454, 1);
    private final SplittableRandom random = Seeds.random();

    private static List<WeakObjectTransfer> transfers() {
        return DpcSystem.transfers(
                DoubleStream.of(0, 90, 180, 270)
                        .mapToObj(rotation -> Pupils.halfSource(MICROSCOPE, 0, rotation, HEIGHT, WIDTH))
                        .toList(),
                MICROSCOPE);
    }

    /** Structure of all sizes, the coarse the stronger. */
    private Grid2D texture(double size) {
        ComplexGrid spectrum = new ComplexGrid(HEIGHT, WIDTH);
        for (int i = 1; i < HEIGHT * WIDTH; i++) {
            double frequency = Math.hypot(
                    Grid2D.wrapped(i / WIDTH, HEIGHT) / (double) HEIGHT,
                    Grid2D.wrapped(i % WIDTH, WIDTH) / (double) WIDTH);
            spectrum.re()[i] = random.nextGaussian() / frequency;
            spectrum.im()[i] = random.nextGaussian() / frequency;
        }
        Grid2D texture = Fourier.inverse(spectrum).real();
        double rms = Math.sqrt(DoubleStream.of(texture.values())
                .map(value -> value * value)
                .average()
                .orElseThrow());
        return new Grid2D(
                HEIGHT,
                WIDTH,
                DoubleStream.of(texture.values())
                        .map(value -> size * value / rms)
                        .toArray());
    }

    /** What the measure is made of, against the solution for shots of one value each. */
    @Test
    void residualAndTraceAreThoseOfTheSolution() {
        List<WeakObjectTransfer> transfers = transfers();
        int at = 2 * WIDTH + 3;
        TikhonovWeights weights = new TikhonovWeights(0.3, 0.02);
        List<ComplexGrid> shots = IntStream.range(0, 4)
                .mapToObj(shot -> {
                    ComplexGrid spectrum = new ComplexGrid(HEIGHT, WIDTH);
                    spectrum.re()[at] = random.nextGaussian();
                    spectrum.im()[at] = random.nextGaussian();
                    return spectrum;
                })
                .toList();
        WeakObjectEquations equations =
                new WeakObjectEquations(shots, transfers, weights.absorption(), weights.phase());
        equations.at(at);
        ComplexGrid absorption = new ComplexGrid(HEIGHT, WIDTH);
        ComplexGrid phase = new ComplexGrid(HEIGHT, WIDTH);
        equations.solve(absorption, phase, at);
        double residual = 0;
        for (int shot = 0; shot < 4; shot++) {
            double[] seen = seen(transfers.get(shot), absorption, phase, at);
            residual += Math.pow(shots.get(shot).re()[at] - seen[0], 2)
                    + Math.pow(shots.get(shot).im()[at] - seen[1], 2);
        }
        assertEquals(residual, equations.unexplained(), 1e-9);
        double trace = 0;
        for (int unit = 0; unit < 4; unit++) {
            for (int shot = 0; shot < 4; shot++) {
                shots.get(shot).re()[at] = shot == unit ? 1 : 0;
                shots.get(shot).im()[at] = 0;
            }
            equations.at(at);
            equations.solve(absorption, phase, at);
            trace += seen(transfers.get(unit), absorption, phase, at)[0];
        }
        assertEquals(trace, equations.trace(), 1e-9);
    }

    private static double[] seen(WeakObjectTransfer transfer, ComplexGrid absorption, ComplexGrid phase, int at) {
        double re = 0;
        double im = 0;
        for (ComplexGrid[] pair :
                new ComplexGrid[][] {{transfer.absorption(), absorption}, {transfer.phase(), phase}}) {
            re += pair[0].re()[at] * pair[1].re()[at] - pair[0].im()[at] * pair[1].im()[at];
            im += pair[0].re()[at] * pair[1].im()[at] + pair[0].im()[at] * pair[1].re()[at];
        }
        return new double[] {re, im};
    }

    /** Of all weights, those found foretell the shots without noise as well as any, within a tenth. */
    @ParameterizedTest
    @ValueSource(doubles = {0.003, 0.03})
    void noiseIsToldFromTheSpecimen(double noise) {
        List<WeakObjectTransfer> transfers = transfers();
        Grid2D absorption = texture(0.02);
        Grid2D phase = texture(0.3);
        List<Grid2D> clean = transfers.stream()
                .map(transfer -> WeakObjectPicture.of(absorption, phase, transfer, 0, random))
                .toList();
        List<Grid2D> shots = transfers.stream()
                .map(transfer -> WeakObjectPicture.of(absorption, phase, transfer, noise, random))
                .toList();
        ShotAgreement agreement = ShotAgreement.of(shots, MICROSCOPE.incoherentCutoff(), MICROSCOPE.pixelSize());
        TikhonovWeights found = agreement.weights(transfers, Optional.empty(), Optional.empty());
        double least = Double.POSITIVE_INFINITY;
        for (double a = -5; a <= 2; a += 0.5)
            for (double p = -6; p <= 1; p += 0.5)
                least = Math.min(
                        least, risk(clean, shots, transfers, new TikhonovWeights(Math.pow(10, a), Math.pow(10, p))));
        double reached = risk(clean, shots, transfers, found);
        assertTrue(reached < 1.1 * least, found + " leaves " + reached + ", others " + least);
        assertEquals(
                0.5,
                agreement.weights(transfers, Optional.of(0.5), Optional.empty()).absorption());
    }

    private double risk(
            List<Grid2D> clean, List<Grid2D> shots, List<WeakObjectTransfer> transfers, TikhonovWeights weights) {
        TikhonovSolver.Solution solution = TikhonovSolver.solve(shots, transfers, weights);
        double sum = 0;
        for (int shot = 0; shot < clean.size(); shot++) {
            Grid2D seen = WeakObjectPicture.of(solution.absorption(), solution.phase(), transfers.get(shot), 0, random);
            for (int i = 0; i < seen.values().length; i++)
                sum += Math.pow(seen.values()[i] - clean.get(shot).values()[i], 2);
        }
        return sum;
    }
}
