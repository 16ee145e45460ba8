package dev.nstm.cuda;

import dev.nstm.device.Device;
import dev.nstm.device.DeviceProvider;
import dev.nstm.tensor.InvalidInputException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;

/** Tells whether this machine has an NVIDIA driver. This version has no CUDA device yet, and says so. */
public final class CudaDeviceProvider implements DeviceProvider {
    private static final String[] DRIVERS = {"libcuda.so.1", "nvcuda.dll"};

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public String unavailableReason() {
        return driverPresent() ? "an NVIDIA driver is installed, but this version of nstm computes on the processor only"
                : "no NVIDIA driver is installed (" + String.join(" or ", DRIVERS) + " not found)";
    }

    private static boolean driverPresent() {
        for (String driver : DRIVERS) {
            try (Arena arena = Arena.ofConfined()) {
                SymbolLookup.libraryLookup(driver, arena);
                return true;
            } catch (IllegalArgumentException notFound) {
                // The next name may be this system's.
            }
        }
        return false;
    }

    @Override
    public Device open() {
        throw new InvalidInputException(unavailableReason());
    }
}
