package dev.nstm.apps.io;

import dev.nstm.apps.io.TiffDirectory.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What a TIFF's first page says of all pages: ImageJ's lines of key and value, OME-XML, or MetaMorph's table of planes.
 *
 * @param places series, channel and rank of every page; empty where the text does not tell
 * @param untold whether there are several series or channels, but not which page belongs to which
 * @param contiguous number of pages that lie behind the first without directories of their own; 0 usually
 * @param calibration sampling
 */
record TiffDescription(List<Place> places, boolean untold, int contiguous, Calibration calibration) {
    private static final int DESCRIPTION = 270;
    private static final int X_RESOLUTION = 282;
    private static final int METAMORPH_PLANES = 33629;
    private static final int MOST_PLANES = 1 << 24;

    /** Series and channel from 1; rank among the planes of its series. */
    record Place(int series, int channel, int rank) {}

    static TiffDescription of(List<Page> pages, Path file) {
        Page first = pages.getFirst();
        String text = first.text(DESCRIPTION);
        if (text.startsWith("ImageJ=")) return imageJ(first, text, pages.size());
        if (text.contains("<OME") || text.contains(":OME")) return OmeDescription.of(text, pages, file);
        long planes = pages.size() == 1 ? first.count(METAMORPH_PLANES) : 0;
        return new TiffDescription(
                List.of(), false, planes > 1 ? (int) Math.min(planes, MOST_PLANES) : 0, Calibration.NONE);
    }

    Optional<Place> place(int page) {
        return page < places.size() ? Optional.of(places.get(page)) : Optional.empty();
    }

    /** Hyperstacks count channels fastest, then planes, then times. */
    private static TiffDescription imageJ(Page first, String text, int listed) {
        int images = whole(text, "images", 1);
        int channels = whole(text, "channels", 1);
        int planes = whole(text, "slices", 1);
        boolean beyond = listed == 1 && images > 1;
        int count = beyond ? images : listed;
        List<Place> places = channels > 1
                ? IntStream.range(0, count)
                        .mapToObj(i -> new Place(1, i % channels + 1, i))
                        .toList()
                : List.of();
        String unit = find(text, "(?m)^unit=(.*)$").orElse("");
        double resolution = first.fraction(X_RESOLUTION);
        OptionalDouble step = find(text, "(?m)^spacing=([0-9.eE+-]{1,30})$")
                .map(TiffDescription::number)
                .map(value -> Calibration.micrometres(value, unit))
                .orElse(OptionalDouble.empty());
        return new TiffDescription(
                places,
                false,
                beyond ? images : 0,
                new Calibration(Calibration.micrometres(1 / resolution, unit), step, planes, whole(text, "frames", 1)));
    }

    private static int whole(String text, String key, int fallback) {
        return find(text, "(?m)^" + key + "=(\\d{1,9})$")
                .map(Integer::parseInt)
                .filter(value -> value > 0)
                .orElse(fallback);
    }

    /** NaN where the text is none. */
    static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException notANumber) {
            return Double.NaN;
        }
    }

    private static Optional<String> find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
    }
}
