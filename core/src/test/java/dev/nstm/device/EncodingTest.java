package dev.nstm.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.tensor.InvalidInputException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EncodingTest {
    private static final double[] LOW = {0, 0, -1};
    private static final double[] HIGH = {30, 50, 1};
    private static final int[][] RESOLUTIONS = {{1, 1, 1}, {3, 8, 2}, {30, 50, 3}};

    private static Encoding.HashGrid grid(Encoding.Addressing addressing) {
        return new Encoding.HashGrid(0, LOW, HIGH, RESOLUTIONS, 2, 1 << 8, addressing);
    }

    private static int entry(Encoding.HashGrid grid, int level, int... vertex) {
        int place = 0;
        for (int axis = 0; axis < vertex.length; axis++) place ^= vertex[axis] * grid.multipliers(level)[axis];
        return place & (grid.entries(level) - 1);
    }

    @Test
    void everyVertexOfADenseLevelHasAnEntryOfItsOwn() {
        Encoding.HashGrid grid = grid(Encoding.Addressing.DENSE);
        for (int level = 0; level < RESOLUTIONS.length; level++) {
            int[] cells = RESOLUTIONS[level];
            Set<Integer> entries = new HashSet<>();
            for (int i = 0; i <= cells[0]; i++) {
                for (int j = 0; j <= cells[1]; j++) {
                    for (int k = 0; k <= cells[2]; k++) assertTrue(entries.add(entry(grid, level, i, j, k)));
                }
            }
            assertEquals(
                    entry(grid, level, 1, 1, 0) + 1,
                    entry(grid, level, 1, 1, 1),
                    "neighbours along the last axis lie side by side");
        }
        assertEquals(2 * (8 + 4 * 16 * 4 + 32 * 64 * 4), grid.parameterCount());
    }

    @Test
    void aLevelThatDoesNotFitIsHashed() {
        Encoding.HashGrid automatic = grid(Encoding.Addressing.AUTO);
        Encoding.HashGrid hashed = grid(Encoding.Addressing.HASH);
        assertEquals(8, automatic.entries(0));
        assertEquals(256, automatic.entries(1));
        assertEquals(256, automatic.entries(2));
        assertEquals(1, automatic.multipliers(1)[2], "256 vertices fit into 256 entries");
        assertEquals(entry(hashed, 2, 7, 9, 3), entry(automatic, 2, 7, 9, 3));
        assertEquals(3 * 256, hashed.firstEntry(3));
        assertEquals(8 + 256, automatic.firstEntry(2));
    }

    @Test
    void aDenseLevelBeyondMemoryIsRefused() {
        int[][] huge = {{100_000, 100_000, 100_000}};
        assertTrue(assertThrows(
                        InvalidInputException.class,
                        () -> new Encoding.HashGrid(0, LOW, HIGH, huge, 2, 1 << 8, Encoding.Addressing.DENSE))
                .getMessage()
                .contains("2^51"));
        assertEquals(256, new Encoding.HashGrid(0, LOW, HIGH, huge, 2, 1 << 8, Encoding.Addressing.AUTO).entries(0));
    }
}
