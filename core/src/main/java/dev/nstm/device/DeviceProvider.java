package dev.nstm.device;

/** Offers one kind of device; found by {@link java.util.ServiceLoader}. */
public interface DeviceProvider {
    /** Name as given to {@code --device}. */
    String name();

    /** Why this device cannot be used on this machine, in one line; empty where it can. */
    String unavailableReason();

    /** Opens the device. */
    Device open();
}
