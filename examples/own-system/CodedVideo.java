import dev.nstm.autodiff.Leaf;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Coded-aperture video: during one exposure a mask moves in front of the sensor, y = sum over k of mask_k x(t_k). */
public final class CodedVideo implements ImagingSystem {
    @Override
    public String name() {
        return "coded-video";
    }

    /** img [shot, y, x] and mask [moment, y, x]; the moments of all shots are evenly spaced in time. */
    @Override
    public ForwardModel open(Recording recording, Settings settings) {
        return new Camera(recording.array("img", 3), recording.array("mask", 3), settings.number("negativeWeight", 1e-3));
    }

    private record Camera(Recording.Array img, Recording.Array mask, double negativeWeight) implements ForwardModel {
        @Override public int shots() { return img.shape()[0]; }
        @Override public int channels() { return 1; }
        @Override public double channelUnit(int channel) { return 1; }
        @Override public String channelName(int channel) { return "brightness"; }
        @Override public PixelGrid samples() { return PixelGrid.of(Shape.of(img.shape()[1], img.shape()[2])); }

        @Override public double[] moments(int shot) {
            double[] times = new double[mask.shape()[0]];
            for (int k = 0; k < times.length; k++) times[k] = time(shot * times.length + k, shots() * times.length);
            return times;
        }

        @Override public Comparison attach(Device device, Node scene, Node parameters) {
            Operations operations = new Operations(device);
            int height = img.shape()[1], width = img.shape()[2];
            List<Node> coded = new ArrayList<>();
            for (int k = 0; k < mask.shape()[0]; k++) {
                Leaf aperture = operations.constant(mask.part(k), 1, height, width);
                coded.add(operations.product(operations.slice(scene, k * height * width, 1, height, width), aperture));
            }
            Tensor target = device.allocate(1, height, width);
            List<LossTerm> loss = List.of(operations.squaredError("data", operations.sum(coded), target, 0, 1), operations.negative("negative", scene, negativeWeight));
            return new Comparison() {
                @Override public void select(int shot) { device.write(target, img.part(shot)); }
                @Override public List<LossTerm> terms() { return loss; }
            };
        }
    }

    /** The shots as if no mask had moved: all that was seen of a pixel, divided by how often it was open. */
    @Override
    public Optional<Recording.Array> conventional(Recording recording, Settings settings) {
        Recording.Array img = recording.array("img", 3), mask = recording.array("mask", 3);
        float[] seen = new float[img.part(0).length], open = new float[seen.length];
        for (int i = 0; i < mask.values().length; i++) open[i % open.length] += mask.values()[i] * img.shape()[0];
        for (int i = 0; i < img.values().length; i++) seen[i % seen.length] += img.values()[i] / Math.max(1, open[i % open.length]);
        return Optional.of(new Recording.Array(new int[] {1, img.shape()[1], img.shape()[2]}, seen));
    }

    /** A disc that crosses a field of stripes, seen in own.shots exposures of own.moments masks. */
    @Override
    public Recording simulate(Settings settings, long seed) {
        int shots = settings.whole("shots", 3, 1), moments = settings.whole("moments", 6, 1), size = settings.whole("size", 64, 16);
        SplittableRandom random = new SplittableRandom(seed);
        float[] mask = new float[moments * size * size], img = new float[shots * size * size], scene = new float[moments * img.length];
        for (int i = 0; i < mask.length; i++) mask[i] = random.nextInt(2);
        for (int i = 0; i < shots * moments * size * size; i++) {
            int pixel = i % (size * size), moment = i / (size * size);
            double y = pixel / size, x = pixel % size - 0.25 * size * time(moment, shots * moments);
            double bright = Math.hypot(y - 0.5 * size, x - 0.5 * size) < 0.2 * size ? 0.6 + 0.4 * Math.sin(0.8 * x) : 0;
            scene[i] = (float) bright;
            img[moment / moments * size * size + pixel] += (float) (bright * mask[moment % moments * size * size + pixel]);
        }
        return new Recording(Map.of("img", new Recording.Array(new int[] {shots, size, size}, img), "mask", new Recording.Array(new int[] {moments, size, size}, mask),
                "scene", new Recording.Array(new int[] {shots * moments, size, size, 1}, scene)));
    }

    private static double time(int moment, int moments) {
        return 2.0 * moment / Math.max(1, moments - 1) - 1;
    }
}
