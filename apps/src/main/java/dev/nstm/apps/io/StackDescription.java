package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the pages of a stack show, in the words of its readers. Pages follow each other channel after channel, then
 * plane after plane, then time after time.
 *
 * @param name of the picture
 * @param channels their names, with units
 * @param planes of a volume
 * @param scale sizes of pixels; empty where lengths are counted in pixels
 * @param moments when the frames were, where that is known; else as many as there are frames are counted
 */
public record StackDescription(
        String name,
        int height,
        int width,
        List<String> channels,
        int planes,
        int frames,
        Optional<Scale> scale,
        Optional<Moments> moments) {
    /**
     * Sizes in micrometres.
     *
     * @param pixelSize of rows and columns
     * @param zStep distance of planes; not used for single planes
     */
    public record Scale(double pixelSize, double zStep) {}

    /**
     * When the frames were.
     *
     * @param times of the frames
     * @param unit such as ms
     */
    public record Moments(double[] times, String unit) {}

    /** A movie of pictures in one channel. */
    public static StackDescription ofPictures(int height, int width, int frames, double pixelSize) {
        return new StackDescription(
                "", height, width, List.of(""), 1, frames, Optional.of(new Scale(pixelSize, 0)), Optional.empty());
    }

    public StackDescription {
        require(moments.isEmpty() || moments.get().times.length == frames, "%d frames need as many times", frames);
    }

    long pages() {
        return (long) channels.size() * planes * frames;
    }

    /** For ImageJ, which wants it in ASCII. */
    String imageJ(float least, float largest) {
        StringBuilder text = new StringBuilder("ImageJ=1.54f\nimages=" + pages());
        if (channels.size() > 1)
            text.append("\nchannels=").append(channels.size()).append("\nmode=composite");
        if (planes > 1) text.append("\nslices=").append(planes);
        if (planes > 1 && scale.isPresent()) text.append("\nspacing=").append(scale.get().zStep);
        text.append(scale.isPresent() ? "\nunit=um" : "\nunit=pixel")
                .append("\nframes=")
                .append(frames);
        if (channels.size() * planes > 1 && frames > 1) text.append("\nhyperstack=true");
        return text + "\nmin=" + least + "\nmax=" + largest + "\n";
    }

    /** For all that read OME-TIFF (docs.openmicroscopy.org/ome-model, schema of June 2016). */
    String ome() {
        StringBuilder text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
                .append("<OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\"")
                .append(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"")
                .append(" xsi:schemaLocation=\"http://www.openmicroscopy.org/Schemas/OME/2016-06")
                .append(" http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd\" Creator=\"nstm\">")
                .append("<Image ID=\"Image:0\"")
                .append(attribute("Name", name))
                .append("><Pixels ID=\"Pixels:0\" DimensionOrder=\"XYCZT\" Type=\"float\" BigEndian=\"false\"")
                .append(attribute("SizeX", width))
                .append(attribute("SizeY", height))
                .append(attribute("SizeC", channels.size()))
                .append(attribute("SizeZ", planes))
                .append(attribute("SizeT", frames));
        scale.ifPresent(known -> {
            text.append(length("X", known.pixelSize)).append(length("Y", known.pixelSize));
            if (planes > 1) text.append(length("Z", known.zStep));
        });
        text.append('>');
        for (int channel = 0; channel < channels.size(); channel++)
            text.append("<Channel")
                    .append(attribute("ID", "Channel:0:" + channel))
                    .append(attribute("Name", channels.get(channel)))
                    .append(" SamplesPerPixel=\"1\"/>");
        text.append("<TiffData IFD=\"0\"")
                .append(attribute("PlaneCount", pages()))
                .append("/>");
        moments.ifPresent(known -> text.append(planes(known)));
        return text + "</Pixels></Image></OME>";
    }

    private static String length(String axis, double micrometres) {
        return attribute("PhysicalSize" + axis, micrometres) + attribute("PhysicalSize" + axis + "Unit", "\u00b5m");
    }

    private String planes(Moments known) {
        StringBuilder text = new StringBuilder();
        for (int frame = 0; frame < frames; frame++)
            for (int plane = 0; plane < planes; plane++)
                for (int channel = 0; channel < channels.size(); channel++)
                    text.append("<Plane TheC=\"")
                            .append(channel)
                            .append("\" TheZ=\"")
                            .append(plane)
                            .append("\" TheT=\"")
                            .append(frame)
                            .append("\" DeltaT=\"")
                            .append(known.times[frame])
                            .append("\" DeltaTUnit=\"")
                            .append(known.unit)
                            .append("\"/>");
        return text.toString();
    }

    private static String attribute(String name, Object value) {
        String escaped = String.format(Locale.ROOT, "%s", value)
                .chars()
                .mapToObj(character -> switch (character) {
                    case '&' -> "&amp;";
                    case '<' -> "&lt;";
                    case '"' -> "&quot;";
                    default -> Character.toString(character);
                })
                .collect(Collectors.joining());
        return " " + name + "=\"" + escaped + "\"";
    }
}
