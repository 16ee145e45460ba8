package dev.nstm.apps.instrument;

import dev.nstm.apps.config.ConfigEntry;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Systems;
import dev.nstm.apps.config.Vocabulary;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.Pictures;
import dev.nstm.apps.movie.Movie;
import dev.nstm.device.Device;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** An imaging system as the commands see it. Each built-in one has a package of its own; the commands list them. */
public interface Instrument extends Vocabulary {
    /** Reads the data that the configuration names and prepares the run. */
    Run load(Configuration configuration) throws IOException;

    /** Writes raw data of a moving scene, with the truth beside them where it is known. */
    void simulate(Configuration configuration, Path file) throws IOException;

    /**
     * A finished reconstruction at any times.
     *
     * @param directory that the run wrote
     */
    Movie again(Path directory, Configuration configuration, TrainingState state, Device device, double[] times)
            throws IOException;

    /** Micrometres from sample to sample of the scene, outermost first; none where lengths are counted in pixels. */
    default double[] spacing(Configuration configuration) {
        return configuration
                .find(Keys.OPTICS_PIXEL_SIZE)
                .filter(pixel -> pixel != 1)
                .map(pixel -> new double[] {pixel, pixel})
                .orElse(new double[0]);
    }

    /**
     * Compares a result with the truth in simulated raw data; empty where they hold no truth of the kind that this
     * system simulates.
     *
     * @param result {@code recon.npz} of a run, or an archive of the same form from another program
     * @param margin pixels left out at each border; see {@link Evaluation#margin} where it is empty
     */
    default Optional<Comparison> evaluate(Npz truth, Path result, OptionalInt margin) throws IOException {
        return Optional.empty();
    }

    /** What there is to cut of the recording that a configuration names; empty where none is cut. */
    default Optional<Extent> extent(Configuration configuration) throws IOException {
        return Optional.empty();
    }

    /** What reconstructions take; empty where that was not measured. */
    default Optional<Footprint> footprint(Configuration configuration) {
        return Optional.empty();
    }

    /** Samples of the scene for a pixel of the camera. */
    default double samplesOfPixel(Configuration configuration) {
        return 1;
    }

    /**
     * The configuration of all pieces of a recording: files are named in full, and what is found once for all is filled
     * in.
     *
     * @param directory for what is found
     */
    default Configuration shared(Configuration configuration, Path directory) throws IOException {
        return configuration;
    }

    /** Whether an archive of raw data is likely one of this system. */
    default boolean recognises(Npz arrays) {
        return false;
    }

    /**
     * What {@code nstm init} asks for, in this order; nothing by default.
     *
     * @param pictures of the recording; none where it is an NPZ file
     */
    default List<Question> questions(Optional<Pictures> pictures) {
        return List.of();
    }

    /**
     * The values in a configuration of the published program for this system, by the keys of this program; empty where
     * the file is no such configuration, and by default always.
     *
     * @param notice receives one line that lists what has no meaning here
     */
    default Optional<Map<String, ConfigEntry>> published(Path file, Consumer<String> notice) throws IOException {
        return Optional.empty();
    }

    /** Whether {@code nstm NAME estimate} says what the shots alone tell of the light. */
    default boolean estimates() {
        return false;
    }

    /** Settings by path of a look at a configuration that takes seconds: without what only a whole run is worth. */
    default Map<String, String> hasty() {
        return Map.of();
    }

    /** Simulations that {@code nstm demo} reconstructs; none by default. */
    default List<Demo> demos() {
        return List.of();
    }

    /** What {@code nstm bench} measures; nothing by default. */
    default Optional<Benchmark> benchmark() {
        return Optional.empty();
    }

    /** What an instrument offers under a name on the command line. */
    sealed interface Offer {
        String name();
    }

    /**
     * A simulation that is reconstructed to show what the program does.
     *
     * @param name on the command line
     * @param configuration of simulation and reconstruction
     * @param description a sentence
     */
    record Demo(String name, Source configuration, String description) implements Offer {
        /** @param file that ships with the program */
        public static Demo bundled(String name, String file, String description) {
            return new Demo(name, (settings, systems) -> Configuration.bundled(file, settings, systems), description);
        }
    }

    /** Where a configuration comes from. */
    interface Source {
        /** @param settings texts of the form {@code section.key=value} that go before it */
        Configuration with(List<String> settings, Systems systems) throws IOException;
    }

    /**
     * A problem to measure.
     *
     * @param name on the command line
     * @param size extents by default; none where the settings say how large the problem is
     * @param warmUp passes before those that are measured
     * @param problem of any size
     */
    record Benchmark(String name, List<Integer> size, int warmUp, Problem problem) implements Offer {}

    /** Makes a problem of a size. */
    interface Problem {
        /** @param settings texts of the form {@code section.key=value} that go before the problem's own */
        Run of(int[] size, List<String> settings) throws IOException;
    }
}
