package dev.nstm.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class InvalidInputExceptionTest {
    @Test
    void whatANameBringsAlongDoesNotBreakTheLine() {
        String name = "a\nb\r\u0085\u2028\0\u001b[31mc \u00e9";
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> InvalidInputException.require(false, "%s: no such file", name))
                .getMessage();
        assertEquals("a\\u000ab\\u000d\\u0085\\u2028\\u0000\\u001b[31mc \u00e9: no such file", message);
    }
}
