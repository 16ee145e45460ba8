package dev.nstm.device;

import dev.nstm.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** Chooses a device and tells why. */
public final class Devices {
    private Devices() {}

    /** Other devices than the CPU that this installation knows of. */
    public static List<DeviceProvider> providers() {
        List<DeviceProvider> found = new ArrayList<>();
        ServiceLoader.load(DeviceProvider.class).forEach(found::add);
        return found;
    }

    /**
     * Opens a device.
     *
     * @param name {@code cpu}, the name of a provider, or {@code auto} for the first provider that can run, else the CPU
     * @param settings how it shall compute
     * @param notice told in one line which device was passed over by {@code auto}, and why
     * @throws InvalidInputException if a device was asked for by name and cannot run, or no such device is known
     */
    public static Device open(String name, DeviceSettings settings, Consumer<String> notice) {
        if (name.equals("cpu")) return new CpuDevice(settings.threads());
        List<DeviceProvider> providers = providers();
        for (DeviceProvider provider : providers) {
            if (!name.equals("auto") && !name.equals(provider.name())) continue;
            String reason = provider.unavailableReason();
            try {
                if (reason.isEmpty()) return provider.open(settings);
            } catch (DeviceException failure) {
                reason = failure.getMessage();
            }
            if (!name.equals("auto")) throw new InvalidInputException("device " + name + " cannot run here: " + reason);
            if (!provider.absent()) notice.accept("device " + provider.name() + " passed over: " + reason);
        }
        if (name.equals("auto")) return new CpuDevice(settings.threads());
        List<String> names = providers.stream().map(DeviceProvider::name).toList();
        throw new InvalidInputException("device " + name + " is not known; known are auto, cpu" + (names.isEmpty() ? "" : ", " + String.join(", ", names)));
    }
}
