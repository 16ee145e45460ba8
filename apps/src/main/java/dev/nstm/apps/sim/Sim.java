package dev.nstm.apps.sim;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Times;
import dev.nstm.device.Device;
import dev.nstm.optics.BandSeparation;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.RadialOtf;
import dev.nstm.optics.TheoreticalOtf;
import dev.nstm.optics.VolumeOptics;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Structured illumination, in two and in three dimensions. */
public final class Sim implements Instrument {
    @Override
    public String name() {
        return "sim";
    }

    @Override
    public Run load(Configuration configuration) throws IOException {
        return SimRun.of(configuration, SimMeasurement.load(configuration));
    }

    @Override
    public void simulate(Configuration configuration, Path file) throws IOException {
        SimSimulator.write(configuration, file);
    }

    @Override
    public Movie again(Path directory, Configuration configuration, TrainingState state, Device device, double[] times) throws IOException {
        return SimResults.again(directory, configuration, state, device, times);
    }

    @Override
    public List<Demo> demos() {
        return List.of(new Demo("sim", "sim3d-demo.yaml", "Fifteen stacks of moving filaments under three-beam patterns are simulated and reconstructed."),
                new Demo("sim2d", "sim2d-demo.yaml", "Nine pictures of moving filaments under two-beam patterns are simulated and reconstructed."));
    }

    @Override
    public Optional<Benchmark> benchmark() {
        return Optional.of(new Benchmark("sim3d", List.of(9, 128, 128), 1, Sim::noise));
    }

    /** Images of noise under three-beam light; the scene has the volume's size but for two planes of padding at each end. */
    private static Run noise(int[] size) throws IOException {
        Configuration configuration = Configuration.bundled("sim3d-demo.yaml", List.of("sim.zoom=1"));
        VolumeOptics optics = new VolumeOptics(configuration.get(Keys.WAVELENGTH), configuration.get(Keys.EXCITATION), configuration.get(Keys.APERTURE), configuration.get(Keys.MEDIUM_INDEX),
                configuration.get(Keys.PIXEL_SIZE) / 2, configuration.get(Keys.Z_STEP));
        RadialOtf otf = TheoreticalOtf.of(optics, TheoreticalOtf.Light.threeBeams(optics, 1 / configuration.get(Keys.SIM_SPACINGS)[0]), 128, 32);
        SplittableRandom random = new SplittableRandom(1);
        List<List<Grid3D>> images = new ArrayList<>();
        for (int direction = 0; direction < 3; direction++) {
            List<Grid3D> taken = new ArrayList<>();
            for (int phase = 0; phase < 5; phase++) {
                Grid3D image = new Grid3D(size[0], size[1], size[2]);
                for (int i = 0; i < image.values().length; i++) image.values()[i] = random.nextDouble();
                taken.add(image);
            }
            images.add(taken);
        }
        return SimRun.of(configuration, new SimMeasurement(List.of(images), BandSeparation.evenPhases(5), Times.evenly(15), optics, Collections.nCopies(3, otf), false, 1, Optional.empty(), List.of(), Optional.empty()));
    }
}
