package dev.nstm.device;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nstm.device.cpu.CpuDevice;

/** The device that the tests run on: the processor or what the system property {@code nstm.test.device} names. */
public final class TestDevice {
    private TestDevice() {}

    /** Where the device that was asked for cannot run, the test is skipped and says why. */
    public static Device open() {
        String name = System.getProperty("nstm.test.device", "cpu");
        if (name.equals("cpu")) return new CpuDevice(2);
        for (DeviceProvider provider : Devices.providers()) {
            if (!provider.name().equals(name)) continue;
            assumeTrue(provider.unavailableReason().isEmpty(), provider::unavailableReason);
            return provider.open(DeviceSettings.of(2));
        }
        return fail("no device is called " + name);
    }
}
