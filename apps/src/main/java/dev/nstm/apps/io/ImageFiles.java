package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.zarr.OmeZarrReader;
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads pictures of every format: TIFF, MRC, DV, CZI, PNG, BMP, PGM and PPM, each known by how its files begin. */
public final class ImageFiles {
    private static final int MOST_PAGES = 100_000;
    private static final Pattern PICTURE = Pattern.compile("(?i).*\\.(tiff?|btf|mrc|dv|czi|png|bmp|pgm|ppm|pnm)");
    private static final Pattern PATTERN = Pattern.compile("[*?\\[{]");
    private static final Pattern DIGITS = Pattern.compile("\\d+");

    private ImageFiles() {}

    /**
     * One picture with its colours apart: one grid where it is grey, else red, green and blue.
     *
     * @throws InvalidInputException naming the file where it is missing, cut off, no picture or more than one
     */
    public static List<Grid2D> readColours(Path file, Selection selection) throws IOException {
        List<List<Grid2D>> pages = read(List.of(file), selection).pages();
        if (pages.size() == 3 && pages.stream().allMatch(page -> page.size() == 1))
            return pages.stream().map(List::getFirst).toList();
        require(
                pages.size() == 1,
                "%s holds %d pictures; one is needed, or three for red, green and blue",
                file,
                pages.size());
        return pages.getFirst();
    }

    /** All pages of a file, colours averaged to grey. */
    public static List<Grid2D> read(Path file) throws IOException {
        return read(List.of(file), Selection.ALL).grey();
    }

    /**
     * The wanted pages of all files, in order.
     *
     * @throws InvalidInputException naming the file where it is missing, cut off or no picture
     */
    public static Pictures read(List<Path> files, Selection selection) throws IOException {
        if (files.size() == 1) return read(files.getFirst(), selection);
        return selection.ranges().isPresent() ? chosen(files, selection) : all(files, selection);
    }

    private static Pictures all(List<Path> files, Selection selection) throws IOException {
        List<List<Grid2D>> pages = new ArrayList<>();
        Calibration calibration = Calibration.NONE;
        for (Path file : files) {
            Pictures pictures = read(file, selection);
            if (pages.isEmpty()) calibration = pictures.calibration();
            pages.addAll(pictures.pages());
        }
        return new Pictures(pages, calibration);
    }

    /** Pages of several files are counted through all of them; those files are read that hold pages that are wanted. */
    private static Pictures chosen(List<Path> files, Selection selection) throws IOException {
        List<Place> places = new ArrayList<>();
        Calibration calibration = Calibration.NONE;
        for (Path file : files) {
            Pictures corners = read(file, selection.corner());
            if (places.isEmpty()) calibration = corners.calibration();
            for (int page = 0; page < corners.pages().size(); page++) places.add(new Place(file, page));
        }
        Map<Path, Pictures> read = new HashMap<>();
        List<List<Grid2D>> pages = new ArrayList<>();
        String name = files.getFirst() + " and the others";
        for (Place place : Selection.pages(places, selection.ranges().orElseThrow(), name)) {
            if (!read.containsKey(place.file))
                read.put(place.file, read(place.file, selection.withRanges(Optional.empty())));
            pages.add(read.get(place.file).pages().get(place.page));
        }
        return new Pictures(pages, calibration);
    }

    /** Where a page lies. */
    private record Place(Path file, int page) {}

    /** Pages that a selection finds, whatever its own choice of pages. */
    public static int count(List<Path> files, Selection selection) throws IOException {
        int count = 0;
        for (Path file : files) count += read(file, selection.corner()).pages().size();
        return count;
    }

