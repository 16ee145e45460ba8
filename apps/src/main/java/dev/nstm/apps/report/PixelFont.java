package dev.nstm.apps.report;

import java.util.Map;

/** Letters of five by seven pixels: what scale bars and time stamps need, without asking the machine for fonts. */
final class PixelFont {
    static final int HEIGHT = 7;
    /** Columns from one letter to the next. */
    static final int ADVANCE = 6;

    /** Rows from the top, five bits each, the leftmost pixel first. */
    private static final Map<Character, int[]> LETTERS = Map.ofEntries(
            Map.entry('0', new int[] {0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110}),
            Map.entry('1', new int[] {0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110}),
            Map.entry('2', new int[] {0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111}),
            Map.entry('3', new int[] {0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110}),
            Map.entry('4', new int[] {0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010}),
            Map.entry('5', new int[] {0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110}),
            Map.entry('6', new int[] {0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110}),
            Map.entry('7', new int[] {0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000}),
            Map.entry('8', new int[] {0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110}),
            Map.entry('9', new int[] {0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100}),
            Map.entry('.', new int[] {0, 0, 0, 0, 0, 0b01100, 0b01100}),
            Map.entry('-', new int[] {0, 0, 0, 0b11111, 0, 0, 0}),
            Map.entry('+', new int[] {0, 0b00100, 0b00100, 0b11111, 0b00100, 0b00100, 0}),
            Map.entry('=', new int[] {0, 0, 0b11111, 0, 0b11111, 0, 0}),
            Map.entry('e', new int[] {0, 0, 0b01110, 0b10001, 0b11111, 0b10000, 0b01110}),
            Map.entry('m', new int[] {0, 0, 0b11010, 0b10101, 0b10101, 0b10101, 0b10101}),
            Map.entry('p', new int[] {0, 0, 0b11110, 0b10001, 0b11110, 0b10000, 0b10000}),
            Map.entry('s', new int[] {0, 0, 0b01111, 0b10000, 0b01110, 0b00001, 0b11110}),
            Map.entry('t', new int[] {0b01000, 0b01000, 0b11100, 0b01000, 0b01000, 0b01001, 0b00110}),
            Map.entry('x', new int[] {0, 0, 0b10001, 0b01010, 0b00100, 0b01010, 0b10001}),
            Map.entry('\u00b5', new int[] {0, 0, 0b10001, 0b10001, 0b10011, 0b11101, 0b10000}),
            Map.entry(' ', new int[HEIGHT]));

    private PixelFont() {}

    /** Whether a pixel of a text is inked; letters that there are none of stay blank. */
    static boolean inked(String text, int row, int column) {
        int letter = column / ADVANCE;
        int bit = column % ADVANCE;
        if (row < 0 || row >= HEIGHT || column < 0 || letter >= text.length() || bit == ADVANCE - 1) return false;
        int[] rows = LETTERS.getOrDefault(text.charAt(letter), LETTERS.get(' '));
        return (rows[row] >> 4 - bit & 1) == 1;
    }

    /** Columns of a text. */
    static int width(String text) {
        return ADVANCE * text.length() - 1;
    }
}
