package dev.nstm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.training.SceneRenderer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's library example, compiled and run as it stands there. */
class LibraryExampleTest {
    @TempDir
    private Path directory;

    @Test
    void theReadmeExampleRunsAsItStandsThere() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        ByteBuffer shots = ByteBuffer.allocate(4 * 4 * 32 * 40).order(ByteOrder.LITTLE_ENDIAN);
        while (shots.hasRemaining()) shots.putFloat((float) (0.1 * random.nextGaussian()));
        SceneRenderer.Moment moment = LibraryExample.reconstruct(
                LibraryExample.readShots(Files.write(directory.resolve("shots.raw"), shots.array()), 4, 32, 40), 4);
        assertEquals(2 * 32 * 40, moment.scene().length);
        String example = Files.readString(Path.of("src/test/java/dev/nstm/LibraryExample.java"))
                .replaceFirst("package dev.nstm;\n\n", "");
        assertTrue(
                Files.readString(Path.of("../README.md")).contains("```java\n" + example + "```\n"),
                "the README's example differs from LibraryExample.java");
    }
}
