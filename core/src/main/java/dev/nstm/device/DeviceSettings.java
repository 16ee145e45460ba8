package dev.nstm.device;

import static dev.nstm.tensor.InvalidInputException.require;

/**
 * How a device shall compute. A device uses the settings that apply to it.
 *
 * @param threads threads of the processor, at least 1; results do not depend on it
 * @param memoryLimit bytes of device memory that may be taken; {@link Long#MAX_VALUE} for all there is
 * @param tensorFloat32 whether matrix products may round their factors to 10 bits of mantissa, which is faster on a GPU
 * @param deterministic whether the same input must give the same bits every time, which is slower on a GPU
 */
public record DeviceSettings(int threads, long memoryLimit, boolean tensorFloat32, boolean deterministic) {
    public DeviceSettings {
        require(threads >= 1, "at least one thread is needed, got %d", threads);
        require(memoryLimit > 0, "the limit of the device's memory must be positive, got %d bytes", memoryLimit);
    }

    /** So many threads, and all memory; single precision throughout. */
    public static DeviceSettings of(int threads) {
        return new DeviceSettings(threads, Long.MAX_VALUE, false, false);
    }
}
