/** The library: everything but files, screens and CUDA. */
module dev.nstm.core {
    requires jdk.incubator.vector;

    exports dev.nstm.tensor;
    exports dev.nstm.files;
    exports dev.nstm.simd;
    exports dev.nstm.device;
    exports dev.nstm.device.cpu;
    exports dev.nstm.autodiff;
    exports dev.nstm.field;
    exports dev.nstm.optics;
    exports dev.nstm.imaging;
    exports dev.nstm.training;
    exports dev.nstm.simulate;
    exports dev.nstm.metrics;

    uses dev.nstm.device.DeviceProvider;

    provides dev.nstm.device.DeviceProvider with
            dev.nstm.device.cpu.CpuDeviceProvider;
}
