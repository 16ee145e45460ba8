package dev.nstm.cuda;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NvidiaCardTest {
    @TempDir
    private Path devices;

    @Test
    void aCardIsKnownByItsVendor() throws IOException {
        assertFalse(NvidiaCard.isThere(devices));
        assertFalse(NvidiaCard.isThere(devices.resolve("missing")));
        Files.writeString(Files.createDirectory(devices.resolve("0000:00:02.0")).resolve("vendor"), "0x8086\n");
        Files.createDirectory(devices.resolve("0000:00:03.0"));
        assertFalse(NvidiaCard.isThere(devices));
        Files.writeString(Files.createDirectory(devices.resolve("0000:01:00.0")).resolve("vendor"), "0x10de\n");
        assertTrue(NvidiaCard.isThere(devices));
    }
}
