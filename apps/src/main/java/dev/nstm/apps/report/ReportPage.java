package dev.nstm.apps.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.Sizes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * {@code report.html}: pictures and curves as data inside the page, drawn by its script. A stack of pictures is kept as
 * bytes between two values; frames count the planes of a time, then the times.
 */
public final class ReportPage {
    /** Pixels of a camera; simulated motion is found to about this. */
    public static final double LEAST_MOTION = 0.3;
    /** Share of the places that may seem to move further than that although nothing moves. */
    private static final double OUTLIERS = 0.1;
    /** Visibility of a motion that is not certain. */
    private static final double FAINT = 0.12;
    /** Along the longer side. */
    private static final int ARROWS = 26;
    /** Of pictures that are in colour, or whose scales are told apart from them. */
    private static final Shades UNLABELLED = new Shades(0, 0);

    private static final String DATA = "@DATA@";

    private final ObjectMapper mapper = new ObjectMapper();
    private final ObjectNode data = mapper.createObjectNode();
    private final int height;
    private final int width;
    /** Largest over the times, of every pixel; zero where it is not known. */
    private float[] motionUncertainty;

    /**
     * @param height of all pictures
     * @param width of all pictures
     * @param pixelSize in {@code lengthUnit}
     * @param lengthUnit such as micrometres
     */
    public ReportPage(
            int height, int width, double pixelSize, String lengthUnit, String summary, String configuration) {
        this.height = height;
        this.width = width;
        motionUncertainty = new float[height * width];
        data.put("height", height)
                .put("width", width)
                .put("pixelSize", pixelSize)
                .put("lengthUnit", lengthUnit)
                .put("summary", summary)
                .put("config", configuration);
        data.putArray("planes");
        data.putArray("views");
    }

    /** Times of the movie and of the shots, and the loss of every epoch. */
    public void curves(double[] times, double[] shotTimes, double[] losses) {
        numbers(data.putArray("times"), times);
        numbers(data.putArray("shotTimes"), shotTimes);
        numbers(data.putArray("losses"), losses);
    }

    /** Names of what a volume is shown by: projections, then planes. */
    public void planes(List<String> names) {
        for (String name : names) data.withArray("planes").add(name);
    }

    /** The unit of the data's own times. */
    public void clock(Clock clock) {
        data.putObject("clock")
                .put("first", clock.first())
                .put("last", clock.last())
                .put("unit", clock.unit());
    }

    /** @param pixels at each border that are not compared with the shots */
    public void margin(int pixels) {
        data.put("margin", pixels);
    }

    /** How the reconstructions compare with the truth. */
    public void truth(TextTable table) {
        table(data.putObject("truth"), table);
    }

    private void table(ObjectNode node, TextTable table) {
        node.set("headings", mapper.valueToTree(table.headings()));
        node.set("rows", mapper.valueToTree(table.rows()));
    }

    /**
     * What the model leaves of the shots.
     *
     * @param verdict sentences
     * @param table a row per shot
     * @param pictures one per shot
     * @param largest value of the pictures that is shown in full colour
     */
    public void remainder(
            List<String> verdict,
            TextTable table,
            int height,
            int width,
            List<float[]> pictures,
            double largest,
            String unit) {
        ObjectNode node = data.putObject("remainder")
                .put("height", height)
                .put("width", width)
                .put("map", "balance")
                .put("unit", unit);
        node.set("verdict", mapper.valueToTree(verdict));
        table(node.putObject("table"), table);
        Shades shades = new Shades((float) -largest, (float) largest);
        stack(node, shades.bytes(pictures), shades);
    }

    public void view(View view) {
        ObjectNode node = data.withArray("views")
                .addObject()
                .put("group", view.group())
                .put("role", view.role().name().toLowerCase(Locale.ROOT))
                .put("title", view.title())
                .put("unit", view.unit())
                .put("map", view.map())
                .put("moving", view.underMotion());
        view.times().ifPresent(times -> numbers(node.putArray("times"), times));
        view.psnr()
                .ifPresent(psnr ->
                        numbers(node.put("ratedShots", view.ratedShots()).putArray("psnr"), psnr));
        stack(node, view.frames(), view.shades());
    }

    /** The raw shots, as large as the views. */
    public void raw(String hint, String unit, List<String> titles, List<float[]> shots) {
        Shades shades = Shades.of(shots);
        raw(hint, "grey", height, width, titles, shades.bytes(shots))
                .put("unit", unit)
                .put("min", shades.dark())
                .put("max", shades.bright())
                .put("timed", true);
    }

    /** Pictures in colour that belong to the measurement: red, green and blue of every pixel. */
    public void rawColours(String hint, int height, int width, List<String> titles, List<byte[]> pictures) {
        raw(hint, "rgb", height, width, titles, pictures).put("unit", "").put("timed", false);
    }

    private ObjectNode raw(String hint, String map, int height, int width, List<String> titles, List<byte[]> pictures) {
        ObjectNode raw = data.putObject("raw")
                .put("hint", hint)
                .put("map", map)
                .put("height", height)
                .put("width", width);
        ArrayNode names = raw.putArray("titles");
        titles.forEach(names::add);
        stack(raw, pictures, UNLABELLED);
        return raw;
    }

