package dev.nstm.apps.mutation;

import dev.nstm.apps.command.CommandAccess;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.tensor.InvalidInputException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Every key of every built-in system at the ends of what it may be and beyond, in a process of its own with little
 * memory: refused in one line, or taken - then a small simulation is made and a run prepared with it. Prints what was
 * wrong; ends with status 1 where anything was.
 */
final class ExtremesRun {
    private static final long PATIENCE_SECONDS = 20;
    /** Sections that a simulation knows; larger ones than this take their time, and say so. */
    private static final List<String> SIMULATED = List.of("simulation.", "optics.", "sim.", "data.", "camera.");

    private static final int LARGEST = 256;
    private static final Map<String, String> SYSTEMS = Map.of(
            "dpc",
                    "system: dpc\noptics: {wavelength: 0.525, numericalAperture: 0.25, pixelSize: 0.454}\nsimulation: {height: 24, width: 28}\n",
            "sim",
                    "system: sim\ndata: {phases: 3}\noptics: {wavelength: 0.525, excitationWavelength: 0.488, numericalAperture: 1.2, mediumIndex: 1.33, pixelSize: 0.08, zStep: 0.15}\n"
                            + "sim: {angles: [0.3, 1.347, 2.394], lineSpacings: [0.24]}\nsimulation: {planes: 1, height: 24, width: 28}\n",
            "lensless",
                    "system: lensless\ncamera: {rowTime: 1, exposure: 10, frames: 5}\nsimulation: {height: 40, width: 48}\n");

    private final Path directory;
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private int tried;
    private int refused;
    private int faults;

    private ExtremesRun(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        // What a run doubts of is no fault.
        System.setErr(new PrintStream(PrintStream.nullOutputStream()));
        ExtremesRun run = new ExtremesRun(Path.of(arguments[0]));
        for (String system : List.of("dpc", "sim", "lensless")) {
            Path shots = run.directory.resolve(system + ".npz");
            CommandAccess.simulate(
                    Configuration.parse(SYSTEMS.get(system), system, List.of(), CommandAccess.systems()), shots);
            for (Key<?> key : CommandAccess.systems().of(system).keys()) {
                if (key == Keys.SYSTEM) continue;
                for (String value : values(key)) run.attempt(out, system, key, value, shots);
            }
        }
        out.printf("%d values, %d refused, %d faults%n", run.tried, run.refused, run.faults);
        System.exit(run.faults == 0 ? 0 : 1);
    }

    private static List<String> values(Key<?> key) {
        List<String> numbers = new ArrayList<>(List.of(
                "0", "-1", "1e300", "-1e300", "1e-300", "2147483647", "2147483648", "NaN", "Infinity", "0.5", "x"));
        switch (key.range()) {
            case Key.Range.Numbers range ->
                numbers.addAll(List.of(
                        text(range.min()), text(range.max()), text(Math.nextUp(range.min())), text(range.max() + 1)));
            case Key.Range.Lengths range -> numbers.addAll(List.of(text(range.least()), text(range.most())));
            case Key.Range.Words words -> numbers.addAll(words.words());
            case Key.Range.Any() ->
                numbers.addAll(List.of("\"\"", "\" \"", "\"a\\0b\"", "/", ".", "\"" + "y".repeat(5000) + "\""));
        }
        if (!key.isList()) return numbers;
        List<String> lists = new ArrayList<>(List.of("[]", "5"));
        for (String number : numbers)
            for (int length : new int[] {1, 3, 40})
                lists.add("[" + String.join(", ", Collections.nCopies(length, number)) + "]");
        return lists;
    }

    private static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private void attempt(PrintStream out, String system, Key<?> key, String value, Path shots) throws Exception {
        tried++;
        String setting = key.path() + "=" + value;
        Future<?> done = worker.submit(() -> {
            Configuration configuration =
                    Configuration.parse(SYSTEMS.get(system), system, List.of(setting), CommandAccess.systems());
            boolean small = configuration.get(Keys.SIMULATION_HEIGHT) <= LARGEST
                    && configuration.get(Keys.SIMULATION_WIDTH) <= LARGEST;
            if (small && SIMULATED.stream().anyMatch(key.path()::startsWith))
                CommandAccess.simulate(configuration, directory.resolve("extreme.npz"));
            CommandAccess.load(
                    key == Keys.DATA_FILE ? configuration : configuration.with(Keys.DATA_FILE, shots.toString()));
            return null;
        });
        try {
            done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException hangs) {
            fault(out, system, setting, "takes longer than " + PATIENCE_SECONDS + " s");
            System.exit(1);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof InvalidInputException told) {
                refused++;
                if (told.getMessage().lines().count() != 1)
                    fault(out, system, setting, "several lines: " + told.getMessage());
            } else {
                StringWriter trace = new StringWriter();
                failed.getCause().printStackTrace(new PrintWriter(trace));
                fault(
                        out,
                        system,
                        setting,
                        trace.toString().lines().limit(4).reduce("", (a, b) -> a + " " + b.strip()));
            }
        }
    }

    private void fault(PrintStream out, String system, String setting, String what) {
        faults++;
        out.printf(
                "FAULT %s, %s: %s%n",
                system, setting.length() > 100 ? setting.substring(0, 100) + "..." : setting, what);
    }
}
