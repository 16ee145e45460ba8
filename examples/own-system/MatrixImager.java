import dev.nstm.autodiff.LinearMap;
import dev.nstm.autodiff.LossTerm;
import dev.nstm.autodiff.Node;
import dev.nstm.autodiff.Operations;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.imaging.ForwardModel;
import dev.nstm.imaging.ImagingSystem;
import dev.nstm.imaging.Recording;
import dev.nstm.imaging.Settings;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The imager of the published guide: every shot is the scene times one known matrix, y = W x. */
public final class MatrixImager implements ImagingSystem {
    @Override
    public String name() {
        return "matrix-imager";
    }

    /** y [shot, value] and W [value, pixel] of a square scene. */
    @Override
    public ForwardModel open(Recording recording, Settings settings) {
        return new Imager(recording.array("y", 2), recording.array("W", 2));
    }

    private record Imager(Recording.Array y, Recording.Array w) implements ForwardModel {
        @Override public int shots() { return y.shape()[0]; }
        @Override public double[] moments(int shot) { return new double[] {2.0 * shot / Math.max(1, shots() - 1) - 1}; }
        @Override public int channels() { return 1; }
        @Override public double channelUnit(int channel) { return 1; }
        @Override public PixelGrid samples() { return PixelGrid.of(Shape.of(side(), side())); }

        private int side() {
            return (int) Math.sqrt(w.shape()[1]);
        }

        @Override public Comparison attach(Device device, Node scene, Node parameters) {
            Operations operations = new Operations(device);
            Tensor target = device.allocate(1, 1, w.shape()[0]);
            Node seen = operations.linear("W", LinearMap.ofMatrix(w.shape()[0], w.shape()[1], w.values()), scene, 1, 1, w.shape()[0]);
            List<LossTerm> loss = List.of(operations.squaredError("data", seen, target, 0, 1));
            return new Comparison() {
                @Override public void select(int shot) { device.write(target, y.part(shot)); }
                @Override public List<LossTerm> terms() { return loss; }
            };
        }
    }

    /** A square that moves to the right, seen through a random matrix. */
    @Override
    public Recording simulate(Settings settings, long seed) {
        int shots = settings.whole("shots", 4, 1), size = settings.whole("size", 24, 16), values = size * size;
        SplittableRandom random = new SplittableRandom(seed);
        float[] w = new float[values * size * size], y = new float[shots * values], x = new float[size * size];
        for (int i = 0; i < w.length; i++) w[i] = (float) (random.nextGaussian() / size);
        for (int shot = 0; shot < shots; shot++) {
            for (int i = 0; i < x.length; i++) x[i] = Math.abs(i / size - size / 2) < size / 6 && Math.abs(i % size - size / 3 - 2 * shot) < size / 6 ? 1 : 0;
            float[] seen = new float[values];
            LinearMap.ofMatrix(values, size * size, w).apply(x, seen);
            System.arraycopy(seen, 0, y, shot * values, values);
        }
        return new Recording(Map.of("y", new Recording.Array(new int[] {shots, values}, y), "W", new Recording.Array(new int[] {values, size * size}, w)));
    }
}
