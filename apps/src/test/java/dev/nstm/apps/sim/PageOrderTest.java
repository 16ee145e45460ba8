package dev.nstm.apps.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;

class PageOrderTest {
    @Test
    void pagesAreCountedInTheOrderGiven() {
        PageOrder order = PageOrder.of("direction, z, phase", 3, 5, 135, "raw.tif");
        assertEquals(9, order.planes());
        assertEquals((2 * 9 + 4) * 5 + 3, order.page(2, 3, 4));
        assertEquals((4 * 5 + 3) * 3 + 2, PageOrder.of("z,phase,direction", 3, 5, 135, "raw.tif").page(2, 3, 4));
        assertEquals(1, PageOrder.of("phase,direction", 3, 3, 9, "raw.tif").planes());
        assertEquals((1 * 9 + 4) * 5 + 2, order.meanPage(1, 2));
    }

    @Test
    void aCountThatDoesNotDivideNamesTheFactors() {
        String message = assertThrows(InvalidInputException.class, () -> PageOrder.of("direction,z,phase", 3, 5, 134, "raw.tif")).getMessage();
        assertTrue(message.contains("134 pages") && message.contains("3 directions x 5 phases"), message);
        assertThrows(InvalidInputException.class, () -> PageOrder.of("direction,phase", 3, 5, 135, "raw.tif"));
    }

    @Test
    void anUnknownOrMissingAxisIsNamed() {
        assertTrue(assertThrows(InvalidInputException.class, () -> PageOrder.of("direction,q,phase", 3, 5, 135, "f")).getMessage().contains("\"q\""));
        assertTrue(assertThrows(InvalidInputException.class, () -> PageOrder.of("z,phase", 3, 5, 135, "f")).getMessage().contains("direction"));
        assertThrows(InvalidInputException.class, () -> PageOrder.of("z,z,direction,phase", 3, 5, 135, "f"));
    }
}
