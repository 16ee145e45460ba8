package dev.nstm.apps.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
    private final TextTable table = new TextTable(1, "shot", "absorption", "phase", "motion error")
            .add("1", "30.10 dB", "35.20 dB", "0.21 px")
            .add("mean", "29.00 dB", "34.90 dB", "");

    @Test
    void columnsStandBesideEachOtherWhereThereIsRoom() {
        assertEquals("""
                shot  absorption     phase  motion error
                1       30.10 dB  35.20 dB       0.21 px
                mean    29.00 dB  34.90 dB
                """, table.text(40));
    }

    @Test
    void whatHasNoRoomFollowsBelowBesideTheKeys() {
        assertEquals("""
                shot  absorption     phase
                1       30.10 dB  35.20 dB
                mean    29.00 dB  34.90 dB

                shot  motion error
                1          0.21 px
                mean
                """, table.text(30));
    }

    @Test
    void noCellIsCutHoweverNarrowTheTerminal() {
        for (int width = 1; width < 45; width++)
            for (String cell : List.of("30.10 dB", "34.90 dB", "0.21 px"))
                assertTrue(table.text(width).contains(cell), cell + " at " + width);
    }

    @Test
    void paragraphsBreakBetweenWords() {
        assertEquals("one two\nthree\nfour\n", Terminal.wrapped("one two three four", 8));
        assertEquals("incomprehensible\nword\n", Terminal.wrapped("incomprehensible word", 8));
    }
}
