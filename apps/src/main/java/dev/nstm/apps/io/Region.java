package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid2D;

/**
 * A part of a field, in pixels of the camera ({@code data.crop}).
 *
 * @param row first row
 * @param column first column
 * @param height rows, at least one
 * @param width columns, at least one
 */
public record Region(int row, int column, int height, int width) {
    /** @throws dev.nstm.tensor.InvalidInputException where it lies outside a field of this size */
    public Region in(int rows, int columns) {
        require(
                row >= 0
                        && column >= 0
                        && height >= 1
                        && width >= 1
                        && row <= rows - height
                        && column <= columns - width,
                "data.crop: [%d, %d, %d, %d] lies outside the field of %dx%d pixels",
                row,
                column,
                height,
                width,
                rows,
                columns);
        return this;
    }

    /** As {@code data.crop} has it. */
    public double[] setting() {
        return new double[] {row, column, height, width};
    }

    /** The part of a picture. */
    public Grid2D of(Grid2D picture) {
        in(picture.height(), picture.width());
        return picture.part(row, column, height, width);
    }

    /** Pixels. */
    long values() {
        return (long) height * width;
    }

    boolean touchesRows(int first, int count) {
        return first < row + height && first + count > row;
    }

    boolean touchesColumns(int first, int count) {
        return first < column + width && first + count > column;
    }
}