    private static Pictures read(Path file, Selection selection) throws IOException {
        boolean zarr = OmeZarrReader.recognises(file);
        require(zarr || Files.isRegularFile(file), "%s: no such file", file);
        require(zarr || Files.size(file) > 0, "%s is empty", file);
        try {
            if (zarr) return ZarrPictures.read(file, selection, MOST_PAGES);
            Optional<Pictures> pictures = TiffReader.read(file, selection, MOST_PAGES);
            if (pictures.isEmpty()) pictures = MrcReader.read(file, selection, MOST_PAGES);
            if (pictures.isEmpty()) pictures = CziReader.read(file, selection, MOST_PAGES);
            if (pictures.isEmpty()) pictures = PnmReader.read(file, MOST_PAGES).map(all -> selection.of(file, all));
            if (pictures.isEmpty()) pictures = JdkReader.read(file).map(all -> selection.of(file, all));
            return pictures.orElseThrow(() -> new InvalidInputException(
                    file + " is neither TIFF, OME-Zarr, MRC, DV, CZI nor PNG, BMP, PGM or PPM"));
        } catch (InvalidPathException impossible) {
            throw new InvalidInputException(
                    file + " is damaged: it names a file that cannot be, " + impossible.getReason(), impossible);
        } catch (IndexOutOfBoundsException | ArithmeticException | NegativeArraySizeException beyond) {
            throw new InvalidInputException(file + " is cut off or damaged: it points beyond its end", beyond);
        }
    }

    /**
     * The files that a text names: one file, all pictures of a folder, those that a pattern such as {@code shot_*.tif}
     * matches, or several of these separated by commas. Folders and patterns give files in the order of the numbers in
     * their names.
     *
     * @throws InvalidInputException where there is none
     */
    public static List<Path> named(String text) throws IOException {
        Optional<List<Path>> whole = found(text);
        if (whole.isPresent()) return whole.get();
        List<Path> files = new ArrayList<>();
        for (String part : text.split(","))
            files.addAll(found(part.strip()).orElseGet(() -> List.of(path(part.strip()))));
        return files;
    }

    /** The same text with every file, folder and pattern in it named in full. */
    public static String absolute(String text) throws IOException {
        boolean whole = found(text).isPresent();
        return Stream.of(whole ? new String[] {text} : text.split(","))
                .map(part -> path(part.strip()).toAbsolutePath().normalize().toString())
                .collect(Collectors.joining(","));
    }

    /** What one file, folder or pattern names; empty where there is no such file or folder. */
    private static Optional<List<Path>> found(String text) throws IOException {
        Path path = path(text);
        if (Files.isRegularFile(path) || OmeZarrReader.recognises(path)) return Optional.of(List.of(path));
        if (Files.isDirectory(path)) return Optional.of(pictures(path));
        Path folder = path.toAbsolutePath().getParent();
        boolean pattern = PATTERN.matcher(text).find()
                && path.getFileName() != null
                && folder != null
                && Files.isDirectory(folder);
        if (!pattern) return Optional.empty();
        List<Path> matching = matching(path, folder);
        // What matches nothing may be several patterns.
        require(
                !matching.isEmpty() || text.contains(","),
                "the folder %s holds no files named %s",
                folder,
                path.getFileName());
        return Optional.of(matching).filter(files -> !files.isEmpty());
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException impossible) {
            throw new InvalidInputException(
                    "\"" + text + "\" is no name of a file: " + impossible.getReason(), impossible);
        }
    }

    private static List<Path> pictures(Path folder) throws IOException {
        List<Path> files = listed(
                folder, file -> PICTURE.matcher(file.getFileName().toString()).matches());
        require(!files.isEmpty(), "the folder %s holds no pictures", folder);
        return files;
    }

    private static List<Path> matching(Path pattern, Path folder) throws IOException {
        try {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.getFileName());
            return listed(folder, file -> matcher.matches(file.getFileName())).stream()
                    .map(file -> pattern.resolveSibling(file.getFileName()))
                    .toList();
        } catch (PatternSyntaxException wrong) {
            throw new InvalidInputException(
                    pattern + " is neither a file nor a pattern of names: " + wrong.getDescription(), wrong);
        }
    }

    private static List<Path> listed(Path folder, Predicate<Path> wanted) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .filter(wanted)
                    .sorted(Comparator.comparing(ImageFiles::sortable))
                    .toList();
        }
    }

    /** Numbers padded, so that shot_10 comes after shot_9. */
    private static String sortable(Path file) {
        Matcher digits = DIGITS.matcher(file.getFileName().toString().toLowerCase(Locale.ROOT));
        return digits.replaceAll(number ->
                "0".repeat(Math.max(0, 20 - number.group().length())) + number.group());
    }
}
