package dev.nstm.apps.own;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nstm.autodiff.LossTerm;
import dev.nstm.autodiff.Node;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.imaging.ForwardModel;
import dev.nstm.tensor.Shape;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What stands before a model passes on all that the model can say; what it leaves out would silently be the default.
 */
class WrappersTest {
    /** Follows from what is passed on. */
    private static final Set<String> DERIVED = Set.of("grid");

    private static List<String> leftOut(Class<?> contract, Class<?> wrapper) {
        List<String> missing = new ArrayList<>();
        for (Method method : contract.getMethods()) {
            if (!method.isDefault() || DERIVED.contains(method.getName())) continue;
            try {
                wrapper.getDeclaredMethod(method.getName(), method.getParameterTypes());
            } catch (NoSuchMethodException absent) {
                missing.add(wrapper.getName() + " leaves out " + method.getName());
            }
        }
        return missing;
    }

    @Test
    void everyMethodWithADefaultIsPassedOn() throws ClassNotFoundException {
        assertEquals(List.of(), leftOut(ForwardModel.class, GuardedModel.class));
        assertEquals(
                List.of(), leftOut(ForwardModel.class, Class.forName("dev.nstm.apps.command.BenchCommand$FirstShots")));
        ForwardModel.Comparison guarded = new GuardedModel("stub", new Stub()).attach(null, null, null);
        assertEquals(List.of(), leftOut(ForwardModel.Comparison.class, guarded.getClass()));
    }

    private record Stub() implements ForwardModel {
        @Override
        public int shots() {
            return 1;
        }

        @Override
        public double[] moments(int shot) {
            return new double[1];
        }

        @Override
        public int channels() {
            return 1;
        }

        @Override
        public double channelUnit(int channel) {
            return 1;
        }

        @Override
        public PixelGrid samples() {
            return PixelGrid.of(Shape.of(8, 8));
        }

        @Override
        public Comparison attach(Device device, Node scene, Node parameters) {
            return new Comparison() {
                @Override
                public void select(int shot) {}

                @Override
                public List<LossTerm> terms() {
                    return Collections.singletonList(null);
                }
            };
        }
    }
}
