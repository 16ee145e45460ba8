package dev.nstm.apps.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.dpc.DpcKeys;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.StackDescription;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.apps.sim.SimKeys;
import dev.nstm.tensor.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionnaireTest {
    @TempDir
    private Path directory;

    private Path stack(int pages) throws Exception {
        Path file = directory.resolve("shots, \u00e9.tif");
        TiffStack.write(
                file, Collections.nCopies(pages, new float[20]), StackDescription.ofPictures(4, 5, pages, 0.454));
        return file;
    }

    private static Configuration read(String yaml) throws Exception {
        return Configuration.parse(yaml, "my.yaml", List.of(), CommandAccess.systems());
    }

    @Test
    void aPersonIsAskedForWhatTheFileDoesNotKnowUntilTheAnswerIsOne() throws Exception {
        Deque<String> answers = new ArrayDeque<>(List.of("523", "0.523", "0.25", "", ""));
        List<String> questions = new ArrayList<>();
        Path file = stack(4);
        Configuration configuration =
                read(new Questionnaire(file.toString(), Map.of("training.epochs", "7"), Optional.of(question -> {
                            questions.add(question);
                            return answers.remove();
                        }))
                        .configuration("dpc"));
        assertTrue(questions.get(1).contains("523 nm would be 0.523 um"), questions.toString());
        assertTrue(questions.get(3).contains("[0.454]"), questions.toString());
        assertEquals(0.523, configuration.get(Keys.OPTICS_WAVELENGTH));
        assertEquals(0.25, configuration.get(Keys.OPTICS_NUMERICAL_APERTURE));
        assertEquals(0.454, configuration.get(Keys.OPTICS_PIXEL_SIZE));
        assertArrayEquals(new double[] {0, 90, 180, 270}, configuration.get(DpcKeys.OPTICS_ROTATIONS));
        assertEquals(file.toString(), configuration.get(Keys.DATA_FILE));
        assertEquals(7, configuration.get(Keys.TRAINING_EPOCHS));
    }

    @Test
    void withoutAPersonEverythingThatIsMissingIsNamedAtOnce() throws Exception {
        String file = stack(3).toString();
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> new Questionnaire(file, Map.of("optics.wavelength", "0.5"), Optional.empty())
                                .configuration("dpc"))
                .getMessage();
        assertTrue(
                message.contains("says nothing of optics.numericalAperture (")
                        && message.contains(", optics.rotations (")
                        && !message.contains("optics.pixelSize"),
                message);
        message = assertThrows(
                        InvalidInputException.class,
                        () -> new Questionnaire(file, Map.of("optics.wavelength", "523"), Optional.empty())
                                .configuration("dpc"))
                .getMessage();
        assertTrue(
                message.contains("--set optics.wavelength") && message.contains("523 nm would be 0.523 um"), message);
    }

    @Test
    void anArchiveBringsItsOwnOptics() throws Exception {
        Path file = directory.resolve("shots.npz");
        Npz.write(
                file,
                Map.of(
                        "img",
                        new NpyArray(new int[] {2, 4, 5}, new double[40]),
                        "s",
                        new NpyArray(new int[] {2, 4, 5}, new double[40]),
                        "wavelength",
                        NpyArray.scalar(0.5),
                        "na",
                        NpyArray.scalar(0.25),
                        "pixel_size",
                        NpyArray.scalar(0.45)));
        Questionnaire questionnaire = new Questionnaire(file.toString(), Map.of(), Optional.empty());
        assertEquals("dpc", questionnaire.likelySystem());
        assertFalse(questionnaire.configuration("dpc").contains("optics:"));
    }

    @Test
    void aSimStackIsAskedForItsOrder() throws Exception {
        Configuration configuration = read(new Questionnaire(
                        stack(9).toString(),
                        Map.of(
                                "optics.wavelength",
                                "0.53",
                                "optics.numericalAperture",
                                "1.2",
                                "optics.zStep",
                                "0.125",
                                "data.phases",
                                "3"),
                        Optional.empty())
                .configuration("sim"));
        assertEquals(3, configuration.get(SimKeys.DATA_PHASES));
        assertEquals(3, configuration.get(SimKeys.DATA_DIRECTIONS));
        assertEquals("theoretical", configuration.get(SimKeys.SIM_OTF));
        assertEquals(1.515, configuration.get(Keys.OPTICS_MEDIUM_INDEX));
    }
}
