package dev.nstm.device;

import java.util.List;

/** Offers one kind of device; found by {@link java.util.ServiceLoader}. */
public interface DeviceProvider {
    /** Name as given to {@code --device}. */
    String name();

    /** Why this device cannot be used on this machine, in one line; empty where it can. */
    String unavailableReason();

    /**
     * Whether this machine shows no sign of having such a device: then nobody expects it, and it is not mentioned
     * unless it is asked for.
     */
    default boolean absent() {
        return false;
    }

    /** What this machine has for the device and where, a line each, for people who wonder why it cannot be used. */
    default List<String> facts() {
        return List.of();
    }

    /**
     * Opens the device.
     *
     * @throws DeviceException if it fails
     */
    Device open(DeviceSettings settings);
}
