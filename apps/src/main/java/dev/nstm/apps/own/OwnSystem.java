package dev.nstm.apps.own;

import dev.nstm.apps.config.ConfigEntry;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Systems;
import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Evaluation;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.PictureField;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.movie.Archives;
import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.Movie;
import dev.nstm.device.Device;
import dev.nstm.imaging.ImagingSystem;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An imaging system that a user brings along, looked for when it is needed: showing a finished result needs the
 * networks only.
 *
 * @param name as the configuration has it
 * @param plugins jars, or folders of jars
 * @param builtIn names of the systems that are there without them
 */
public record OwnSystem(String name, List<Path> plugins, List<String> builtIn) implements Instrument {
    /** All that jars bring. */
    public static List<Instrument> all(List<Path> plugins, List<String> builtIn) throws IOException {
        return Plugins.all(plugins).keySet().stream()
                .<Instrument>map(name -> new OwnSystem(name, plugins, builtIn))
                .toList();
    }

    @Override
    public String title() {
        return "own systems";
    }

    @Override
    public List<Key<?>> keys() {
        return OwnKeys.ALL;
    }

    @Override
    public Run load(Configuration configuration) throws IOException {
        return OwnRun.of(configuration, OwnRecording.read(Path.of(configuration.get(Keys.DATA_FILE))), system());
    }

    @Override
    public void simulate(Configuration configuration, Path file) throws IOException {
        OwnRecording.write(OwnRecording.simulated(configuration, system()), file);
    }

    private ImagingSystem system() throws IOException {
        return Plugins.find(name, plugins, builtIn);
    }

    @Override
    public Movie again(Path directory, Configuration configuration, TrainingState state, Device device, double[] times)
            throws IOException {
        PictureField pictures = PictureField.in(directory, "");
        return OwnResults.movie(
                configuration,
                pictures,
                pictures.trained(configuration, Optional.empty(), state, device, directory),
                Channel.numbered(Channel.namesOf(pictures.channelUnits().length)),
                times);
    }

    @Override
    public Optional<Comparison> evaluate(Npz arrays, Path result, OptionalInt margin) throws IOException {
        if (!arrays.has("scene")) return Optional.empty();
        Movie movie = Archives.pictures(result, Movie.Look.GREY);
        return Optional.of(OwnResults.comparison(
                movie, Archives.scene(arrays.floats("scene"), movie), Evaluation.margin(movie, margin)));
    }

    @Override
    public List<Demo> demos() {
        return List.of(
                new Demo(name, this::simulation, "What the system " + name + " simulates of itself is reconstructed."));
    }

    /** The system's own simulation; the section {@code own} says how large it is. */
    @Override
    public Optional<Benchmark> benchmark() {
        return Optional.of(new Benchmark(name, List.of(), 1, (size, settings) -> {
            Configuration configuration = simulation(settings, Systems.only(this));
            ImagingSystem system = system();
            return OwnRun.of(configuration, OwnRecording.simulated(configuration, system), system);
        }));
    }

    private Configuration simulation(List<String> settings, Systems systems) throws IOException {
        Map<String, ConfigEntry> entries = Map.of(Keys.SYSTEM.path(), ConfigEntry.of(name));
        return Configuration.of(entries, "the system " + name, settings, systems);
    }
}
