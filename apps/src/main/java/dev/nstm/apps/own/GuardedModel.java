package dev.nstm.apps.own;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.autodiff.LossTerm;
import dev.nstm.autodiff.Node;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.imaging.ForwardModel;
import dev.nstm.tensor.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A user's forward model whose failures name the system and their cause in one line. */
final class GuardedModel implements ForwardModel {
    private final String name;
    private final ForwardModel model;

    GuardedModel(String name, ForwardModel model) {
        this.name = name;
        this.model = model;
        require(model != null, "the system %s opened nothing", name);
        require(shots() >= 1, "the system %s has no shots", name);
        int moments = moments(0).length;
        for (int shot = 0; shot < shots(); shot++) {
            double[] times = moments(shot);
            require(
                    times.length == moments && moments >= 1,
                    "the system %s: shot %d sees %d moments but shot 1 sees %d",
                    name,
                    shot + 1,
                    times.length,
                    moments);
            int number = shot;
            require(
                    guarded(name, () -> model.shift(number)) == 0,
                    "the system %s moves its grid for shot %d, which scenes of rows and columns cannot",
                    name,
                    shot + 1);
            for (double time : times)
                require(
                        time >= -1 && time <= 1,
                        "the system %s: shot %d sees the time %s; times lie in [-1, 1]",
                        name,
                        shot + 1,
                        time);
        }
        require(
                channels() >= 1 && channels() <= 64,
                "the system %s has %d channels; 1 to 64 are possible",
                name,
                channels());
        List<String> names =
                IntStream.range(0, channels()).mapToObj(this::channelName).toList();
        require(
                names.stream().allMatch(channel -> channel != null && !channel.isBlank())
                        && names.stream().distinct().count() == names.size(),
                "the system %s calls its channels %s; each needs a name of its own",
                name,
                names);
        PixelGrid samples = samples();
        require(
                samples != null && samples.axes() == 2,
                "the system %s has scenes of %s; rows and columns are expected",
                name,
                samples == null ? "nothing" : samples.extents());
        for (int axis = 0; axis < 2; axis++) {
            require(
                    samples.origin()[axis] == 0 && samples.spacing()[axis] == 1,
                    "the system %s has a scene that begins at %s in steps of %s; its samples are the pixels from 0 on (PixelGrid.of)",
                    name,
                    samples.origin()[axis],
                    samples.spacing()[axis]);
        }
    }

    /** Runs what the user wrote. */
    static <T> T guarded(String name, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException | LinkageError failure) {
            throw new InvalidInputException("the system " + name + " failed: " + Plugins.cause(failure), failure);
        }
    }

    @Override
    public int shots() {
        return guarded(name, model::shots);
    }

    @Override
    public double[] moments(int shot) {
        return guarded(name, () -> model.moments(shot));
    }

    @Override
    public int channels() {
        return guarded(name, model::channels);
    }

    @Override
    public String channelName(int channel) {
        return guarded(name, () -> model.channelName(channel));
    }

    @Override
    public double channelUnit(int channel) {
        return guarded(name, () -> model.channelUnit(channel));
    }

    @Override
    public PixelGrid samples() {
        return guarded(name, model::samples);
    }

    @Override
    public int shift(int shot) {
        return guarded(name, () -> model.shift(shot));
    }

    @Override
    public boolean showsAllAtOnce() {
        return guarded(name, model::showsAllAtOnce);
    }

    @Override
    public Optional<ForwardModel> reduced(int factor) {
        Optional<ForwardModel> reduced = guarded(name, () -> model.reduced(factor));
        require(reduced != null, "the system %s reduced its pictures to nothing", name);
        return reduced.map(smaller -> new GuardedModel(name, smaller));
    }

    @Override
    public ForwardModel plain() {
        ForwardModel plain = guarded(name, model::plain);
        require(plain != null, "the system %s has no plain measurement", name);
        return new GuardedModel(name, plain);
    }

    @Override
    public Optional<Split> split(double share, long seed) {
        Optional<Split> split = guarded(name, () -> model.split(share, seed));
        require(split != null, "the system %s split its pixels into nothing", name);
        return split.map(
                parts -> new Split(new GuardedModel(name, parts.learned()), new GuardedModel(name, parts.heldOut())));
    }

    @Override
    public float[] parameters() {
        return guarded(name, model::parameters);
    }

    @Override
    public Comparison attach(Device device, Node scene, Node parameters) {
        Comparison comparison = guarded(name, () -> model.attach(device, scene, parameters));
        require(comparison != null, "the system %s attached nothing", name);
        List<LossTerm> terms = guarded(name, comparison::terms);
        require(terms != null && !terms.isEmpty(), "the system %s has no loss", name);
        return new Comparison() {
            @Override
            public void progress(double done) {
                guarded(name, () -> {
                    comparison.progress(done);
                    return null;
                });
            }

            @Override
            public void select(int shot) {
                guarded(name, () -> {
                    comparison.select(shot);
                    return null;
                });
            }

            @Override
            public OptionalInt variant() {
                return guarded(name, comparison::variant);
            }

            @Override
            public List<LossTerm> terms() {
                return terms;
            }

            @Override
            public Optional<Residual> residual() {
                return guarded(name, comparison::residual);
            }
        };
    }
}
