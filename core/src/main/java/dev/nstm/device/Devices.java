package dev.nstm.device;

import dev.nstm.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** Chooses a device and tells why. */
public final class Devices {
    /** The device that every machine has. */
    private static final String PROCESSOR = "cpu";

    private Devices() {}

    /** Other devices than the processor that this installation knows of. */
    public static List<DeviceProvider> providers() {
        return all().stream()
                .filter(provider -> !provider.name().equals(PROCESSOR))
                .toList();
    }

    private static List<DeviceProvider> all() {
        List<DeviceProvider> found = new ArrayList<>();
        ServiceLoader.load(DeviceProvider.class).forEach(found::add);
        return found;
    }

    /**
     * Opens a device.
     *
     * @param name of a provider, or {@code auto} for the first that can run, the processor last
     * @param settings how it shall compute
     * @param notice told in one line which device was passed over by {@code auto}, and why
     * @throws InvalidInputException if a device was asked for by name and cannot run, or no such device is known
     */
    public static Device open(String name, DeviceSettings settings, Consumer<String> notice) {
        boolean any = name.equals("auto");
        List<DeviceProvider> inOrder = new ArrayList<>(all());
        inOrder.sort(Comparator.comparing(provider -> provider.name().equals(PROCESSOR)));
        for (DeviceProvider provider : inOrder) {
            if (!any && !name.equals(provider.name())) continue;
            String reason = provider.unavailableReason();
            try {
                if (reason.isEmpty()) return provider.open(settings);
            } catch (DeviceException failure) {
                reason = failure.getMessage();
            }
            if (!any) throw new InvalidInputException("device " + name + " cannot run here: " + reason);
            if (!provider.absent()) notice.accept("device " + provider.name() + " passed over: " + reason);
        }
        throw InvalidInputException.of(
                "device %s is not known; known are auto, %s",
                name,
                String.join(
                        ", ",
                        inOrder.reversed().stream().map(DeviceProvider::name).toList()));
    }
}
