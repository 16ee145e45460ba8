package dev.nstm.device.cpu;

import dev.nstm.device.Device;
import dev.nstm.device.DeviceProvider;
import dev.nstm.device.DeviceSettings;

/** Opens the processor, which every machine has. */
public final class CpuDeviceProvider implements DeviceProvider {
    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String unavailableReason() {
        return "";
    }

    @Override
    public Device open(DeviceSettings settings) {
        return new CpuDevice(settings.threads());
    }
}
