package dev.nstm.apps.io;

import dev.nstm.apps.io.TiffDirectory.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What the text on a TIFF's first page says of all pages: ImageJ's lines of key and value, or OME-XML.
 *
 * @param places series and channel of every page; empty where the text does not tell
 * @param contiguous number of pages that lie behind the first without directories of their own; 0 usually
 * @param calibration sampling
 */
record TiffDescription(List<Place> places, int contiguous, Calibration calibration) {
    private static final int DESCRIPTION = 270;
    private static final int X_RESOLUTION = 282;
    private static final Pattern PIXELS = Pattern.compile("<(?:\\w+:)?Pixels\\b([^<>]{0,8192}+)>");
    private static final Pattern SAMPLES = Pattern.compile("SamplesPerPixel\\s*=\\s*\"(\\d{1,4})\"");
    private static final long MOST_PLANES = 1 << 24;

    /** Both from 1. */
    record Place(int series, int channel) {}

    static TiffDescription of(List<Page> pages) {
        Page first = pages.getFirst();
        String text = first.text(DESCRIPTION);
        if (text.startsWith("ImageJ=")) return imageJ(first, text, pages.size());
        if (text.contains("<OME") || text.contains(":OME")) return ome(text, pages.size());
        return new TiffDescription(List.of(), 0, Calibration.NONE);
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
        List<Place> places = channels > 1 ? IntStream.range(0, count).mapToObj(i -> new Place(1, i % channels + 1)).toList() : List.of();
        String unit = find(text, "(?m)^unit=(.*)$").orElse("");
        double resolution = first.fraction(X_RESOLUTION);
        OptionalDouble step = find(text, "(?m)^spacing=([0-9.eE+-]{1,30})$").map(TiffDescription::number).map(value -> Calibration.micrometres(value, unit)).orElse(OptionalDouble.empty());
        return new TiffDescription(places, beyond ? images : 0, new Calibration(Calibration.micrometres(1 / resolution, unit), step, whole(text, "frames", 1) > 1 ? planes : 0));
    }

    private static TiffDescription ome(String text, int listed) {
        List<Place> places = new ArrayList<>();
        Optional<Calibration> calibration = Optional.empty();
        Matcher images = PIXELS.matcher(text);
        for (int series = 1; images.find() && places.size() <= listed; series++) {
            String pixels = images.group(1);
            int end = text.indexOf("Pixels>", images.end());
            String inside = text.substring(images.end(), end < 0 ? text.length() : end);
            int samples = find(inside, SAMPLES.pattern()).map(Integer::parseInt).orElse(1);
            int channels = Math.max(1, size(pixels, 'C') / Math.max(1, samples));
            int planes = size(pixels, 'Z');
            int times = size(pixels, 'T');
            if (calibration.isEmpty()) calibration = Optional.of(new Calibration(length(pixels, "PhysicalSizeX"), length(pixels, "PhysicalSizeZ"), times > 1 ? planes : 0));
            String order = find(pixels, "DimensionOrder\\s*=\\s*\"XY([CZT]{3})\"").orElse("CZT");
            int before = switch (order.indexOf('C')) {
                case 0 -> 1;
                case 1 -> order.charAt(0) == 'Z' ? planes : times;
                default -> planes * times;
            };
            for (long i = 0; i < Math.min(MOST_PLANES, (long) channels * planes * times) && places.size() <= listed; i++) places.add(new Place(series, (int) (i / before % channels) + 1));
        }
        // A set of several files, or one that is not complete, tells nothing about the pages of this file.
        return new TiffDescription(places.size() == listed ? List.copyOf(places) : List.of(), 0, calibration.orElse(Calibration.NONE));
    }

    private static int size(String pixels, char axis) {
        return find(pixels, "Size" + axis + "\\s*=\\s*\"(\\d{1,7})\"").map(Integer::parseInt).map(size -> Math.max(1, size)).orElse(1);
    }

    private static OptionalDouble length(String pixels, String name) {
        Optional<String> value = find(pixels, name + "\\s*=\\s*\"([0-9.eE+-]{1,30})\"");
        return value.isEmpty() ? OptionalDouble.empty() : Calibration.micrometres(number(value.get()), find(pixels, name + "Unit\\s*=\\s*\"([^\"]*)\"").orElse("um"));
    }

    private static int whole(String text, String key, int fallback) {
        return find(text, "(?m)^" + key + "=(\\d{1,9})$").map(Integer::parseInt).filter(value -> value > 0).orElse(fallback);
    }

    private static double number(String text) {
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
