package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.ConfigEntry;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.io.Calibration;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.Pictures;
import dev.nstm.apps.io.Selection;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a configuration needs to say of a recording: taken from the file where it knows, else given or asked for. */
final class Questionnaire {
    /** Arrays of an NPZ file that take the place of keys. */
    private static final Map<Key<?>, String> ARRAYS = Map.of(Keys.WAVELENGTH, "wavelength", Keys.APERTURE, "na", Keys.PIXEL_SIZE, "pixel_size", Keys.ROTATIONS, "s", Keys.CAMERA_PSF, "psf", Keys.SIM_OTF, "OTF");

    private final String data;
    private final Map<String, String> given;
    private final Optional<UnaryOperator<String>> person;
    private final Npz arrays;
    private final Optional<Pictures> pictures;
    private final Map<String, List<String>> sections = new LinkedHashMap<>();
    private final List<String> missing = new ArrayList<>();

    /**
     * Reads what the file knows.
     *
     * @param data name of file, folder or pattern
     * @param given values by key
     * @param person answers questions; absent where nobody is there
     */
    Questionnaire(String data, Map<String, String> given, Optional<UnaryOperator<String>> person) throws IOException {
        this.data = data;
        this.given = new LinkedHashMap<>(given);
        this.person = person;
        boolean archive = Npz.isNamed(data);
        arrays = archive ? Npz.open(Path.of(data)) : Npz.none();
        pictures = archive ? Optional.empty() : Optional.of(ImageFiles.read(ImageFiles.named(data), Selection.ALL));
    }

    /** The system that an archive's arrays tell; DPC where nothing does. */
    String likelySystem() {
        return arrays.has("OTF") ? "sim" : arrays.has("psf") ? "diffusercam" : "dpc";
    }

    /** The commented configuration. */
    String configuration(String system) throws IOException {
        line("data", Keys.DATA_FILE, data, "");
        switch (system) {
            case "dpc" -> {
                optics();
                ask(Keys.ROTATIONS, "which half of the light was lit in each shot, degrees", pictures.filter(p -> p.pages().size() != 4).isPresent() ? Optional.empty() : Optional.of("0, 90, 180, 270"));
            }
            case "sim" -> {
                optics();
                ask(Keys.MEDIUM_INDEX, "refractive index of the immersion: 1 air, 1.33 water, 1.515 oil", Optional.of("1.515"));
                ask(Keys.Z_STEP, "distance of planes, um; any for a single plane", calibration().zStep().isPresent() ? Optional.of(text(calibration().zStep().getAsDouble())) : Optional.empty());
                if (pictures.isPresent()) {
                    ask(Keys.DIRECTIONS, "directions of the pattern", Optional.of("3"));
                    ask(Keys.PHASES, "images per direction: 3 for two beams, 5 for three", Optional.of("5"));
                    ask(Keys.ORDER, "what the pages count, slowest first", Optional.of("direction,z,phase"));
                }
                ask(Keys.SIM_OTF, "file of the transfer functions, or theoretical", Optional.of("theoretical"));
            }
            case "diffusercam" -> {
                ask(Keys.CAMERA_PSF, "picture of a point source", Optional.empty());
                ask(Keys.CAMERA_SHUTTER, "rows open from both ends, from the first to the last, or all at once: dual, single, global", Optional.of("dual"));
                ask(Keys.CAMERA_BACKGROUND, "what the dark sensor shows: a level in counts, a picture, or border", Optional.of("border"));
            }
            default -> throw new InvalidInputException("there is nothing to ask for system: " + system + "; choose dpc, sim or diffusercam");
        }
        require(missing.isEmpty(), "%s says nothing of %s; give each with --set KEY=VALUE, or run nstm init on a terminal, which asks", data, String.join(", ", missing));
        for (Map.Entry<String, String> rest : given.entrySet()) add(section(rest.getKey()), rest.getKey(), rest.getValue(), "");
        StringBuilder yaml = new StringBuilder("# Made by nstm init; every key: docs/configuration.md.\nsystem: " + system + "\n");
        sections.forEach((section, lines) -> yaml.append(section).append(":\n").append(String.join("", lines)));
        return yaml.toString();
    }

    private void optics() throws IOException {
        ask(Keys.WAVELENGTH, "wavelength of the light that is seen, um", Optional.empty());
        ask(Keys.APERTURE, "numerical aperture of the objective", Optional.empty());
        ask(Keys.PIXEL_SIZE, "size of a pixel in the specimen, um", calibration().pixelSize().isPresent() ? Optional.of(text(calibration().pixelSize().getAsDouble())) : Optional.empty());
    }

    private Calibration calibration() {
        return pictures.map(Pictures::calibration).orElse(Calibration.NONE);
    }

    /** Five digits: files keep sizes as fractions of pixels. */
    private static String text(double value) {
        return new BigDecimal(value).round(new MathContext(5)).stripTrailingZeros().toPlainString();
    }

    /** Writes a key: as given, as the file knows, as somebody answers, or as is usual. */
    private void ask(Key<?> key, String meaning, Optional<String> known) throws IOException {
        if (given.containsKey(key.path())) {
            String value = given.remove(key.path());
            check(key, value, "--set " + key.path());
            line(section(key.path()), key, value, meaning);
            return;
        }
        if (ARRAYS.containsKey(key) && arrays.has(ARRAYS.get(key))) return;
        if (person.isEmpty()) {
            if (known.isPresent()) line(section(key.path()), key, known.get(), meaning);
            else missing.add(key.path() + " (" + meaning + ")");
            return;
        }
        line(section(key.path()), key, answer(key, meaning + known.map(value -> " [" + value + "]").orElse("") + ": ", known), meaning);
    }

    /** Asks until the answer is one. */
    private String answer(Key<?> key, String question, Optional<String> known) {
        String asked = question;
        while (true) {
            String said = person.get().apply(asked);
            if (said == null) throw new InvalidInputException("no answer to: " + question.strip());
            String value = said.isBlank() && known.isPresent() ? known.get() : said.strip();
            try {
                check(key, value, "your answer");
                return value;
            } catch (InvalidInputException wrong) {
                asked = wrong.getMessage() + "\n" + question;
            }
        }
    }

    private static void check(Key<?> key, String value, String where) {
        boolean list = key.kind().type() == double[].class;
        key.parse(new ConfigEntry(list ? Arrays.stream(value.replaceAll("[\\[\\]]", "").split(",")).map(String::strip).toList() : List.of(value), list, 0), where);
    }

    private void line(String section, Key<?> key, String value, String meaning) {
        boolean list = key.kind().type() == double[].class && !value.startsWith("[");
        String written = list ? "[" + value + "]" : key.kind().type() == String.class ? "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"" : value;
        add(section, key.path(), written, meaning);
    }

    private void add(String section, String path, String value, String meaning) {
        sections.computeIfAbsent(section, any -> new ArrayList<>()).add("  " + path.substring(path.indexOf('.') + 1) + ": " + value + (meaning.isEmpty() ? "" : "  # " + meaning) + "\n");
    }

    private static String section(String path) {
        return path.substring(0, Math.max(0, path.indexOf('.')));
    }
}
