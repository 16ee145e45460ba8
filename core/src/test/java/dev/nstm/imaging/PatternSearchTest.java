package dev.nstm.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.optics.BandSeparation;
import dev.nstm.optics.ComplexGrid3D;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.LightPattern;
import dev.nstm.optics.LinePattern;
import dev.nstm.optics.Modulation;
import dev.nstm.optics.RadialOtf;
import dev.nstm.optics.TheoreticalOtf;
import dev.nstm.optics.VolumeOptics;
import dev.nstm.simulate.CameraNoise;
import dev.nstm.simulate.MovingFilaments;
import dev.nstm.simulate.SimImaging;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns are found in images of light that is written out pixel by pixel, and not in noise. */
class PatternSearchTest {
    private static final VolumeOptics CAMERA = new VolumeOptics(0.525, 0.488, 1.2, 1.33, 0.08, 0.15);
    private final SplittableRandom random = Seeds.random();

    /**
     * Pictures under a sum of gratings, through the lens, counted by a camera; phase step j turns grating g by step[g]
     * 2 pi j / n.
     */
    private List<Grid3D> counted(
            Grid3D density,
            double haze,
            int phases,
            int[] steps,
            double[] strengths,
            List<LinePattern> gratings,
            double photons) {
        Grid3D lit = new Grid3D(1, density.height(), density.width());
        RadialOtf otf = TheoreticalOtf.of(CAMERA, TheoreticalOtf.Light.twoBeams(), 128, 1);
        ComplexGrid3D transfer = otf.expand(0, 1, density.height(), density.width(), CAMERA, 0, 0);
        double mean = Arrays.stream(density.values()).average().orElseThrow() + haze;
        List<Grid3D> images = new ArrayList<>();
        for (int j = 0; j < phases; j++) {
            for (int i = 0; i < lit.values().length; i++) {
                double light = 1;
                for (int g = 0; g < steps.length; g++) {
                    LinePattern grating = gratings.get(g);
                    light += strengths[g]
                            * Math.cos(2
                                    * Math.PI
                                    * (CAMERA.pixelSize()
                                                    * (i % density.width() * grating.kx()
                                                            + i / density.width() * grating.ky())
                                            - (double) steps[g] * j / phases));
                }
                lit.values()[i] = (density.values()[i] + haze) * light / mean * photons;
            }
            ComplexGrid3D spectrum = Fourier.forward(ComplexGrid3D.ofReal(lit));
            for (int i = 0; i < transfer.re().length; i++) {
                spectrum.re()[i] *= transfer.re()[i];
                spectrum.im()[i] *= transfer.re()[i];
            }
            Grid3D seen = Fourier.inverse(spectrum).real();
            for (int i = 0; i < seen.values().length; i++) seen.values()[i] = Math.max(0, seen.values()[i]);
            images.add(SimImaging.noisy(seen, new CameraNoise(1, 0, 0), 0, random, 0));
        }
        return images;
    }

    private static double lineAngleError(LinePattern found, double angle) {
        return Math.abs(Math.IEEEremainder(found.angle() - angle, Math.PI));
    }

    /** Eight counts a pixel over haze: the second order is lost, the first stands out. */
    @ParameterizedTest
    @CsvSource({"0.25", "1.30", "2.34", "-0.7"})
    void littleLightShowsTheFirstOrderAlone(double angle) {
        LinePattern first = new LinePattern(angle, 0.52);
        Grid3D density = new MovingFilaments(1, 96, 96, 0, 0, 5).at(0);
        double mean = Arrays.stream(density.values()).average().orElseThrow();
        List<Grid3D> images = counted(
                density, 4 * mean, 5, new int[] {1, 2}, new double[] {0.7, 0.1}, List.of(first, first.multiple(2)), 8);
        RadialOtf otf = TheoreticalOtf.of(CAMERA, TheoreticalOtf.Light.threeBeams(CAMERA, 1 / 0.52), 128, 1);
        double[] phases = BandSeparation.evenPhases(5);
        LightPattern found = new PatternSearch(images, phases, otf, CAMERA).find();
        assertEquals(
                0,
                lineAngleError(found.first(), angle),
                0.03,
                "angle " + found.first().angle());
        assertEquals(0.52, found.first().lineSpacing(), 0.02 * 0.52);
        SimInstrument estimated = SimInstrument.estimate(List.of(images), CAMERA, List.of(found), phases, List.of(otf));
        assertEquals(
                Modulation.Verdict.GOOD,
                estimated.modulations().getFirst().get(1).verdict());
    }

    /**
     * The strongest of all patterns that a search can find there. Small pictures have few patterns to compare with; of
     * the first of these two seeds one passed for a pattern while the bands' ends were not counted with.
     */
    @ParameterizedTest
    @ValueSource(longs = {3941186303439492468L, 0})
    void noiseShowsNoPattern(long seed) {
        SplittableRandom random = seed == 0 ? this.random : new SplittableRandom(seed);
        RadialOtf otf = TheoreticalOtf.of(CAMERA, TheoreticalOtf.Light.twoBeams(), 128, 1);
        double[] phases = BandSeparation.evenPhases(3);
        for (int trial = 0; trial < (seed == 0 ? 10 : 60); trial++) {
            List<Grid3D> images = IntStream.range(0, 3)
                    .mapToObj(image -> new Grid3D(
                            1,
                            48,
                            48,
                            random.doubles(48 * 48)
                                    .map(value -> 100 + 20 * value)
                                    .toArray()))
                    .toList();
            LightPattern found = new PatternSearch(images, phases, otf, CAMERA).find();
            Modulation modulation = SimInstrument.estimate(
                            List.of(images), CAMERA, List.of(found), phases, List.of(otf))
                    .modulations()
                    .getFirst()
                    .get(1);
            assertEquals(Modulation.Verdict.WRONG, modulation.verdict(), modulation + " of " + found);
        }
    }

