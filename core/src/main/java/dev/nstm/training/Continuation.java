package dev.nstm.training;

import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.field.FieldSpec;
import dev.nstm.tensor.InvalidInputException;

/**
 * The start of a training whose shots were taken somewhat later than those of another: its scene as it was found, its
 * motion moved on in time, both with the moments of their gradients, without which the first steps would undo what was
 * found. The features of the motion's grids are linear between their vertices along time; those of the later training's
 * vertices are read off these lines, which go on for another cell beyond the last vertex and stay there. Where one
 * table entry serves several vertices it gets their mean. A motion network that sees the time itself in place of a grid
 * over it is taken as it was.
 */
public final class Continuation {
    private Continuation() {}

    /**
     * @param begun state of the later training before its first step
     * @param ended state of the earlier training, of the same networks
     * @param field of both
     * @param later time of the earlier training at the later one's time 0
     */
    public static TrainingState of(TrainingState begun, TrainingState ended, FieldSpec field, double later) {
        InvalidInputException.require(
                begun.object().parameters().length == ended.object().parameters().length
                        && begun.motion().parameters().length == ended.motion().parameters().length,
                "the networks of the window before are of another size");
        float[] motion = ended.motion().parameters().clone();
        NetworkLayout layout = field.motion();
        for (int i = 0; i < layout.encodings().size(); i++)
            if (layout.encodings().get(i) instanceof Encoding.HashGrid grid
                    && grid.firstAxis() + grid.axes() == layout.axes())
                for (int level = 0; level < grid.levels(); level++)
                    moveOn(grid, level, ended.motion().parameters(), motion, layout.tableOffset(i, level), later);
        return new TrainingState(
                begun.fingerprint(),
                0,
                0,
                with(begun.object(), ended.object(), ended.object().parameters()),
                with(begun.motion(), ended.motion(), motion),
                begun.instrument(),
                new double[0]);
    }

    private static GroupState with(GroupState begun, GroupState ended, float[] parameters) {
        return new GroupState(
                ended.updates(), parameters, ended.firstMoment(), ended.secondMoment(), begun.pendingGradient());
    }

    /** @param table first parameter of the level */
    private static void moveOn(
            Encoding.HashGrid grid, int level, float[] before, float[] after, int table, double later) {
        int[] cells = grid.resolutions()[level];
        int[] multipliers = grid.multipliers(level);
        int entries = grid.entries(level);
        int features = grid.features();
        int time = cells.length - 1;
        double[] sums = new double[entries * features];
        int[] vertices = new int[entries];
        int places = 1;
        for (int axis = 0; axis < time; axis++) places = Math.multiplyExact(places, cells[axis] + 1);
        double cell = grid.cell(level, grid.axes() - 1);
        for (int place = 0; place < places; place++) {
            int index = 0;
            for (int axis = time - 1, rest = place; axis >= 0; rest /= cells[axis--] + 1)
                index ^= rest % (cells[axis] + 1) * multipliers[axis];
            for (int vertex = 0; vertex <= cells[time]; vertex++) {
                double at = Math.min(vertex + later / cell, cells[time] + 1);
                int low = Math.clamp((int) Math.floor(at), 0, cells[time] - 1);
                int entry = (index ^ vertex * multipliers[time]) & entries - 1;
                int lower = (index ^ low * multipliers[time]) & entries - 1;
                int upper = (index ^ (low + 1) * multipliers[time]) & entries - 1;
                for (int f = 0; f < features; f++) {
                    double below = before[table + lower * features + f];
                    sums[entry * features + f] += below + (at - low) * (before[table + upper * features + f] - below);
                }
                vertices[entry]++;
            }
        }
        for (int entry = 0; entry < entries; entry++)
            for (int f = 0; vertices[entry] > 0 && f < features; f++)
                after[table + entry * features + f] = (float) (sums[entry * features + f] / vertices[entry]);
    }
}
