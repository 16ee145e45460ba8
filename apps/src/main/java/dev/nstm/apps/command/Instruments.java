package dev.nstm.apps.command;

import dev.nstm.apps.config.ConfigEntry;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Systems;
import dev.nstm.apps.dpc.Dpc;
import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.lensless.LenslessCamera;
import dev.nstm.apps.own.OwnSystem;
import dev.nstm.apps.sim.Sim;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The instruments there are: those listed here, and those that users bring along. */
final class Instruments {
    static final List<Instrument> BUILT_IN = List.of(new Dpc(), new Sim(), new LenslessCamera());

    private static final OwnSystem OWN = own("own", List.of());
    /** What their configurations may say. */
    static final Systems SYSTEMS = new Systems(List.copyOf(BUILT_IN), OWN);

    private Instruments() {}

    private static OwnSystem own(String name, List<Path> plugins) {
        return new OwnSystem(name, plugins, builtInNames());
    }

    private static List<String> builtInNames() {
        return BUILT_IN.stream().map(Instrument::name).toList();
    }

    /**
     * What an instrument offers under a name. Jars are searched only if no built-in instrument offers it.
     *
     * @param what it is, for messages
     */
    static <T extends Instrument.Offer> T offer(
            String what, String name, List<Path> plugins, Function<Instrument, List<T>> offers) throws IOException {
        String canonical = SYSTEMS.canonical(name);
        List<T> known = BUILT_IN.stream()
                .flatMap(instrument -> offers.apply(instrument).stream())
                .toList();
        if (known.stream().noneMatch(offer -> offer.name().equals(canonical))) {
            Stream<T> brought = OwnSystem.all(plugins, builtInNames()).stream()
                    .flatMap(instrument -> offers.apply(instrument).stream());
            known = Stream.concat(known.stream(), brought).toList();
        }
        List<T> all = known;
        return all.stream()
                .filter(offer -> offer.name().equals(canonical))
                .findFirst()
                .orElseThrow(() -> InvalidInputException.of(
                        "there is no %s of \"%s\"; choose from %s (own systems come with --plugin FILE.jar)",
                        what, name, all.stream().map(Instrument.Offer::name).collect(Collectors.joining(", "))));
    }

    /** Reads a configuration of any of them. */
    static Configuration read(Path file, List<String> settings) throws IOException {
        return Configuration.read(file, settings, SYSTEMS);
    }

    /**
     * Reads a configuration of one of the published programs.
     *
     * @param notice receives one line that lists what has no meaning here
     */
    static Configuration published(Path file, List<String> settings, Consumer<String> notice) throws IOException {
        for (Instrument instrument : BUILT_IN) {
            Optional<Map<String, ConfigEntry>> entries = instrument.published(file, notice);
            if (entries.isPresent()) {
                entries.get().put(Keys.SYSTEM.path(), ConfigEntry.of(instrument.name()));
                return Configuration.of(entries.get(), file.toString(), settings, SYSTEMS);
            }
        }
        throw new InvalidInputException(
                file
                        + " is not a configuration of the published programs: SIM has k0angles, line_spacing or zoomfact, DiffuserCam has psf_path; DPC has a notebook (.ipynb)");
    }

    /**
     * Compares a result with the truth of its raw data.
     *
     * @param margin pixels left out at each border; as usual where it is empty
     */
    static Comparison evaluate(Path truth, Path result, OptionalInt margin) throws IOException {
        Npz arrays = Npz.open(truth);
        for (Instrument instrument :
                Stream.concat(BUILT_IN.stream(), Stream.of(OWN)).toList()) {
            Optional<Comparison> comparison = instrument.evaluate(arrays, result, margin);
            if (comparison.isPresent()) return comparison.get();
        }
        throw InvalidInputException.of(
                "%s holds no truth (arrays \"absorption\" and \"phase\", \"density\" and \"motion\", or \"scene\")",
                truth);
    }

    /**
     * The instrument that a configuration asks for.
     *
     * @param plugins jars with systems of the user's own
     */
    static Instrument of(Configuration configuration, List<Path> plugins) {
        String name = configuration.get(Keys.SYSTEM);
        return BUILT_IN.stream()
                .filter(instrument -> instrument.name().equals(name))
                .findFirst()
                .orElseGet(() -> own(name, plugins));
    }

    /** Reads the data, prepares the run, and prints what speaks against the result. */
    static Run load(Configuration configuration, List<Path> plugins) throws IOException {
        Run run = of(configuration, plugins).load(configuration);
        run.doubts().forEach(doubt -> System.err.println("nstm: " + doubt));
        return run;
    }
}
