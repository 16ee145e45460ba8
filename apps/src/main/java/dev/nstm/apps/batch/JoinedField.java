package dev.nstm.apps.batch;

import static dev.nstm.tensor.InvalidInputException.require;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The field at any frame, joined from the windows and patches that show it; some rows at a time are in memory. Windows
 * count the more, the farther a shot lies from their ends. Channels that are measured up to a constant are brought
 * together by {@link Offsets}.
 */
final class JoinedField implements AutoCloseable {
    private static final int MOST_OPEN = 256;

    private final Batch batch;
    private final JoinMode mode;
    private final PieceResult.Description description;
    private final int framesOfShot;
    private final double zoom;
    private final List<Place> places = new ArrayList<>();
    private final Map<Piece, PieceResult> open = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<List<Integer>, double[]> offsets = new HashMap<>();

    /** A patch in the field, in samples, and how much its samples count. */
    private record Place(int row, int column, double[] rowWeights, double[] columnWeights) {}

    JoinedField(Batch batch, JoinMode mode) throws IOException {
        this.batch = batch;
        this.mode = mode;
        try (PieceResult first = PieceResult.open(batch.directory(batch.piece(0, 0)))) {
            description = first.description();
            framesOfShot = first.times() / batch.windowShots();
        }
        zoom = (double) description.size(1) / batch.patchRows();
        int overlap = (int) Math.rint(batch.overlap() * zoom);
        for (var patch : batch.patches())
            places.add(new Place(
                    samples(patch.row()),
                    samples(patch.column()),
                    mode.weights(
                            samples(patch.height()),
                            overlap,
                            patch.row() == 0,
                            patch.row() + patch.height() == batch.extent().rows()),
                    mode.weights(
                            samples(patch.width()),
                            overlap,
                            patch.column() == 0,
                            patch.column() + patch.width() == batch.extent().columns())));
    }

    PieceResult.Description description() {
        return description;
    }

    int framesOfShot() {
        return framesOfShot;
    }

    /** Samples for so many pixels of the camera. */
    int samples(int pixels) {
        return (int) Math.rint(pixels * zoom);
    }

    private PieceResult result(Piece piece) throws IOException {
        PieceResult known = open.get(piece);
        if (known != null) return known;
        PieceResult opened = PieceResult.open(batch.directory(piece));
        open.put(piece, opened);
        if (open.size() > MOST_OPEN) {
            Piece oldest = open.keySet().iterator().next();
            open.remove(oldest).close();
        }
        require(
                opened.description().axes().equals(description.axes())
                        && opened.description().channels().equals(description.channels())
                        && opened.times() == batch.windowShots() * framesOfShot,
                "%s does not belong to the same recording as the first piece; remove it and run the piece again",
                batch.directory(piece));
        return opened;
    }

    /** A window that shows a frame. */
    private record Look(int window, int time, double weight) {}

    /** The windows that show a frame. */
    private List<Look> looks(int frame) {
        List<Look> looks = new ArrayList<>();
        int shot = frame / framesOfShot;
        for (int window : batch.windowsOf(shot)) {
            int local = shot - batch.windows().get(window);
            looks.add(new Look(
                    window,
                    frame - batch.windows().get(window) * framesOfShot,
                    Math.min(local + 1, batch.windowShots() - local)));
        }
        return looks;
    }

    /**
     * Rows of the joined field.
     *
     * @param part of the scene's channels or, after these, the motion's axes
     */
    float[] rows(int frame, int part, int z, int row, int rows) throws IOException {
        int channels = description.channels().size();
        if (part < channels) return joined(looks(frame), part, z, row, rows);
        // How far things moved since the frame before is known to windows that show both.
        List<Look> moving = looks(frame).stream().filter(look -> look.time > 0).toList();
        if (!moving.isEmpty()) return joined(moving, part, z, row, rows);
        float[] motion = new float[rows * samples(batch.extent().columns())];
        if (frame == 0) return motion;
        // Between windows that do not overlap it is taken to go on evenly.
        List<Look> before =
                looks(frame - 1).stream().filter(look -> look.time > 0).toList();
        List<Look> after = looks(frame).getFirst().time + 1 < batch.windowShots() * framesOfShot
                ? looks(frame + 1).stream().filter(look -> look.time > 0).toList()
                : List.of();
        int known = 0;
        for (List<Look> neighbours : List.of(before, after)) {
            if (neighbours.isEmpty()) continue;
            known++;
            float[] values = joined(neighbours, part, z, row, rows);
            for (int i = 0; i < motion.length; i++) motion[i] += values[i];
        }
        for (int i = 0; known > 1 && i < motion.length; i++) motion[i] /= known;
        return motion;
    }

