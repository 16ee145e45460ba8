package dev.nstm.apps.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;

class PageOrderTest {
    @Test
    void pagesAreCountedInTheOrderGiven() {
        PageOrder order = PageOrder.of("direction, z, phase", 1, 3, 5, 135, "raw.tif");
        assertEquals(9, order.planes());
        assertEquals((2 * 9 + 4) * 5 + 3, order.page(order.shots().index(0, 2, 3), 4));
        assertEquals(
                (4 * 5 + 3) * 3 + 2,
                PageOrder.of("z,phase,direction", 1, 3, 5, 135, "raw.tif").page(2 * 5 + 3, 4));
        assertEquals(1, PageOrder.of("phase,direction", 1, 3, 3, 9, "raw.tif").planes());
        assertEquals((1 * 9 + 4) * 5 + 2, order.pageNumbers()[(1 * 5 + 2) * 9 + 4]);
    }

    @Test
    void timePointsComeWhereTheyAreNamedOrSlowest() {
        assertEquals(
                ((1 * 3 + 2) * 9 + 4) * 5 + 3,
                PageOrder.of("direction,z,phase", 2, 3, 5, 270, "raw.tif").page((3 + 2) * 5 + 3, 4));
        PageOrder fastest = PageOrder.of("direction,z,phase,time", 2, 3, 5, 270, "raw.tif");
        assertEquals(((2 * 9 + 4) * 5 + 3) * 2 + 1, fastest.page(fastest.shots().index(1, 2, 3), 4));
        assertEquals(9, fastest.planes());
        assertEquals(((2 * 9 + 4) * 5 + 3) * 2 + 1, fastest.pageNumbers()[((1 * 3 + 2) * 5 + 3) * 9 + 4]);
    }

    @Test
    void aCountThatDoesNotDivideNamesTheFactors() {
        String message = assertThrows(
                        InvalidInputException.class, () -> PageOrder.of("direction,z,phase", 1, 3, 5, 134, "raw.tif"))
                .getMessage();
        assertTrue(
                message.contains("134 pages") && message.contains("1 time points x 3 directions x 5 phases"), message);
        assertThrows(InvalidInputException.class, () -> PageOrder.of("direction,phase", 1, 3, 5, 135, "raw.tif"));
    }

    @Test
    void anUnknownOrMissingAxisIsNamed() {
        assertTrue(assertThrows(InvalidInputException.class, () -> PageOrder.of("direction,q,phase", 1, 3, 5, 135, "f"))
                .getMessage()
                .contains("\"q\""));
        assertTrue(assertThrows(InvalidInputException.class, () -> PageOrder.of("z,phase", 1, 3, 5, 135, "f"))
                .getMessage()
                .contains("direction"));
        assertThrows(InvalidInputException.class, () -> PageOrder.of("z,z,direction,phase", 1, 3, 5, 135, "f"));
    }
}
