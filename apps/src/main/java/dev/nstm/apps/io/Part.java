package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.Optional;

/**
 * What is read of an array of pictures.
 *
 * @param first index along the first axis, from 0
 * @param count along the first axis; all from the first on where it is 0
 * @param region of rows and columns, the last two axes; all of them where empty
 */
public record Part(int first, int count, Optional<Region> region) {
    public static final Part ALL = new Part(0, 0, Optional.empty());

    /**
     * Extents of the part.
     *
     * @param where file and array, for messages
     */
    int[] of(int[] extents, String where) {
        if (equals(ALL)) return extents;
        int axes = extents.length;
        require(axes >= 3, "%s has %d axes; a stack of pictures is expected", where, axes);
        require(
                first + count <= extents[0],
                "%s holds %d pictures or times; %d to %d are wanted",
                where,
                extents[0],
                first + 1,
                first + count);
        int[] part = extents.clone();
        part[0] = count == 0 ? extents[0] - first : count;
        region.map(inside -> inside.in(extents[axes - 2], extents[axes - 1])).ifPresent(inside -> {
            part[axes - 2] = inside.height();
            part[axes - 1] = inside.width();
        });
        return part;
    }

    /** Where an element of the whole goes, row-major; -1 where it is not wanted. */
    int place(int index, int[] extents, int[] part) {
        if (extents == part) return index;
        int axes = extents.length;
        int height = extents[axes - 2];
        int width = extents[axes - 1];
        int column = index % width - region.map(Region::column).orElse(0);
        int row = index / width % height - region.map(Region::row).orElse(0);
        int picture = index / width / height;
        int before = 1;
        for (int axis = 1; axis < axes - 2; axis++) before *= extents[axis];
        picture -= first * before;
        boolean wanted = column >= 0
                && column < part[axes - 1]
                && row >= 0
                && row < part[axes - 2]
                && picture >= 0
                && picture < part[0] * before;
        return wanted ? (picture * part[axes - 2] + row) * part[axes - 1] + column : -1;
    }
}
