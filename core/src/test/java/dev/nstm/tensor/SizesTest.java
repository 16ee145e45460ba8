package dev.nstm.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nstm.optics.Grid2D;
import org.junit.jupiter.api.Test;

class SizesTest {
    @Test
    void whatNoArrayHoldsIsSaid() {
        assertEquals(0, Sizes.product("nothing", 5, 0, 7));
        assertEquals(2_147_483_580, Sizes.product("much", 2, 1_073_741_790));
        assertEquals(
                "a movie of 10000x512x512x3 are more values than fit into memory at once",
                assertThrows(InvalidInputException.class, () -> Sizes.product("a movie", 10_000, 512, 512, 3))
                        .getMessage());
        assertThrows(InvalidInputException.class, () -> Sizes.product("wrapped round", 65_536, 65_536, 65_536, 65_536));
        assertEquals(
                "a picture of 70000x70000 are more values than fit into memory at once",
                assertThrows(InvalidInputException.class, () -> new Grid2D(70_000, 70_000))
                        .getMessage());
    }
}
