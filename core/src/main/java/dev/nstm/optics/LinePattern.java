package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

/**
 * A grating of light: lines at an angle and a spacing.
 *
 * @param angle direction of its wave vector, radians from x towards y; the opposite angle names the same lines
 * @param lineSpacing period, in micrometres
 */
public record LinePattern(double angle, double lineSpacing) {
    public LinePattern {
        require(Double.isFinite(angle), "the angle of a pattern must be a number (radians), got %s", angle);
        require(
                lineSpacing > 0 && Double.isFinite(lineSpacing),
                "the line spacing must be positive (micrometres), got %s",
                lineSpacing);
    }

    /** Frequency along x, in cycles per micrometre. */
    public double kx() {
        return Math.cos(angle) / lineSpacing;
    }

    /** Along y. */
    public double ky() {
        return Math.sin(angle) / lineSpacing;
    }

    /** The same lines, counted the other way. */
    public LinePattern opposite() {
        return new LinePattern(angle + Math.PI, lineSpacing);
    }

    /** Lines a whole number of times as fine. */
    public LinePattern multiple(int order) {
        return new LinePattern(angle, lineSpacing / order);
    }

    /** cos(2 pi k.r + phase), r counted from the middle of the picture. */
    public Grid2D cosine(double phase, int height, int width, double pixelSize) {
        Grid2D pattern = new Grid2D(height, width);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                pattern.values()[y * width + x] = Math.cos(turn(y, x, height, width, pixelSize) + phase);
            }
        }
        return pattern;
    }

    /** 2 pi k.r at a pixel, r counted from the middle of the picture. */
    double turn(int y, int x, int height, int width, double pixelSize) {
        return turn(y - height / 2.0, x - width / 2.0, pixelSize);
    }

    /** 2 pi k.r over so many rows and columns. */
    double turn(double rows, double columns, double pixelSize) {
        return 2 * Math.PI * pixelSize * (columns * kx() + rows * ky());
    }
}