    /**
     * Small pictures over spatial frequency.
     *
     * @param titles one per picture
     * @param units unit and limit of each picture's colours
     * @param pictures bytes, zero frequency in the middle
     * @param limit frequency at the border, in cycles per micrometre
     */
    public void frequencies(
            String heading,
            String hint,
            String map,
            int height,
            int width,
            double limit,
            List<String> titles,
            List<Scale> units,
            List<byte[]> pictures) {
        ObjectNode node = data.putObject("transfer")
                .put("heading", heading)
                .put("hint", hint)
                .put("map", map)
                .put("height", height)
                .put("width", width)
                .put("limit", limit);
        ArrayNode names = node.putArray("titles");
        titles.forEach(names::add);
        ArrayNode scales = node.putArray("scales");
        for (Scale scale : units)
            scales.addObject().put("min", scale.min).put("max", scale.max).put("unit", scale.unit);
        stack(node, pictures, UNLABELLED);
    }

    /** Values of a picture's darkest and brightest colour. */
    public record Scale(double min, double max, String unit) {}

    /** How far the contents of a picture's pixels have moved. */
    public interface Displacement {
        /** @param axis 0 for rows, 1 for columns */
        float[] at(int time, int axis);
    }

    /**
     * How far off the displacement may be. Where it is as uncertain as it is large, its motion is shown faint.
     *
     * @param deviations in pixels, of every pixel at several times
     */
    public void motionUncertainty(float[][] deviations) {
        motionUncertainty = new float[height * width];
        for (float[] time : deviations)
            for (int i = 0; i < time.length; i++) motionUncertainty[i] = Math.max(motionUncertainty[i], time[i]);
    }

    /**
     * Motion since the first time, shown on a coarse grid; none of a single time, nor where hardly any place moves.
     *
     * @param least displacement in pixels that is told from the reconstruction's own uncertainty
     */
    public void motion(int times, double least, Displacement displacement) {
        int step = Math.max(4, Math.max(height, width) / ARROWS);
        int rows = times == 1 ? 0 : height / step;
        int columns = times == 1 ? 0 : width / step;
        ArrayNode array = mapper.createArrayNode();
        double largest = 1e-3;
        double mostMoved = 0;
        double[] furthest = new double[rows * columns];
        for (int time = 0; time < times; time++) {
            double[] moved = new double[rows * columns];
            float[] down = moved.length == 0 ? new float[0] : displacement.at(time, 0);
            float[] right = moved.length == 0 ? new float[0] : displacement.at(time, 1);
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    int pixel = center(r * columns + c, step, columns);
                    float dy = down[pixel];
                    float dx = right[pixel];
                    moved[r * columns + c] = Math.hypot(dy, dx);
                    largest = Math.max(largest, moved[r * columns + c]);
                    furthest[r * columns + c] = Math.max(furthest[r * columns + c], moved[r * columns + c]);
                    array.add(dy).add(dx);
                }
            }
            Arrays.sort(moved);
            if (moved.length > 0) mostMoved = Math.max(mostMoved, moved[(int) ((1 - OUTLIERS) * (moved.length - 1))]);
        }
        boolean still = rows > 0 && columns > 0 && mostMoved < least;
        ObjectNode node = data.putObject("motion")
                .put("step", step)
                .put("rows", still ? 0 : rows)
                .put("columns", still ? 0 : columns)
                .put("largest", largest)
                .put("still", still)
                .put("moved", mostMoved);
        node.set("values", still ? mapper.createArrayNode() : array);
        ArrayNode certainties = node.putArray("certainty");
        for (int place = 0; place < furthest.length && !still; place++)
            certainties.add(certainty(furthest[place], motionUncertainty[center(place, step, columns)]));
    }

    /** The pixel in the middle of a place of the coarse grid. */
    private int center(int place, int step, int columns) {
        return (place / columns * step + step / 2) * width + place % columns * step + step / 2;
    }

    /** From 1, of a displacement three times as large as its uncertainty, to a faint rest of one not larger. */
    private static double certainty(double furthest, double uncertainty) {
        return uncertainty == 0 ? 1 : Math.clamp((furthest / uncertainty - 1) / 2, FAINT, 1);
    }

    public void write(Path file) throws IOException {
        String page = resource("report.html")
                .replace("@STYLE@", resource("report.css"))
                .replace("@SCRIPT@", resource("report.js"));
        int place = page.indexOf(DATA);
        AtomicFile.write(file, out -> {
            out.write(page.substring(0, place).getBytes(StandardCharsets.UTF_8));
            try (JsonGenerator json = mapper.createGenerator(out)) {
                json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
                json.setCharacterEscapes(new InPage());
                json.writeTree(data);
            }
            out.write(page.substring(place + DATA.length()).getBytes(StandardCharsets.UTF_8));
        });
    }

    /** A text must not end the element of the page that it stands in. */
    private static final class InPage extends CharacterEscapes {
        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = standardAsciiEscapesForJSON();
            codes['<'] = ESCAPE_STANDARD;
            return codes;
        }

        @Override
        public SerializableString getEscapeSequence(int character) {
            return null;
        }
    }

    private static void stack(ObjectNode node, List<byte[]> frames, Shades shades) {
        int size = frames.getFirst().length;
        byte[] pixels = new byte[Sizes.product("pictures of a report", frames.size(), size)];
        for (int i = 0; i < frames.size(); i++) System.arraycopy(frames.get(i), 0, pixels, i * size, size);
        node.put("frames", frames.size())
                .put("min", shades.dark())
                .put("max", shades.bright())
                .put("pixels", pixels);
    }

    private static void numbers(ArrayNode array, double[] values) {
        // JSON has no infinity, which a truth without contrast gives.
        for (double value : values) {
            if (Double.isFinite(value)) array.add(value);
            else array.addNull();
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
