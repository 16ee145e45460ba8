package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.List;

/**
 * The geometry of a lensless camera: a scene in the middle of its view, seen through a diffuser whose point-spread
 * function is as large as the sensor. What reaches the sensor is free of wrapping where the transform is at least as
 * large as the sensor and half the scene.
 *
 * @param pointSpread one per colour, {@code [row][column]}, the size of the sensor
 * @param sceneHeight rows of the scene, in pixels of the sensor
 * @param sceneWidth columns of the scene
 * @param transform size of the transforms, rows and columns
 */
public record Diffuser(List<Grid2D> pointSpread, int sceneHeight, int sceneWidth, int[] transform) {
    /**
     * With the smallest transforms that are fast and do not wrap.
     *
     * @param field share of the sensor's rows and columns that the scene has: 1/2 as published
     */
    public static Diffuser of(List<Grid2D> pointSpread, double field) {
        Grid2D first = pointSpread.getFirst();
        int height = (int) (field * first.height());
        int width = (int) (field * first.width());
        require(
                field > 0 && field <= 1 && height >= 2 && width >= 2,
                "a share of %s of a sensor of %s leaves no scene",
                field,
                first.size());
        return new Diffuser(List.copyOf(pointSpread), height, width, new int[] {
            fast(extent(first.height(), height)), fast(extent(first.width(), width))
        });
    }

    public Diffuser {
        require(!pointSpread.isEmpty(), "a point-spread function is needed");
        for (Grid2D colour : pointSpread) {
            require(
                    colour.height() == pointSpread.getFirst().height()
                            && colour.width() == pointSpread.getFirst().width(),
                    "the colours of the point-spread function have different sizes, %s and %s",
                    colour.size(),
                    pointSpread.getFirst().size());
        }
    }

    /** Smallest transform in which the first sample of the scene's shadow, wrapped round, lies beyond the sensor. */
    private static int extent(int sensor, int scene) {
        return sensor + (sensor + 1) / 2 - (sensor - scene) / 2;
    }

    /** Smallest even size from {@code least} on without prime factors above 5. */
    private static int fast(int least) {
        for (int size = least + least % 2; ; size += 2) {
            int rest = size;
            for (int factor : new int[] {2, 3, 5}) while (rest % factor == 0) rest /= factor;
            if (rest == 1) return size;
        }
    }

    /**
     * The camera whose pixels are averages of {@code factor} x {@code factor} of this one's, and whose scene is as
     * large. A scene that is even over each of the larger pixels is seen exactly as here, where the point-spread
     * function is dark at its border: the lags between two of them are as many as a triangle says.
     */
    public Diffuser downsampled(int factor) {
        int[] origin = sceneOrigin();
        int height = height() / factor;
        int width = width() / factor;
        int sceneHeight = height - 2 * (origin[0] / factor);
        int sceneWidth = width - 2 * (origin[1] / factor);
        return new Diffuser(
                pointSpread.stream()
                        .map(colour -> lagged(colour, height, width, factor))
                        .toList(),
                sceneHeight,
                sceneWidth,
                new int[] {fast(extent(height, sceneHeight)), fast(extent(width, sceneWidth))});
    }

    private static Grid2D lagged(Grid2D psf, int height, int width, int factor) {
        Grid2D lagged = new Grid2D(height, width);
        int row = (psf.height() + 1) / 2 - factor * ((height + 1) / 2);
        int column = (psf.width() + 1) / 2 - factor * ((width + 1) / 2);
        for (int i = 0; i < lagged.values().length; i++) {
            double sum = 0;
            for (int dy = 1 - factor; dy < factor; dy++) {
                int y = row + factor * (i / width) + dy;
                if (y < 0 || y >= psf.height()) continue;
                for (int dx = 1 - factor; dx < factor; dx++) {
                    int x = column + factor * (i % width) + dx;
                    if (x < 0 || x >= psf.width()) continue;
                    sum += (factor - Math.abs(dy)) * (factor - Math.abs(dx)) * psf.get(y, x);
                }
            }
            lagged.values()[i] = sum / (factor * factor);
        }
        return lagged;
    }

    public int height() {
        return pointSpread.getFirst().height();
    }

    public int width() {
        return pointSpread.getFirst().width();
    }

    public int colours() {
        return pointSpread.size();
    }

    /** Where the scene lies within the transform, whose first row and column are the sensor's. */
    public int[] sceneOrigin() {
        return new int[] {(height() - sceneHeight) / 2, (width() - sceneWidth) / 2};
    }

    /**
     * Transfer function of a colour: the point-spread function's middle ((n + 1) / 2 for n samples) moves to sample 0.
     */
    public ComplexGrid transfer(int colour) {
        Grid2D psf = pointSpread.get(colour);
        ComplexGrid placed = new ComplexGrid(transform[0], transform[1]);
        for (int i = 0; i < psf.values().length; i++) {
            int row = Math.floorMod(i / width() - (height() + 1) / 2, transform[0]);
            int column = Math.floorMod(i % width() - (width() + 1) / 2, transform[1]);
            placed.re()[row * transform[1] + column] = psf.values()[i];
        }
        return Fourier.forward(placed);
    }

    /** What the sensor sees of a scene of one colour under a shutter that is open throughout. */
    public Grid2D image(Grid2D scene, ComplexGrid transfer) {
        ComplexGrid view = new ComplexGrid(transform[0], transform[1]);
        int[] origin = sceneOrigin();
        for (int y = 0; y < scene.height(); y++)
            System.arraycopy(
                    scene.values(),
                    y * scene.width(),
                    view.re(),
                    (y + origin[0]) * transform[1] + origin[1],
                    scene.width());
        return cropped(Fourier.inverse(product(Fourier.forward(view), transfer, false)), new int[2], height(), width());
    }

    /** The adjoint of {@link #image}. */
    public Grid2D adjoint(Grid2D image, ComplexGrid transfer) {
        ComplexGrid view = new ComplexGrid(transform[0], transform[1]);
        for (int y = 0; y < height(); y++)
            System.arraycopy(image.values(), y * width(), view.re(), y * transform[1], width());
        return cropped(
                Fourier.inverse(product(Fourier.forward(view), transfer, true)),
                sceneOrigin(),
                sceneHeight,
                sceneWidth);
    }

    private static ComplexGrid product(ComplexGrid x, ComplexGrid h, boolean conjugate) {
        double sign = conjugate ? -1 : 1;
        for (int i = 0; i < x.re().length; i++) {
            double re = x.re()[i] * h.re()[i] - sign * x.im()[i] * h.im()[i];
            x.im()[i] = x.im()[i] * h.re()[i] + sign * x.re()[i] * h.im()[i];
            x.re()[i] = re;
        }
        return x;
    }

    private static Grid2D cropped(ComplexGrid view, int[] first, int height, int width) {
        Grid2D part = new Grid2D(height, width);
        for (int y = 0; y < height; y++)
            System.arraycopy(view.re(), (y + first[0]) * view.width() + first[1], part.values(), y * width, width);
        return part;
    }
}
