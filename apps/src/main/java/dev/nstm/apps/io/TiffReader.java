package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.io.TiffDirectory.Page;
import dev.nstm.optics.Grid2D;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads TIFF stacks: classic and BigTIFF, OME-TIFF, and what describes only its first page (ImageJ's files beyond 4 GB,
 * MetaMorph's stacks). Pages that are smaller copies of others are passed over.
 */
final class TiffReader {
    private static final int SUBFILE = 254;
    private static final int REDUCED = 1;
    private static final int OLD_SUBFILE = 255;
    private static final int OLD_REDUCED = 2;

    private TiffReader() {}

    /**
     * The wanted pages; empty where the file is no TIFF.
     *
     * @param mostPages more are refused
     * @throws InvalidInputException naming the page where the file is cut off or damaged, or of a kind that is not read
     */
    static Optional<Pictures> read(Path file, Selection selection, int mostPages) throws IOException {
        return MappedFile.look(
                file,
                bytes -> TiffDirectory.of(file, bytes).map(directory -> pictures(directory, selection, mostPages)));
    }

    private static Pictures pictures(TiffDirectory directory, Selection selection, int mostPages) {
        List<Page> pages = directory.pages(mostPages).stream()
                .filter(page -> !reduced(page))
                .toList();
        require(!pages.isEmpty(), "%s holds nothing but reduced copies of pages", directory.file());
        TiffDescription description = TiffDescription.of(pages, directory.file());
        require(
                selection.channel().isEmpty() || !description.untold(),
                "%s holds several channels or series, but its OME description does not tell for each of its %d pages to which it belongs; save it anew as one complete OME-TIFF, or choose pages with data.pages instead of data.channel",
                directory.file(),
                pages.size());
        List<List<Grid2D>> read = description.contiguous() > 0
                ? contiguous(directory, pages.getFirst(), description, selection, mostPages)
                : listed(directory, pages, description, selection);
        return new Pictures(read, description.calibration());
    }

    private static List<List<Grid2D>> listed(
            TiffDirectory directory, List<Page> pages, TiffDescription description, Selection selection) {
        // Where a page holds several pictures, it is these that are counted.
        boolean pictures = selection.ranges().isPresent()
                && pages.stream().anyMatch(page -> TiffPage.of(page, directory).isStack());
        List<Integer> wanted = (pictures ? selection.withRanges(Optional.empty()) : selection)
                .of(directory.file(), planes(pages, description));
        List<TiffPage> described =
                wanted.stream().map(i -> TiffPage.of(pages.get(i), directory)).toList();
        for (TiffPage page : described) page.check(selection, described.size());
        List<List<Grid2D>> read = described.stream()
                .flatMap(page -> page.pictures(selection.region()).stream())
                .map(selection::cut)
                .toList();
        return pictures
                ? Selection.pages(
                        read, selection.ranges().get(), directory.file().toString())
                : read;
    }

    private static boolean reduced(Page page) {
        return (page.value(SUBFILE, 0, 0) & REDUCED) != 0 || page.value(OLD_SUBFILE, 0, 0) == OLD_REDUCED;
    }

    /** As the description tells; without one, pages of one size and kind are a series. */
    private static List<Selection.Plane> planes(List<Page> pages, TiffDescription description) {
        Map<String, Integer> kinds = new LinkedHashMap<>();
        List<Selection.Plane> planes = new ArrayList<>();
        for (int i = 0; i < pages.size(); i++) {
            String size = pages.get(i).value(257, 0, 0) + "x" + pages.get(i).value(256, 0, 0);
            String kind = size + " of " + pages.get(i).value(258, 0, 1) + " bits in "
                    + pages.get(i).value(277, 0, 1);
            kinds.putIfAbsent(kind, kinds.size() + 1);
            TiffDescription.Place place = description.place(i).orElse(new TiffDescription.Place(kinds.get(kind), 1, i));
            planes.add(new Selection.Plane(place.series(), place.channel(), place.rank(), size));
        }
        return planes;
    }

    /** ImageJ and MetaMorph lay the pixels of all pages one after the other behind the first. */
    private static List<List<Grid2D>> contiguous(
            TiffDirectory directory, Page first, TiffDescription description, Selection selection, int mostPages) {
        int count = description.contiguous();
        require(count <= mostPages, "%s claims %d pages; at most %d are read", directory.file(), count, mostPages);
        TiffPage page = TiffPage.of(first, directory);
        long pageBytes = page.uncompressedBytes();
        directory.check(page.firstByte(), count * pageBytes, count - 1);
        List<Selection.Plane> planes = new ArrayList<>();
        for (int i = 0; i < count; i++)
            planes.add(new Selection.Plane(
                    1, description.place(i).map(TiffDescription.Place::channel).orElse(1), i, page.size()));
        List<Integer> wanted = selection.of(directory.file(), planes);
        page.check(selection, wanted.size());
        Region rows = page.asStored(selection.region());
        long rowBytes = pageBytes / page.height();
        return wanted.stream()
                .map(i -> selection.cut(page.at(
                        rows,
                        directory
                                .bytes()
                                .asSlice(
                                        page.firstByte() + i * pageBytes + rows.row() * rowBytes,
                                        rows.height() * rowBytes)
                                .toArray(ValueLayout.JAVA_BYTE))))
                .toList();
    }
}
