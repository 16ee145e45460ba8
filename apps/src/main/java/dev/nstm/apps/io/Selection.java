package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which of a file's planes are wanted. Counts from 1, as microscopes' programs do.
 *
 * @param series of files that hold several recordings; must be given for these
 * @param channel of files that hold several; must be given for these unless channels are pages
 * @param channelsArePages whether channels are taken for pages where nothing else tells these apart
 * @param ranges of the pages of what is chosen by these, such as {@code 1-60,75}; all where empty
 * @param region part of every page; all of it where empty
 */
public record Selection(
        Optional<Integer> series,
        Optional<Integer> channel,
        boolean channelsArePages,
        Optional<String> ranges,
        Optional<Region> region) {
    /** All pages, for files with one series and either one channel or a channel for each page. */
    public static final Selection ALL = new Selection(Optional.empty(), Optional.empty(), true);

    private static final int MOST_DESCRIBED = 8;

    /** Whole pages. */
    public Selection(Optional<Integer> series, Optional<Integer> channel, boolean channelsArePages) {
        this(series, channel, channelsArePages, Optional.empty(), Optional.empty());
    }

    /** A pixel of every page. */
    Selection corner() {
        return new Selection(series, channel, channelsArePages, Optional.empty(), Optional.of(new Region(0, 0, 1, 1)));
    }

    /** The same of other pages. */
    public Selection withRanges(Optional<String> others) {
        return new Selection(series, channel, channelsArePages, others, region);
    }

    /** The chosen part of a page's colours. */
    List<Grid2D> cut(List<Grid2D> colours) {
        return region.isEmpty()
                ? colours
                : colours.stream().map(region.get()::of).toList();
    }

    /**
     * Refuses a part that lies outside of a page, and what is more than fits into memory: the chosen parts, and a whole
     * page.
     *
     * @param colours of a page
     */
    void check(long pages, int colours, int height, int width, Path file) {
        long values = Math.multiplyExact((long) height * width, colours);
        long kept =
                region.map(part -> part.in(height, width).values() * colours).orElse(values);
        Room.forValues(Math.max(values, Math.multiplyExact(pages, kept)), file.toString());
    }

    /**
     * A plane as a reader finds it, before it is decoded.
     *
     * @param series recording that it belongs to, from 1
     * @param channel from 1
     * @param rank planes of a recording are taken in the order of their ranks, planes of equal rank in that of the file
     * @param size for people
     */
    record Plane(int series, int channel, int rank, String size) {}

    /** Indices of the wanted planes, in their order. */
    List<Integer> of(Path file, List<Plane> planes) {
        List<Integer> chosen = ofSeriesAndChannel(file, planes);
        return ranges.map(text -> pages(chosen, text, file.toString())).orElse(chosen);
    }

    private List<Integer> ofSeriesAndChannel(Path file, List<Plane> planes) {
        SortedMap<Integer, List<Plane>> recordings =
                new TreeMap<>(planes.stream().collect(Collectors.groupingBy(Plane::series)));
        if (recordings.size() > 1 && series.isEmpty())
            throw new InvalidInputException(file + " holds " + recordings.size() + " series (" + described(recordings)
                    + "); choose one with data.series");
        int chosen = series.orElse(recordings.firstKey());
        require(
                recordings.containsKey(chosen),
                "%s has no series %d; it has %d (data.series)",
                file,
                chosen,
                recordings.size());
        List<Integer> ofSeries = IntStream.range(0, planes.size())
                .filter(i -> planes.get(i).series == chosen)
                .boxed()
                .sorted(Comparator.comparing(i -> planes.get(i).rank))
                .toList();
        List<Integer> channels = ofSeries.stream()
                .map(i -> planes.get(i).channel)
                .distinct()
                .sorted()
                .toList();
        boolean onlyChannels = channelsArePages && ofSeries.size() == channels.size();
        require(
                channels.size() == 1 || channel.isPresent() || onlyChannels,
                "%s holds %d channels; choose one with data.channel (%d to %d)",
                file,
                channels.size(),
                channels.getFirst(),
                channels.getLast());
        if (channel.isEmpty()) return ofSeries;
        require(
                channels.contains(channel.get()),
                "%s has no channel %d; it has %s (data.channel)",
                file,
                channel.get(),
                channels.size() > MOST_DESCRIBED
                        ? channels.getFirst() + " to " + channels.getLast()
                        : channels.stream().map(String::valueOf).collect(Collectors.joining(", ")));
        return ofSeries.stream()
                .filter(i -> planes.get(i).channel == channel.get())
                .toList();
    }

    private static String described(SortedMap<Integer, List<Plane>> recordings) {
        return recordings.entrySet().stream()
                .limit(MOST_DESCRIBED)
                .map(each -> each.getKey() + ": " + each.getValue().size()
                        + (each.getValue().size() == 1 ? " page of " : " pages of ")
                        + each.getValue().getFirst().size)
                .collect(Collectors.joining(", ", "", recordings.size() > MOST_DESCRIBED ? ", ..." : ""));
    }

    /** Of the pictures of a file that were read whole. */
    Pictures of(Path file, Pictures all) {
        List<List<Grid2D>> chosen =
                ranges.map(text -> pages(all.pages(), text, file.toString())).orElse(all.pages());
        return new Pictures(chosen.stream().map(this::cut).toList(), all.calibration());
    }

    /**
     * Pages by their numbers.
     *
     * @param ranges such as {@code 1-60,75}
     */
    public static <T> List<T> pages(List<T> pages, String ranges, String file) {
        List<T> kept = new ArrayList<>();
        for (String range : ranges.split(",")) {
            String[] ends = range.strip().split("-", -1);
            try {
                int first = Integer.parseInt(ends[0].strip());
                int last = Integer.parseInt(ends[ends.length - 1].strip());
                require(
                        ends.length <= 2 && first >= 1 && last >= first && last <= pages.size(),
                        "data.pages: %s is not a range of the %d pages of %s (such as 1-60,75)",
                        range.strip(),
                        pages.size(),
                        file);
                kept.addAll(pages.subList(first - 1, last));
            } catch (NumberFormatException notANumber) {
                throw new InvalidInputException(
                        "data.pages: \"" + range.strip() + "\" is neither a number nor a range such as 1-60",
                        notANumber);
            }
        }
        return kept;
    }
}
