package dev.nstm.apps.io;

import dev.nstm.apps.io.TiffDescription.Place;
import dev.nstm.apps.io.TiffDirectory.Page;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What OME-XML says of the pages of a TIFF. Every TiffData block assigns pages of the file, beginning with page IFD, to
 * planes of a series, beginning with plane FirstZ, FirstC, FirstT and going on in the DimensionOrder (OME data model
 * 2016-06). The pages of a block may lie in another file of a set, which its UUID names.
 */
final class OmeDescription {
    private static final int MOST_PLANES = 1 << 24;

    private final Path file;
    private final List<Series> series = new ArrayList<>();
    private String ownIdentity = "";
    private Calibration calibration = Calibration.NONE;
    /** Of the first series: seconds, or another unit, at which each time's first plane was taken. */
    private final Map<Integer, Double> moments = new HashMap<>();

    private OmeDescription(Path file) {
        this.file = file;
    }

    /**
     * Consecutive pages of one file. Without a page, they follow those of the block before; without a count, they are
     * all planes of the series.
     */
    private static final class Block {
        private final OptionalInt page;
        private final OptionalInt count;
        private final Map<Character, Integer> first;
        private String fileName = "";
        private String identity = "";

        Block(XMLStreamReader element) {
            page = whole(element, "IFD");
            count = whole(element, "PlaneCount");
            first = Map.of(
                    'Z',
                    whole(element, "FirstZ").orElse(0),
                    'C',
                    whole(element, "FirstC").orElse(0),
                    'T',
                    whole(element, "FirstT").orElse(0));
        }
    }

    /** One Pixels element. */
    private static final class Series {
        private final String order;
        private final Map<Character, Integer> sizes;
        private final List<Block> blocks = new ArrayList<>();
        private int samples = 1;

        Series(XMLStreamReader element) {
            String order = attribute(element, "DimensionOrder");
            this.order = order.matches("XY[CZT]{3}") ? order.substring(2) : "CZT";
            sizes = new HashMap<>();
            for (char axis : "ZCT".toCharArray())
                sizes.put(axis, Math.max(1, whole(element, "Size" + axis).orElse(1)));
        }

        int channels() {
            return Math.max(1, sizes.get('C') / samples);
        }

        int extent(char axis) {
            return axis == 'C' ? channels() : sizes.get(axis);
        }

        /** Planes, as many as are ever read. */
        int planes() {
            return (int) Math.min(MOST_PLANES, (long) sizes.get('Z') * channels() * sizes.get('T'));
        }

        boolean planesFirst() {
            return order.indexOf('Z') < order.indexOf('T');
        }

        /** Channel of a plane, from 0. */
        int channel(int plane) {
            long before = 1;
            for (int i = 0; i < order.indexOf('C'); i++) before *= extent(order.charAt(i));
            return (int) (plane / before % channels());
        }

        /** Where a block begins among the planes. */
        long firstPlane(Block block) {
            long plane = 0;
            long step = 1;
            for (char axis : order.toCharArray()) {
                plane += block.first.get(axis) * step;
                step *= extent(axis);
            }
            return plane;
        }
    }

    /** Places of the pages, where the text tells that of each. */
    static TiffDescription of(String text, List<Page> pages, Path file) {
        OmeDescription description = new OmeDescription(file);
        boolean whole = description.read(text.substring(Math.max(0, text.indexOf('<'))));
        Map<Integer, Place> places = description.places(pages.getLast().number());
        boolean told = whole && pages.stream().allMatch(page -> places.containsKey(page.number()));
        boolean several = !whole
                || description.series.size() > 1
                || description.series.stream().anyMatch(each -> each.channels() > 1);
        return new TiffDescription(
                told ? pages.stream().map(page -> places.get(page.number())).toList() : List.of(),
                several && !told,
                0,
                description.calibration());
    }

