package dev.nstm.cuda;

import dev.nstm.device.Device;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.OperationChecks;
import dev.nstm.device.PixelGrid;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * An encoded network on the GPU. What the backward pass needs of the forward pass is kept where memory allows;
 * otherwise points are processed in chunks, and the backward pass computes it again. Arrays lie {@code [row][point]}.
 */
final class CudaNetwork implements Device.PixelEvaluator {
    /** Memory that a chunk may take where not everything can be kept. */
    private static final long CHUNK_BYTES = 1L << 30;
    /** So that the fixed-point sums of a chunk's table gradients cannot overflow. */
    private static final int MOST_POINTS = 1 << 22;

    private static final int LEAST_POINTS = 1024;
    /** Rows begin where four floats can be read at once. */
    private static final int ROW_MULTIPLE = 4;

    private final Scratch scratch;
    private final NetworkLayout layout;
    private final int points;
    private final boolean trained;
    private final CudaEncoding encoding;
    private final Layers layers;
    private final int stride;
    /** What the backward pass needs of the forward pass; null where it computes it again in scratch memory. */
    private final MemorySegment kept;

    private int movedBy;

    /** @param grid null where coordinates are given point by point */
    CudaNetwork(CudaDevice device, NetworkLayout layout, int points, PixelGrid grid, boolean trained) {
        OperationChecks.points(points);
        scratch = device.scratch();
        this.layout = layout;
        this.points = points;
        this.trained = trained;
        encoding = new CudaEncoding(device, layout, points, grid);
        layers = device.layers(layout, points, trained);
        long available = device.context().available();
        boolean keeps =
                trained && points <= MOST_POINTS && 4L * points * (forwardRows() + backwardRows()) <= available / 2;
        long chunk = Math.min(CHUNK_BYTES, available / 2) / (4L * (forwardRows() + backwardRows()));
        stride = Math.ceilDiv(
                        keeps
                                ? points
                                : (int) Math.clamp(
                                        chunk, Math.min(points, LEAST_POINTS), Math.min(points, MOST_POINTS)),
                        ROW_MULTIPLE)
                * ROW_MULTIPLE;
        kept = keeps ? device.context().allocate(4L * stride * forwardRows()) : null;
        scratch.reserve(4L * stride * ((keeps ? 0 : forwardRows()) + backwardRows()) + 4);
    }

    /** Rows of the forward pass, in the order in which they lie: coordinates, features, the layers'. */
    private long forwardRows() {
        return encoding.coordinateRows() + layout.features() + layers.forwardRows();
    }

    /** Rows of the backward pass: gradients of the features, the layers'. */
    private long backwardRows() {
        return trained ? layout.features() + layers.backwardRows() : 0;
    }

    private Rows forwardMemory() {
        return new Rows(kept != null ? kept : scratch.memory(), 0, stride);
    }

    private Rows features() {
        return forwardMemory().from(encoding.coordinateRows());
    }

    private Rows layerMemory() {
        return features().from(layout.features());
    }

    private Rows backwardMemory() {
        return new Rows(scratch.memory(), 0, stride).from(kept != null ? 0 : forwardRows());
    }

    @Override
    public void moveTo(int samples) {
        movedBy = OperationChecks.movedBy(encoding.grid(), samples, points);
    }

    @Override
    public void forward(Tensor coordinates, Tensor parameters, Tensor window, Tensor output) {
        OperationChecks.network(layout, points, encoding.atPoints(), coordinates, parameters, window, output);
        for (int first = 0; first < points; first += stride) {
            int count = Math.min(stride, points - first);
            encode(coordinates, parameters, window, first, count);
            layers.forward(parameters, features(), layerMemory(), new Rows(output.data(), first, points), count);
        }
    }

    private void encode(Tensor coordinates, Tensor parameters, Tensor window, int first, int count) {
        encoding.place(coordinates, movedBy, first, count, forwardMemory());
        encoding.encode(parameters, window, features(), count);
    }

    @Override
    public void backward(
            Tensor coordinates,
            Tensor parameters,
            Tensor window,
            Tensor outputGradient,
            Tensor parameterGradient,
            Tensor coordinateGradient) {
        OperationChecks.network(layout, points, encoding.atPoints(), coordinates, parameters, window, outputGradient);
        OperationChecks.networkGradients(layout, points, encoding.atPoints(), parameterGradient, coordinateGradient);
        if (!trained) throw InvalidInputException.of("the network was prepared for evaluation only");
        for (int first = 0; first < points; first += stride) {
            int count = Math.min(stride, points - first);
            if (kept == null) {
                encode(coordinates, parameters, window, first, count);
                layers.forward(parameters, features(), layerMemory(), null, count);
            } else if (encoding.atPoints()) {
                encoding.readAt(coordinates, first);
            }
            Rows featureGradient = backwardMemory();
            layers.backward(
                    parameters,
                    features(),
                    layerMemory(),
                    new Rows(outputGradient.data(), first, points),
                    parameterGradient,
                    featureGradient,
                    featureGradient.from(layout.features()),
                    count);
            encoding.backward(parameters, window, featureGradient, parameterGradient, coordinateGradient, first, count);
        }
    }
}
