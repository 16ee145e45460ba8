package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.dpc.DpcRun;
import dev.nstm.apps.dpc.Evaluation;
import dev.nstm.apps.dpc.Measurement;
import dev.nstm.apps.dpc.Reconstructed;
import dev.nstm.apps.io.AnimatedPng;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.device.Device;
import dev.nstm.device.Devices;
import dev.nstm.device.PixelGrid;
import dev.nstm.tensor.Shape;
import dev.nstm.training.CheckpointStore;
import dev.nstm.training.SceneRenderer;
import dev.nstm.training.TrainingState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "render", mixinStandardHelpOptions = true, description = "Shows a finished reconstruction at any number of times, also between the shots: NPZ, TIFF stacks and movies (animated PNG).",
        footer = {"", "Example:", "  nstm render nstm-out --times 100"})
final class RenderCommand implements Callable<Integer> {
    private static final double SHADE = 0.002;

    @Parameters(paramLabel = "DIR", description = "Output directory of a reconstruction.")
    private Path directory;

    @Option(names = "--times", paramLabel = "N", defaultValue = "100", description = "Times from the first shot to the last (default: ${DEFAULT-VALUE}).")
    private int times;

    @Option(names = "--speed", paramLabel = "FPS", defaultValue = "20", description = "Frames per second of the movies (default: ${DEFAULT-VALUE}).")
    private int framesPerSecond;

    @Mixin
    private ThreadsOption computing;

    @Override
    public Integer call() throws Exception {
        require(times >= 1 && times <= 100_000, "--times must be 1 to 100000, got %d", times);
        require(framesPerSecond >= 1 && framesPerSecond <= 1000, "--speed must be 1 to 1000, got %d", framesPerSecond);
        Configuration configuration = Configuration.read(directory.resolve("config.yaml"), List.of());
        Reconstructed shots = Reconstructed.read(directory.resolve("recon.npz"));
        NpyArray units = Npz.read(directory.resolve("recon.npz")).get("channel_units");
        require(units != null, "%s was not written by nstm reconstruct", directory.resolve("recon.npz"));
        TrainingState state = new CheckpointStore(directory.resolve("checkpoints")).loadNewest(line -> System.err.println("nstm: " + line)).orElse(null);
        require(state != null, "%s holds no checkpoint", directory);
        double[] range = configuration.get(Keys.TIMES);
        double first = Arrays.stream(range).min().orElse(-1);
        double last = Arrays.stream(range).max().orElse(1);
        double[] moments = Measurement.evenly(times);
        for (int i = 0; i < times; i++) moments[i] = first + (last - first) * (moments[i] + 1) / 2;
        try (Device device = Devices.open(computing.device(), computing.threads(), line -> System.err.println("nstm: " + line))) {
            SceneRenderer renderer = new SceneRenderer(device, DpcRun.field(configuration, shots.height(), shots.width()), PixelGrid.of(Shape.of(shots.height(), shots.width())),
                    units.values(), configuration.get(Keys.MOTION_RATE) > 0, state.object().parameters(), state.motion().parameters());
            Reconstructed movie = Reconstructed.render(renderer, moments, shots.height(), shots.width());
            movie.write(directory.resolve("movie.npz"), units.values());
            for (int channel = 0; channel < 2; channel++) {
                String name = Evaluation.CHANNELS.get(channel);
                TiffStack.write(directory.resolve("movie-" + name + ".tif"), movie.channel(channel), movie.height(), movie.width(), configuration.get(Keys.PIXEL_SIZE));
                AnimatedPng.write(directory.resolve("movie-" + name + ".png"), shades(movie.channel(channel)), movie.height(), movie.width(), framesPerSecond);
            }
        }
        System.out.println(times + " times in " + directory.resolve("movie.npz") + ", movie-absorption.tif/.png and movie-phase.tif/.png");
        return 0;
    }

    /** Grey values between the 0.2 % darkest and the 0.2 % brightest pixels of the whole movie. */
    private static List<byte[]> shades(List<float[]> frames) {
        int step = Math.max(1, frames.size() * frames.getFirst().length / 1_000_000);
        float[] sample = new float[(frames.size() * frames.getFirst().length + step - 1) / step];
        int at = 0;
        for (int i = 0; i < frames.size() * frames.getFirst().length; i += step) sample[at++] = frames.get(i / frames.getFirst().length)[i % frames.getFirst().length];
        Arrays.sort(sample);
        float dark = sample[(int) (SHADE * (sample.length - 1))];
        float bright = sample[(int) ((1 - SHADE) * (sample.length - 1))];
        List<byte[]> shades = new ArrayList<>();
        for (float[] frame : frames) {
            byte[] grey = new byte[frame.length];
            for (int i = 0; i < frame.length; i++) grey[i] = (byte) Math.clamp(Math.round(255 * (frame[i] - dark) / Math.max(1e-20f, bright - dark)), 0, 255);
            shades.add(grey);
        }
        return shades;
    }
}
