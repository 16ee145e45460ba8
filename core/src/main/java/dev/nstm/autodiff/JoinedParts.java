package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import dev.nstm.tensor.ElementType;
import java.util.Objects;
import java.util.stream.Stream;

/** Complex values from real and imaginary parts. */
final class JoinedParts extends Node {
    private final Device device;
    private final Node[] parts;

    JoinedParts(Device device, Node re, Node im) {
        super(
                device,
                ElementType.COMPLEX64,
                shape(re, im),
                Stream.of(re, im).filter(Objects::nonNull).toArray(Node[]::new));
        require(
                re == null || im == null || re.value().count() == im.value().count(),
                "the real and imaginary parts have different shapes");
        this.device = device;
        parts = new Node[] {re, im};
    }

    private static int[] shape(Node re, Node im) {
        require(re != null || im != null, "a complex value needs a real or an imaginary part");
        return (re == null ? im : re).value().shape().extents();
    }

    @Override
    protected void forward() {
        for (int part = 0; part < 2; part++)
            if (parts[part] != null)
                device.copyStrided(parts[part].value(), 0, 1, value(), part, 2, value().count(), false);
    }

    @Override
    protected void backward() {
        for (int part = 0; part < 2; part++) {
            if (parts[part] != null && parts[part].gradient() != null)
                device.copyStrided(gradient(), part, 2, parts[part].gradient(), 0, 1, value().count(), true);
        }
    }
}
