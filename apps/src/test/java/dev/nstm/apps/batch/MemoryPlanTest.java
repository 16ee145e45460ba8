package dev.nstm.apps.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.apps.command.CommandAccess;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Extent;
import dev.nstm.apps.instrument.Footprint;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
    private static final MemoryPlan PLAN =
            new MemoryPlan(new Extent(4, 1, 1, 4096, 2000), new Footprint(1e8, 100, 200, 1e-6), 1);

    private static Configuration configuration(String... settings) throws IOException {
        return Configuration.parse("system: dpc\n", "test", List.of(settings), CommandAccess.systems());
    }

    @Test
    void patchesAreTheLargestThatFit() throws IOException {
        Configuration c = PLAN.cut(configuration(), 1_000_000_000);
        double[] size = c.get(Keys.PATCHES_SIZE);
        assertArrayEquals(new double[] {1000 / 32 * 32, 1000 / 32 * 32}, size);
        assertTrue(PLAN.needed(4, (int) size[0], (int) size[1]) <= 1_000_000_000);
        assertTrue(PLAN.needed(4, (int) size[0] + 32, (int) size[1] + 32) > 1_000_000_000);
    }

    @Test
    void aFieldThatFitsIsLeftWhole() throws IOException {
        Configuration c = configuration();
        assertSame(c, PLAN.cut(c, 8_000_000_000L));
        Configuration given = configuration("patches.size=[2000, 2000]");
        assertSame(given, PLAN.cut(given, 1_000_000_000), "what was asked for is not changed");
    }

    @Test
    void tooLittleMemoryIsRefusedWithWhatIsNeeded() throws IOException {
        Configuration c = configuration();
        assertEquals(
                "windows of 4 shots need about 104 MB of memory even in patches of 64x64, more than 100 MB; give more, or fewer windows.shots",
                assertThrows(InvalidInputException.class, () -> PLAN.cut(c, 100_000_000))
                        .getMessage());
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingIsRead() throws IOException {
        MemoryPlan huge =
                new MemoryPlan(new Extent(200, 1, 1, 100_000, 100_000), new Footprint(1e8, 100, 200, 1e-6), 1);
        Configuration c = configuration();
        String message =
                assertThrows(InvalidInputException.class, () -> huge.fitting(c)).getMessage();
        assertTrue(message.startsWith("200 shots of 100000x100000 need about 401000.1 GB of memory, "), message);
        assertTrue(message.contains("--memory ") && message.contains("windows.shots: 4"), message);
        assertTrue(PLAN.fitting(configuration("data.crop=[0, 0, 64, 64]")).startsWith("memory: about 104 MB needed"));
    }
}
