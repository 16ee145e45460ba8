package dev.nstm.apps.command;

import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.report.Phase;
import dev.nstm.apps.report.TextTable;
import dev.nstm.autodiff.Graph;
import dev.nstm.autodiff.Node;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.device.cpu.CpuDevice;
import dev.nstm.files.AtomicDirectory;
import dev.nstm.imaging.ForwardModel;
import dev.nstm.training.Reconstruction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description =
                "Measures passes over the shots of a problem of published size: seconds, arithmetic against the machine's peak, memory. With a configuration: where the time of that whole run goes.",
        footer = {
            "",
            "Examples:",
            "  nstm bench",
            "  nstm bench --dims 128x128 --steps 50 --threads 1",
            "  nstm bench --set object.width=64",
            "  nstm bench configs/dpc-cells.yaml --data cells.npz",
            "  nstm bench --system sim3d --dims 12x512x512 --steps 1",
            "  nstm bench --system lensless"
        })
final class BenchCommand implements Callable<Integer> {
    /** Most shots of a pass: a lensless photograph has many more windows, too many to wait for. */
    private static final int MOST_SHOTS = 15;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--system",
            paramLabel = "SYSTEM",
            defaultValue = "dpc",
            description =
                    "dpc; sim3d: three directions of five phases; lensless: a photograph in colour, windows of 20 moments; or a system of your own (default: ${DEFAULT-VALUE}).")
    private String system;

    @Option(
            names = "--dims",
            paramLabel = "SIZE",
            description =
                    "Picture size HxW for dpc, volume ZxHxW for sim3d, scene HxW for lensless (default: 320x1000, 9x128x128, 162x192).")
    private String dims;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "8",
            description = "Passes measured, after 4 (others than dpc: 1) to warm up (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Mixin
    private RunOptions options;

    @Mixin
    private DeviceOptions computing;

    @Override
    public Integer call() throws Exception {
        if (options.given()) return profile();
        if (options.namesData())
            throw new ParameterException(
                    command.commandLine(), "--data needs a configuration: nstm bench CONFIG.yaml --data FILE");
        int threads = computing.threads();
        Instrument.Benchmark benchmark = Instruments.offer(
                "benchmark",
                system,
                options.plugins(),
                instrument -> instrument.benchmark().stream().toList());
        int[] size = size(benchmark);
        if (steps < 1) throw new ParameterException(command.commandLine(), "--steps must be at least 1, got " + steps);
        Run run = benchmark.problem().of(size, options.settings());
        ForwardModel shots = new FirstShots(run.system(), Math.min(run.system().shots(), MOST_SHOTS));
        Heap.giveBack();
        try (Device device = computing.open()) {
            System.out.printf("%s: %s%n", device.name(), device.description());
            Reconstruction reconstruction = new Reconstruction(device, shots, run.field(), run.plan());
            for (int i = 0; i < benchmark.warmUp(); i++) reconstruction.runEpoch((epoch, loss, terms) -> {});
            Graph graph = reconstruction.graph();
            graph.resetTimes();
            double[] seconds = new double[steps];
            for (int i = 0; i < steps; i++) {
                long start = System.nanoTime();
                reconstruction.runEpoch((epoch, loss, terms) -> {});
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
            print(run, shots, seconds, graph, device, threads);
        }
        return 0;
    }

    /** Where the time of a whole run goes; its results are not kept. */
    private int profile() throws Exception {
        int threads = computing.threads();
        Path out = Files.createTempDirectory("nstm-bench");
        try {
            RunProfile.print(() -> {
                Run run = loaded();
                Session.execute(() -> run, out, computing, FollowOptions.none(), false);
                return () -> new RunFloors(run, Machine.measured(threads));
            });
        } finally {
            AtomicDirectory.delete(out);
        }
        return 0;
    }

    private Run loaded() throws IOException {
        try (Phase phase = Phase.of("reading and preparing")) {
            return options.load();
        }
    }

    private void print(Run run, ForwardModel shots, double[] seconds, Graph graph, Device device, int threads) {
        Arrays.sort(seconds);
        double median = seconds[steps / 2];
        int moments = shots.moments(0).length;
        System.out.printf(
                Locale.ROOT,
                "pass over %d shots of %s%s: median %.4f s (%.4f to %.4f, %d passes), %.4f s per shot%n",
                shots.shots(),
                shots.grid(),
                moments == 1 ? "" : " at " + moments + " moments",
                median,
                seconds[0],
                seconds[steps - 1],
                steps,
                median / shots.shots());
        double operations = RunFloors.operations(shots, run.field());
        // A GPU is still working when the next node is called: only the whole pass can be timed from here. The peak of
        // a GPU is not measured.
        boolean onProcessor = device instanceof CpuDevice;
        if (onProcessor) printNodes(seconds, graph);
        System.out.printf(
                Locale.ROOT,
                "dense layers: %.1f GFLOP a pass (forward, input and weight gradients), %.1f GFLOP/s over the whole pass%n",
                operations / 1e9,
                operations / median / 1e9);
        if (onProcessor) {
            double peak = Machine.operations(threads);
            System.out.printf(
                    Locale.ROOT,
                    "multiply-add peak measured on %d thread%s: %.1f GFLOP/s; the pass runs at %.0f %% of it%n",
                    threads,
                    threads == 1 ? "" : "s",
                    peak / 1e9,
                    100 * operations / median / peak);
        }
        System.out.printf(
                Locale.ROOT,
                "memory: %.0f MB for tensors%s%n",
                device.allocatedBytes() / 1e6,
                peakMemory()
                        .map(kb -> String.format(Locale.ROOT, ", %.0f MB peak of the process", kb / 1e3))
                        .orElse(""));
    }

    private void printNodes(double[] seconds, Graph graph) {
        double accounted = 0;
        TextTable table = new TextTable(1, "operation", "forward", "backward");
        for (Graph.NodeTime time : graph.times()) {
            double forward = time.forwardNanos() / 1e9 / steps;
            double backward = time.backwardNanos() / 1e9 / steps;
            accounted += forward + backward;
            if (forward + backward > 1e-4) table.add(name(time), seconds(forward), seconds(backward));
        }
        System.out.print(table.add(
                        "losses, optimiser, order of shots",
                        seconds(Math.max(0, Arrays.stream(seconds).average().orElse(0) - accounted)),
                        "")
                .text());
    }

    private static String seconds(double value) {
        return TextTable.cell("%.3f s", value);
    }

    private static String name(Graph.NodeTime time) {
        return time.node().getClass().getSimpleName() + " "
                + time.node().value().shape();
    }

    /** Largest resident size of the process in kilobytes, where the system tells. */
    private static Optional<Long> peakMemory() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(l -> l.startsWith("VmHWM:"))
                    .map(l -> Long.parseLong(l.replaceAll("[^0-9]", "")))
                    .findFirst();
        } catch (IOException elsewhere) {
            return Optional.empty();
        }
    }

    private int[] size(Instrument.Benchmark benchmark) {
        int axes = benchmark.size().size();
        if (axes == 0) {
            if (dims == null) return new int[0];
            throw new ParameterException(
                    command.commandLine(),
                    "--dims: settings say how large a problem of " + benchmark.name()
                            + " is; give them as --set own.NAME=VALUE");
        }
        String text = dims == null
                ? benchmark.size().stream().map(String::valueOf).collect(Collectors.joining("x"))
                : dims.toLowerCase(Locale.ROOT);
        String[] parts = text.split("x");
        try {
            int[] size = Arrays.stream(parts).mapToInt(Integer::parseInt).toArray();
            long count = Arrays.stream(size).asLongStream().reduce(1, (a, b) -> a * b);
            if (size.length == axes && size[axes - 1] >= 16 && size[axes - 2] >= 16 && size[0] >= 1 && count <= 1 << 26)
                return size;
        } catch (NumberFormatException notASize) {
            // Told below, with what was given.
        }
        throw new ParameterException(
                command.commandLine(),
                axes == 2
                        ? "--dims must be HEIGHTxWIDTH, each at least 16, such as 320x1000, got " + text
                        : "--dims must be PLANESxHEIGHTxWIDTH, rows and columns at least 16, such as 9x128x128, got "
                                + text);
    }

    /** The first shots of a system. */
    private record FirstShots(ForwardModel all, int shots) implements ForwardModel {
        @Override
        public double[] moments(int shot) {
            return all.moments(shot);
        }

        @Override
        public int shift(int shot) {
            return all.shift(shot);
        }

        @Override
        public int channels() {
            return all.channels();
        }

        @Override
        public String channelName(int channel) {
            return all.channelName(channel);
        }

        @Override
        public double channelUnit(int channel) {
            return all.channelUnit(channel);
        }

        @Override
        public boolean showsAllAtOnce() {
            return all.showsAllAtOnce();
        }

        @Override
        public Optional<ForwardModel> reduced(int factor) {
            return all.reduced(factor).map(smaller -> new FirstShots(smaller, shots));
        }

        @Override
        public ForwardModel plain() {
            return new FirstShots(all.plain(), shots);
        }

        @Override
        public Optional<Split> split(double share, long seed) {
            return all.split(share, seed)
                    .map(parts ->
                            new Split(new FirstShots(parts.learned(), shots), new FirstShots(parts.heldOut(), shots)));
        }

        @Override
        public PixelGrid samples() {
            return all.samples();
        }

        @Override
        public float[] parameters() {
            return all.parameters();
        }

        @Override
        public Comparison attach(Device device, Node scene, Node parameters) {
            return all.attach(device, scene, parameters);
        }
    }
}
