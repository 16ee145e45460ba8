package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a large field into overlapping patches that are reconstructed one by one.
 *
 * @param field samples of the whole along each axis
 * @param patch samples of a patch along each axis
 * @param overlap samples that neighbours share at least
 * @param starts first sample of every patch, last axis fastest
 */
public record PatchPlan(int[] field, int[] patch, int overlap, List<int[]> starts) {

    /** Patches a step of patch - overlap apart; the last along an axis ends with the field. */
    public static PatchPlan of(int[] field, int[] patch, int overlap) {
        require(
                field.length == patch.length,
                "field and patch need the same axes, got %s and %s",
                Arrays.toString(field),
                Arrays.toString(patch));
        require(overlap >= 0, "the overlap cannot be negative, got %d", overlap);
        List<int[]> starts = new ArrayList<>(List.of(new int[0]));
        for (int axis = 0; axis < field.length; axis++) {
            require(
                    patch[axis] >= 1 && patch[axis] <= field[axis],
                    "a patch of %s does not fit the field of %s",
                    Arrays.toString(patch),
                    Arrays.toString(field));
            require(
                    patch[axis] > overlap || patch[axis] == field[axis],
                    "patches of %s cannot overlap by %d samples",
                    Arrays.toString(patch),
                    overlap);
            List<int[]> longer = new ArrayList<>();
            for (int[] start : starts) {
                for (int first : starts(field[axis], patch[axis], overlap)) {
                    int[] next = Arrays.copyOf(start, axis + 1);
                    next[axis] = first;
                    longer.add(next);
                }
            }
            starts = longer;
        }
        return new PatchPlan(field.clone(), patch.clone(), overlap, List.copyOf(starts));
    }

    private static int[] starts(int field, int patch, int overlap) {
        if (field == patch) return new int[1];
        int step = patch - overlap;
        int count = (field - overlap + step - 1) / step;
        int[] starts = new int[count];
        for (int i = 0; i < count; i++) starts[i] = i == count - 1 ? field - patch : i * step;
        return starts;
    }
}