    @Test
    void anAngleAndItsOppositeNameTheSameLines() {
        LinePattern first = new LinePattern(0.9, 0.26);
        Grid3D density = new MovingFilaments(1, 96, 96, 0, 0, 3).at(0);
        List<Grid3D> images = counted(density, 0, 3, new int[] {1}, new double[] {0.8}, List.of(first), 400);
        RadialOtf otf = TheoreticalOtf.of(CAMERA, TheoreticalOtf.Light.twoBeams(), 128, 1);
        PatternSearch search = new PatternSearch(images, BandSeparation.evenPhases(3), otf, CAMERA);
        LightPattern one = search.facing(LightPattern.lines(first, 2));
        LightPattern other = search.facing(LightPattern.lines(first.opposite(), 2));
        assertEquals(0, Math.IEEEremainder(one.first().angle() - other.first().angle(), 2 * Math.PI), 1e-12);
        SimInstrument estimated = SimInstrument.estimate(
                List.of(images), CAMERA, List.of(one), BandSeparation.evenPhases(3), List.of(otf));
        assertTrue(estimated.modulations().getFirst().get(1).correlation() > 0.9);
        // The pattern as the documentation writes it has its lines along these.
        assertEquals(0, lineAngleError(search.find().first(), 0.9), 0.01);
    }

    /** Light written out as 1 + m cos(...), pixel by pixel: both orders are found as strong as they are. */
    @ParameterizedTest
    @CsvSource({"3,0.9,0", "3,0.4,0", "5,0.9,0.5", "5,0.5,0.3"})
    void aLightsModulationIsFound(int phases, double m1, double m2) {
        LinePattern first = new LinePattern(0.9, phases == 3 ? 0.3 : 0.52);
        Grid3D density = new MovingFilaments(1, 96, 96, 0, 0, 3).at(0);
        int orders = phases == 3 ? 1 : 2;
        List<Grid3D> images = counted(
                density, 0, phases, new int[] {1, 2}, new double[] {m1, m2}, List.of(first, first.multiple(2)), 10_000);
        TheoreticalOtf.Light light =
                orders == 1 ? TheoreticalOtf.Light.twoBeams() : TheoreticalOtf.Light.threeBeams(CAMERA, 1 / 0.52);
        RadialOtf otf = TheoreticalOtf.of(CAMERA, light, 128, 1);
        LightPattern faced = new PatternSearch(images, BandSeparation.evenPhases(phases), otf, CAMERA)
                .facing(LightPattern.lines(first, orders + 1));
        SimInstrument estimated = SimInstrument.estimate(
                List.of(images), CAMERA, List.of(faced), BandSeparation.evenPhases(phases), List.of(otf));
        // Three beams can make a first order of the square root of 2.
        assertEquals(m1 / (orders == 1 ? 1 : Math.sqrt(2)), estimated.modulation(0, 1), 0.04);
        if (orders == 2) assertEquals(m2, estimated.modulation(0, 2), 0.04);
    }

    @Test
    void severalGratingsAtOnceAreToldFromLines() {
        double[] angles = {0.2, 0.2 + 2 * Math.PI / 3, 0.2 + 4 * Math.PI / 3};
        List<LinePattern> gratings = Arrays.stream(angles)
                .mapToObj(angle -> new LinePattern(angle, 0.40))
                .toList();
        Grid3D density = new MovingFilaments(1, 96, 96, 0, 0, 8).at(0);
        RadialOtf otf = TheoreticalOtf.of(CAMERA, TheoreticalOtf.Light.twoBeams(), 128, 1);
        List<Grid3D> hexagonal =
                counted(density, 0, 7, new int[] {1, 2, -3}, new double[] {0.5, 0.5, 0.5}, gratings, 400);
        LightPattern found = new PatternSearch(hexagonal, BandSeparation.evenPhases(7), otf.ofCentralBand(4), CAMERA)
                .findLattice()
                .orElseThrow();
        for (int g = 0; g < 3; g++) {
            assertEquals(0, lineAngleError(found.gratings().get(g), angles[g]), 0.01, "grating " + g);
            assertEquals(0.40, found.gratings().get(g).lineSpacing(), 0.004);
        }
        LinePattern first = new LinePattern(0.7, 0.5);
        List<Grid3D> lines = counted(
                density, 0, 5, new int[] {1, 2}, new double[] {0.5, 0.7}, List.of(first, first.multiple(2)), 400);
        assertTrue(new PatternSearch(lines, BandSeparation.evenPhases(5), otf.ofCentralBand(3), CAMERA)
                .findLattice()
                .isEmpty());
    }
}
