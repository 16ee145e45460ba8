package dev.nstm.apps.instrument;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.movie.Movie;
import dev.nstm.device.Device;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An imaging system as the commands see it. Each built-in one has a package of its own; the commands list them. */
public interface Instrument {
    /** As the configuration's {@code system} names it. */
    String name();

    /** Reads the data that the configuration names and prepares the run. */
    Run load(Configuration configuration) throws IOException;

    /** Writes raw data of a moving scene, with the truth beside them where it is known. */
    void simulate(Configuration configuration, Path file) throws IOException;

    /**
     * A finished reconstruction at any times.
     *
     * @param directory that the run wrote
     */
    Movie again(Path directory, Configuration configuration, TrainingState state, Device device, double[] times) throws IOException;

    /** Simulations that {@code nstm demo} reconstructs; none by default. */
    default List<Demo> demos() {
        return List.of();
    }

    /** What {@code nstm bench} measures; nothing by default. */
    default Optional<Benchmark> benchmark() {
        return Optional.empty();
    }

    /**
     * A simulation that is reconstructed to show what the program does.
     *
     * @param name on the command line
     * @param configuration that ships with the program
     * @param description a sentence
     */
    record Demo(String name, String configuration, String description) {}

    /**
     * A problem of published size, with noise for data.
     *
     * @param name on the command line
     * @param size extents by default
     * @param warmUp passes before those that are measured
     * @param problem of any size
     */
    record Benchmark(String name, List<Integer> size, int warmUp, Problem problem) {}

    /** Makes a problem of a size. */
    interface Problem {
        Run of(int[] size) throws IOException;
    }
}
