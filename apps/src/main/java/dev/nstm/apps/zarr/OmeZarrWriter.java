package dev.nstm.apps.zarr;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.files.AtomicDirectory;
import dev.nstm.files.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes OME-Zarr (see {@link Pyramid}) in one go. A plane at a time is in memory. */
public final class OmeZarrWriter {
    private OmeZarrWriter() {}

    /**
     * Writes a picture into a directory of its own, whole or not at all; what was there before is replaced.
     *
     * @throws dev.nstm.tensor.InvalidInputException naming the directory and the cause where it cannot be written
     */
    public static void write(Path directory, ZarrVersion version, OmeZarrImage image, OmeZarrImage.Planes planes) {
        AtomicDirectory.write(
                directory, part -> write(new Pyramid(part, version, image, OmeZarrWriter::write), image, planes));
    }

    /** Nobody sees the directory before it is complete. */
    private static void write(Path chunk, AtomicFile.Body body) throws IOException {
        Files.createDirectories(chunk.getParent());
        try (OutputStream out = Files.newOutputStream(chunk)) {
            body.writeTo(out);
        }
    }

    private static void write(Pyramid pyramid, OmeZarrImage image, OmeZarrImage.Planes planes) throws IOException {
        pyramid.describeArrays();
        long values = (long) image.size(0) * image.size(2) * image.height() * image.width();
        List<DisplayRange> ranges = new ArrayList<>();
        for (int channel = 0; channel < image.size(1); channel++) ranges.add(new DisplayRange(values));
        for (int time = 0; time < image.size(0); time++)
            for (int channel = 0; channel < image.size(1); channel++)
                for (int z = 0; z < image.size(2); z++) {
                    float[] plane = planes.at(time, channel, z);
                    require(
                            plane.length == image.height() * image.width(),
                            "a plane of %dx%d was expected, got %d values",
                            image.height(),
                            image.width(),
                            plane.length);
                    ranges.get(channel).add(plane);
                    pyramid.plane(time, channel, z).add(plane);
                }
        pyramid.describe(ranges.stream().map(DisplayRange::shown).toList());
    }
}