    private float[] joined(List<Look> looks, int part, int z, int row, int rows) throws IOException {
        int width = samples(batch.extent().columns());
        double[] sums = new double[rows * width];
        double[] weights = new double[sums.length];
        boolean scene = part < description.channels().size();
        JoinMode joining = scene || mode != JoinMode.MAX && mode != JoinMode.MIN ? mode : JoinMode.AVERAGE;
        if (joining == JoinMode.MAX) Arrays.fill(sums, Double.NEGATIVE_INFINITY);
        if (joining == JoinMode.MIN) Arrays.fill(sums, Double.POSITIVE_INFINITY);
        for (int patch = 0; patch < places.size(); patch++) {
            Place place = places.get(patch);
            int from = Math.max(row, place.row);
            int to = Math.min(row + rows, place.row + place.rowWeights.length);
            if (from >= to) continue;
            double[] values = blended(looks, patch, part, z, from - place.row, to - from);
            add(values, place, from, to, row, width, joining, sums, weights);
        }
        float[] joined = new float[sums.length];
        for (int i = 0; i < joined.length; i++)
            joined[i] = (float)
                    (joining == JoinMode.AVERAGE || joining == JoinMode.GRADIENT ? sums[i] / weights[i] : sums[i]);
        return joined;
    }

    private static void add(
            double[] values,
            Place place,
            int from,
            int to,
            int first,
            int width,
            JoinMode joining,
            double[] sums,
            double[] weights) {
        int columns = place.columnWeights.length;
        for (int y = from; y < to; y++) {
            for (int x = 0; x < columns; x++) {
                double value = values[(y - from) * columns + x];
                double weight = place.rowWeights[y - place.row] * place.columnWeights[x];
                int at = (y - first) * width + place.column + x;
                switch (joining) {
                    case MID -> sums[at] = weight > 0 ? value : sums[at];
                    case MAX -> sums[at] = Math.max(sums[at], value);
                    case MIN -> sums[at] = Math.min(sums[at], value);
                    default -> {
                        sums[at] += weight * value;
                        weights[at] += weight;
                    }
                }
            }
        }
    }

    /** Rows of a patch, blended over the windows that show them. */
    private double[] blended(List<Look> looks, int patch, int part, int z, int row, int rows) throws IOException {
        double total = looks.stream().mapToDouble(Look::weight).sum();
        double[] blended = new double[0];
        for (Look look : looks) {
            float[] values = result(batch.piece(look.window, patch)).rows(look.time, part, z, row, rows);
            if (blended.length == 0) blended = new double[values.length];
            double offset = offset(look.window, patch, part);
            double weight = look.weight / total;
            for (int i = 0; i < values.length; i++) blended[i] += weight * (values[i] + offset);
        }
        return blended;
    }

    private double offset(int window, int patch, int part) throws IOException {
        if (batch.patches().size() == 1 || !description.floating().contains(part)) return 0;
        List<Integer> key = List.of(window, part);
        if (!offsets.containsKey(key)) offsets.put(key, offsets(window, part));
        return offsets.get(key)[patch];
    }

    private double[] offsets(int window, int part) throws IOException {
        int middle = batch.windowShots() * framesOfShot / 2;
        Offsets unknown = new Offsets(places.size());
        for (int a = 0; a < places.size(); a++)
            for (int b = a + 1; b < places.size(); b++) {
                Place first = places.get(a);
                Place second = places.get(b);
                int top = Math.max(first.row, second.row);
                int bottom = Math.min(first.row + first.rowWeights.length, second.row + second.rowWeights.length);
                int left = Math.max(first.column, second.column);
                int right = Math.min(
                        first.column + first.columnWeights.length, second.column + second.columnWeights.length);
                if (top >= bottom || left >= right) continue;
                double sum = 0;
                for (int z = 0; z < description.size(0); z++) {
                    float[] here = result(batch.piece(window, a)).rows(middle, part, z, top - first.row, bottom - top);
                    float[] there =
                            result(batch.piece(window, b)).rows(middle, part, z, top - second.row, bottom - top);
                    for (int y = 0; y < bottom - top; y++)
                        for (int x = left; x < right; x++)
                            sum += here[y * first.columnWeights.length + x - first.column]
                                    - there[y * second.columnWeights.length + x - second.column];
                }
                double count = (double) description.size(0) * (bottom - top) * (right - left);
                unknown.add(a, b, sum / count, count);
            }
        return unknown.solved();
    }

    @Override
    public void close() throws IOException {
        for (PieceResult result : open.values()) result.close();
    }
}
