package dev.nstm.apps.movie;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.NpyContent;
import dev.nstm.apps.report.Clock;
import dev.nstm.apps.report.LazyList;
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.Sizes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A scene and its motion at several times. Frames are made when they are asked for, by {@link TrainedScene} or whoever
 * has them.
 *
 * @param axes in space, outermost first: rows and columns of pictures, or planes, rows and columns of volumes
 * @param channels of the scene
 * @param look how the channels are shown
 * @param times in [-1, 1]
 * @param clock what the times are in the data, where that is known
 * @param notes arrays that go with the movie into an archive, in order
 * @param frames at the times
 */
public record Movie(
        List<Axis> axes,
        List<Channel> channels,
        Look look,
        double[] times,
        Optional<Clock> clock,
        Map<String, NpyContent> notes,
        Frames frames)
        implements AutoCloseable {
    /** What stands for the motion among channels. */
    private static final String MOTION = "motion";

    /** Channels are pictures of their own in shades of grey, or the colours of one picture. */
    public enum Look {
        GREY,
        COLOURS
    }

    /** A note of a movie that was read from an archive. */
    public Optional<NpyArray> note(String name) {
        return notes.get(name) instanceof NpyArray known ? Optional.of(known) : Optional.empty();
    }

    /** Whether the movie shows volumes, be they of one plane. */
    public boolean volumes() {
        return axes.size() == 3;
    }

    public int depth() {
        return volumes() ? axes.getFirst().size() : 1;
    }

    public int height() {
        return axes.get(axes.size() - 2).size();
    }

    public int width() {
        return axes.getLast().size();
    }

    /** Size of a pixel along rows and columns. */
    public Axis pixel() {
        return axes.getLast();
    }

    /** Samples of a channel at one time. */
    public int samples() {
        return Sizes.product("a volume", depth(), height(), width());
    }

    /** A channel at a time. */
    public float[] scene(int time, int channel) {
        return frames.scene(time, channel, 0, samples());
    }

    /** A plane of a channel at a time. */
    public float[] plane(int time, int channel, int z) {
        int plane = height() * width();
        return frames.scene(time, channel, z * plane, plane);
    }

    /** A plane of the displacement along an axis at a time, in the unit of that axis. */
    public float[] displacement(int time, int axis, int z) {
        int plane = height() * width();
        float spacing =
                (float) axes.get(axes.size() - frames.motionAxes() + axis).spacing();
        float[] motion = frames.motion(time, axis, z * plane, plane);
        for (int i = 0; i < plane; i++) motion[i] *= spacing;
        return motion;
    }

    /** A channel at a time; of volumes the first plane. */
    public Grid2D picture(int time, int channel) {
        return Grid2D.of(height(), width(), frames.scene(time, channel, 0, height() * width()));
    }

    /** Displacement at a time, {@code [axis][sample]}; no axes where no motion is known. */
    public float[][] motion(int time) {
        return IntStream.range(0, frames.motionAxes())
                .mapToObj(axis -> frames.motion(time, axis, 0, samples()))
                .toArray(float[][]::new);
    }

    /** Displacement along rows (0) or columns (1) in the middle plane. */
    public float[] lateralMotion(int time, int axis) {
        int plane = height() * width();
        return frames.motion(time, frames.motionAxes() - 2 + axis, depth() / 2 * plane, plane);
    }

    /** A channel at every time. */
    public List<float[]> channel(int channel) {
        return new LazyList<>(times.length, time -> scene(time, channel));
    }

    /** Every channel at every time: time after time, in each channel after channel. */
    public List<float[]> pictures() {
        int count = channels.size();
        return new LazyList<>(
                Sizes.product("pictures of a movie", times.length, count), i -> scene(i / count, i % count));
    }

    /** The planes of a channel, time after time. */
    public List<float[]> planes(int channel) {
        return new LazyList<>(
                Sizes.product("planes of a movie", times.length, depth()),
                i -> plane(i / depth(), channel, i % depth()));
    }

    /** A channel's largest value over the planes at every time. */
    public List<float[]> projections(int channel) {
        return depth() == 1 ? channel(channel) : new LazyList<>(times.length, time -> projection(time, channel));
    }

    private float[] projection(int time, int channel) {
        int plane = height() * width();
        float[] brightest = frames.scene(time, channel, 0, plane);
        for (int z = 1; z < depth(); z++) {
            float[] values = frames.scene(time, channel, z * plane, plane);
            for (int i = 0; i < plane; i++) brightest[i] = Math.max(brightest[i], values[i]);
        }
        return brightest;
    }

    /** The same with further notes. */
    public Movie with(Map<String, NpyContent> more) {
        Map<String, NpyContent> all = new LinkedHashMap<>(notes);
        all.putAll(more);
        return new Movie(axes, channels, look, times, clock, all, frames);
    }

    /** Another scene with the same axes and channels, such as its truth. */
    public Movie like(double[] otherTimes, Frames other) {
        return new Movie(axes, channels, look, otherTimes, clock, Map.of(), other);
    }

    /** The frames of some times, in that order; they are still this movie's. */
    public Movie only(int... kept) {
        return new Movie(
                axes,
                channels,
                look,
                Arrays.stream(kept).mapToDouble(i -> times[i]).toArray(),
                clock,
                notes,
                new ChosenFrames(frames, kept, allOf(channels), frames.motionAxes()));
    }

    private static int[] allOf(List<Channel> channels) {
        return IntStream.range(0, channels.size()).toArray();
    }

    /**
     * Some of the channels, in the order of this movie.
     *
     * @param names of channels, or of their labels in files; {@code motion} keeps the motion, which is left out
     *     otherwise
     * @throws dev.nstm.tensor.InvalidInputException where there is no such channel
     */
    public Movie ofChannels(List<String> names) {
        List<String> known = Stream.concat(channels.stream().map(Channel::name), Stream.of(MOTION))
                .toList();
        for (String name : names)
            require(
                    known.contains(name)
                            || channels.stream()
                                    .anyMatch(channel -> channel.label().equals(name)),
                    "there is no channel \"%s\"; there are %s",
                    name,
                    String.join(", ", known));
        int[] kept = IntStream.range(0, channels.size())
                .filter(i -> names.contains(channels.get(i).name())
                        || names.contains(channels.get(i).label()))
                .toArray();
        require(
                kept.length > 0,
                "name a channel of the scene too: %s",
                String.join(", ", known.subList(0, channels.size())));
        List<Channel> shown = IntStream.of(kept).mapToObj(channels::get).toList();
        return new Movie(
                axes,
                shown,
                shown.size() == channels.size() ? look : Look.GREY,
                times,
                clock,
                notes,
                new ChosenFrames(
                        frames,
                        IntStream.range(0, times.length).toArray(),
                        kept,
                        names.contains(MOTION) ? frames.motionAxes() : 0));
    }

    /** Every so many-th time, beginning with the first. */
    public Movie every(int step) {
        return only(IntStream.iterate(0, i -> i < times.length, i -> i + step).toArray());
    }

    @Override
    public void close() {
        frames.close();
    }
}
