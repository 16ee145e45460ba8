package dev.nstm.apps.sim;

import dev.nstm.tensor.Sizes;
import java.util.List;
import java.util.stream.IntStream;

/** In which order images stand in a list: time point by time point, direction by direction, phase by phase. */
record ShotOrder(int timePoints, int directions, int phases) {
    /** Images of one time point. */
    int perTimePoint() {
        return Sizes.product("images of a time point", directions, phases);
    }

    /** Images of all. */
    int count() {
        return Sizes.product("images", timePoints, perTimePoint());
    }

    int index(int timePoint, int direction, int phase) {
        return (timePoint * directions + direction) * phases + phase;
    }

    int timePoint(int image) {
        return image / perTimePoint();
    }

    int direction(int image) {
        return image / phases % directions;
    }

    int phase(int image) {
        return image % phases;
    }

    /** Those of a time point. */
    <T> List<T> at(int timePoint, List<T> images) {
        return images.subList(timePoint * perTimePoint(), (timePoint + 1) * perTimePoint());
    }

    /** Those of a time point, {@code [direction][phase]}. */
    <T> List<List<T>> byDirection(int timePoint, List<T> images) {
        List<T> taken = at(timePoint, images);
        return IntStream.range(0, directions)
                .mapToObj(direction -> taken.subList(direction * phases, (direction + 1) * phases))
                .toList();
    }
}