    /** Whether the text could be read to its end. */
    private boolean read(String text) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(text));
            while (reader.hasNext()) if (reader.next() == XMLStreamConstants.START_ELEMENT) element(reader);
            return true;
        } catch (XMLStreamException damaged) {
            return false;
        }
    }

    private void element(XMLStreamReader reader) throws XMLStreamException {
        switch (reader.getLocalName()) {
            case "OME" -> ownIdentity = attribute(reader, "UUID").strip();
            case "Pixels" -> {
                series.add(new Series(reader));
                if (series.size() == 1)
                    calibration = new Calibration(
                            length(reader, "PhysicalSizeX"),
                            length(reader, "PhysicalSizeZ"),
                            series.getFirst().extent('Z'),
                            series.getFirst().extent('T'));
            }
            case "Channel" -> {
                if (!series.isEmpty())
                    series.getLast().samples =
                            Math.max(1, whole(reader, "SamplesPerPixel").orElse(1));
            }
            case "Plane" -> {
                OptionalInt time = whole(reader, "TheT");
                double moment = TiffDescription.number(attribute(reader, "DeltaT"));
                if (series.size() == 1 && time.isPresent() && Double.isFinite(moment))
                    moments.putIfAbsent(time.getAsInt(), moment);
            }
            case "TiffData" -> {
                if (!series.isEmpty()) series.getLast().blocks.add(new Block(reader));
            }
            case "UUID" -> {
                if (series.isEmpty() || series.getLast().blocks.isEmpty()) return;
                Block block = series.getLast().blocks.getLast();
                block.fileName = attribute(reader, "FileName").strip();
                block.identity = reader.getElementText().strip();
            }
            default -> {}
        }
    }

    private Calibration calibration() {
        int times = series.isEmpty() ? 0 : series.getFirst().extent('T');
        List<Double> all = IntStream.range(0, times)
                .mapToObj(moments::get)
                .takeWhile(Objects::nonNull)
                .toList();
        return new Calibration(
                calibration.pixelSize(),
                calibration.zStep(),
                calibration.planes(),
                calibration.frames(),
                times == 0 || series.getFirst().planesFirst(),
                all.size() == times ? all : List.of(),
                OptionalDouble.empty());
    }

    private Map<Integer, Place> places(int lastPage) {
        Set<String> own = ownSources();
        Map<Integer, Place> places = new HashMap<>();
        int next = 0;
        for (int i = 0; i < series.size(); i++) {
            Series each = series.get(i);
            if (each.blocks.isEmpty()) next = place(places, each, i, next, 0, each.planes(), lastPage);
            for (Block block : each.blocks) {
                if (!own.contains(source(block))) continue;
                boolean all = block.count.isEmpty() && (block.page.isEmpty() || each.blocks.size() == 1);
                next = place(
                        places,
                        each,
                        i,
                        block.page.orElse(next),
                        each.firstPlane(block),
                        all ? each.planes() : block.count.orElse(1),
                        lastPage);
            }
        }
        return places;
    }

    /** Assigns pages to planes; returns the page after the last one. */
    private static int place(
            Map<Integer, Place> places, Series series, int number, int page, long plane, int count, int lastPage) {
        int end = (int) Math.clamp(series.planes() - plane, 0, count);
        for (int i = 0; i < end && page + i <= lastPage; i++)
            places.put(page + i, new Place(number + 1, series.channel((int) plane + i) + 1, (int) plane + i));
        return Math.min(page + end, MOST_PLANES);
    }

    private static String source(Block block) {
        return block.identity + "\n" + block.fileName;
    }

    /**
     * Sources of the blocks that lie in this file, recognised by its identity, else by its name. If all blocks name one
     * file, it is this one, which may have been renamed.
     */
    private Set<String> ownSources() {
        List<Block> blocks =
                series.stream().flatMap(each -> each.blocks.stream()).toList();
        Set<String> all = blocks.stream().map(OmeDescription::source).collect(Collectors.toSet());
        if (all.size() == 1) return all;
        boolean identified =
                !ownIdentity.isEmpty() && blocks.stream().anyMatch(block -> block.identity.equals(ownIdentity));
        String name = file.getFileName().toString();
        return blocks.stream()
                .filter(block -> block.identity.isEmpty() && block.fileName.isEmpty()
                        || (identified ? block.identity.equals(ownIdentity) : block.fileName.equals(name)))
                .map(OmeDescription::source)
                .collect(Collectors.toSet());
    }

    private static String attribute(XMLStreamReader element, String name) {
        return Optional.ofNullable(element.getAttributeValue(null, name)).orElse("");
    }

    private static OptionalInt whole(XMLStreamReader element, String name) {
        String value = attribute(element, name).strip();
        return value.matches("\\d{1,7}") ? OptionalInt.of(Integer.parseInt(value)) : OptionalInt.empty();
    }

    private static OptionalDouble length(XMLStreamReader element, String name) {
        String unit = attribute(element, name + "Unit");
        return Calibration.micrometres(TiffDescription.number(attribute(element, name)), unit.isEmpty() ? "um" : unit);
    }
}
