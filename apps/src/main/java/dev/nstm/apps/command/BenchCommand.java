package dev.nstm.apps.command;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.dpc.DpcRun;
import dev.nstm.apps.dpc.Measurement;
import dev.nstm.autodiff.Graph;
import dev.nstm.device.Device;
import dev.nstm.device.Devices;
import dev.nstm.device.NetworkLayout;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.Pupils;
import dev.nstm.simd.PeakKernel;
import dev.nstm.training.Reconstruction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures a training step of the published problem: seconds, arithmetic against the machine's peak, memory.",
        footer = {"", "Examples:", "  nstm bench", "  nstm bench --dims 128x128 --steps 50 --threads 1"})
final class BenchCommand implements Callable<Integer> {
    private static final int SHOTS = 4;
    private static final int PEAK_ROUNDS = 20_000_000;

    @Spec
    private CommandSpec command;

    @Option(names = "--dims", paramLabel = "HxW", defaultValue = "320x1000", description = "Picture size (default: ${DEFAULT-VALUE}).")
    private String dims;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "8", description = "Steps measured, after 4 to warm up (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Mixin
    private ThreadsOption computing;

    @Override
    public Integer call() throws Exception {
        int threads = computing.threads();
        int[] size = size();
        if (steps < 1) throw new ParameterException(command.commandLine(), "--steps must be at least 1, got " + steps);
        Configuration configuration = Configuration.parse(DemoCommand.bundled("dpc-published.yaml"), "dpc-published.yaml", List.of());
        DpcRun run = DpcRun.of(configuration, noise(configuration, size[0], size[1]));
        try (Device device = Devices.open(computing.device(), threads, line -> System.err.println("nstm: " + line))) {
            System.out.printf("%s: %s%n", device.name(), device.description());
            Reconstruction reconstruction = new Reconstruction(device, run.system(), run.field(), run.plan());
            for (int i = 0; i < 4; i++) reconstruction.runEpoch((epoch, loss, terms) -> { });
            Graph graph = reconstruction.graph();
            graph.resetTimes();
            double[] seconds = new double[steps];
            for (int i = 0; i < steps; i++) {
                long start = System.nanoTime();
                reconstruction.runEpoch((epoch, loss, terms) -> { });
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
            print(run, size, seconds, graph, device, threads);
        }
        return 0;
    }

    private void print(DpcRun run, int[] size, double[] seconds, Graph graph, Device device, int threads) {
        Arrays.sort(seconds);
        double median = seconds[steps / 2];
        System.out.printf(Locale.ROOT, "training step, %d shots of %dx%d: median %.3f s (%.3f to %.3f, %d steps)%n", SHOTS, size[0], size[1], median, seconds[0], seconds[steps - 1], steps);
        double accounted = 0;
        for (Graph.NodeTime time : graph.times()) {
            double forward = time.forwardNanos() / 1e9 / steps;
            double backward = time.backwardNanos() / 1e9 / steps;
            accounted += forward + backward;
            if (forward + backward > 1e-4) System.out.printf(Locale.ROOT, "  %-34s forward %.3f s   backward %.3f s%n", name(time), forward, backward);
        }
        System.out.printf(Locale.ROOT, "  %-34s         %.3f s%n", "losses, optimiser, order of shots", Math.max(0, Arrays.stream(seconds).average().orElse(0) - accounted));
        double operations = 3 * 2.0 * SHOTS * size[0] * size[1] * (weights(run.field().object()) + weights(run.field().motion()));
        double peak = peak(threads);
        System.out.printf(Locale.ROOT, "dense layers: %.1f GFLOP a step (forward, input and weight gradients), %.1f GFLOP/s over the whole step%n", operations / 1e9, operations / median / 1e9);
        System.out.printf(Locale.ROOT, "multiply-add peak measured on %d thread%s: %.1f GFLOP/s; the step runs at %.0f %% of it%n", threads, threads == 1 ? "" : "s", peak / 1e9, 100 * operations / median / peak);
        System.out.printf(Locale.ROOT, "memory: %.0f MB for tensors%s%n", device.allocatedBytes() / 1e6, peakMemory().map(kb -> String.format(Locale.ROOT, ", %.0f MB peak of the process", kb / 1e3)).orElse(""));
    }

    private static String name(Graph.NodeTime time) {
        return time.node().getClass().getSimpleName() + " " + time.node().value().shape();
    }

    private static double weights(NetworkLayout layout) {
        double weights = 0;
        for (int layer = 0; layer < layout.depth(); layer++) weights += (double) layout.inputs(layer) * layout.width();
        return weights + (double) layout.outputs() * layout.width();
    }

    /** Operations per second of all threads together doing nothing but multiply-adds. */
    private static double peak(int threads) {
        double best = 0;
        for (int attempt = 0; attempt < 3; attempt++) {
            List<Thread> workers = new ArrayList<>();
            float[] results = new float[threads];
            long start = System.nanoTime();
            for (int i = 0; i < threads; i++) {
                int worker = i;
                workers.add(Thread.ofPlatform().start(() -> results[worker] = PeakKernel.run(PEAK_ROUNDS, worker + 1f)));
            }
            for (Thread worker : workers) {
                try {
                    worker.join();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return best;
                }
            }
            best = Math.max(best, (double) PeakKernel.OPERATIONS * PEAK_ROUNDS * threads / ((System.nanoTime() - start) / 1e9));
        }
        return best;
    }

    /** Largest resident size of the process in kilobytes, where the system tells. */
    private static Optional<Long> peakMemory() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmHWM:"))
                    .map(l -> Long.parseLong(l.replaceAll("[^0-9]", ""))).findFirst();
        } catch (IOException elsewhere) {
            return Optional.empty();
        }
    }

    private int[] size() {
        String[] parts = dims.toLowerCase(Locale.ROOT).split("x");
        try {
            int height = Integer.parseInt(parts[0]);
            int width = Integer.parseInt(parts[1]);
            if (parts.length == 2 && height >= 16 && width >= 16 && (long) height * width <= 1 << 26) return new int[] {height, width};
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException notASize) {
            // Told below, with what was given.
        }
        throw new ParameterException(command.commandLine(), "--dims must be HEIGHTxWIDTH, each at least 16, such as 320x1000, got " + dims);
    }

    private static Measurement noise(Configuration c, int height, int width) {
        Microscope microscope = new Microscope(c.get(Keys.WAVELENGTH), c.get(Keys.APERTURE), c.get(Keys.PIXEL_SIZE), 1);
        SplittableRandom random = new SplittableRandom(1);
        List<Grid2D> images = new ArrayList<>();
        List<Grid2D> sources = new ArrayList<>();
        for (double rotation : c.get(Keys.ROTATIONS)) {
            Grid2D image = new Grid2D(height, width);
            for (int i = 0; i < image.values().length; i++) image.values()[i] = 0.1 * random.nextGaussian();
            images.add(image);
            sources.add(Pupils.halfSource(microscope, 0, rotation, height, width));
        }
        return new Measurement(images, sources, Measurement.evenly(SHOTS), microscope, Optional.empty());
    }
}
