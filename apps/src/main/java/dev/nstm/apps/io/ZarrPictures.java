package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.zarr.OmeZarrReader;
import dev.nstm.optics.Grid2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Pages of OME-Zarr: plane after plane, then time after time, of a channel; or the channels of one plane. */
final class ZarrPictures {
    private ZarrPictures() {}

    static Pictures read(Path directory, Selection selection, int mostPages) throws IOException {
        OmeZarrReader reader = OmeZarrReader.open(directory);
        int planes = reader.size('z');
        int channels = reader.size('c');
        int times = reader.size('t');
        long count = (long) times * channels * planes;
        require(count <= mostPages, "%s holds %d planes; at most %d are read", directory, count, mostPages);
        String size = reader.size('y') + "x" + reader.size('x');
        List<Selection.Plane> all = new ArrayList<>();
        for (int i = 0; i < count; i++) all.add(new Selection.Plane(1, i / planes % channels + 1, i, size));
        List<Integer> wanted = selection.of(directory, all);
        selection.check(wanted.size(), 1, reader.size('y'), reader.size('x'), directory);
        List<List<Grid2D>> pages = new ArrayList<>();
        for (int i : wanted)
            pages.add(selection.cut(List.of(new Grid2D(
                    reader.size('y'),
                    reader.size('x'),
                    reader.plane(i / planes / channels, i / planes % channels, i % planes)))));
        return new Pictures(pages, new Calibration(micrometres(reader, 'x'), micrometres(reader, 'z'), planes, times));
    }

    private static OptionalDouble micrometres(OmeZarrReader reader, char axis) {
        return reader.scale(axis)
                .map(scale -> Calibration.micrometres(scale.spacing(), scale.unit()))
                .orElse(OptionalDouble.empty());
    }
}
