package dev.nstm.cuda;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks for a card of NVIDIA's among the devices that Linux lists, whether its driver is installed or not. */
final class NvidiaCard {
    private static final String VENDOR = "0x10de";

    private NvidiaCard() {}

    /** @param devices folder with a folder for every device on the PCI bus */
    static boolean isThere(Path devices) {
        if (!Files.isDirectory(devices)) return false;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(devices)) {
            for (Path device : all) {
                Path vendor = device.resolve("vendor");
                if (Files.isReadable(vendor) && Files.readString(vendor).strip().equals(VENDOR)) return true;
            }
            return false;
        } catch (IOException unreadable) {
            return false;
        }
    }
}
