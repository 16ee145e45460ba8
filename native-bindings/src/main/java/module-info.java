/** CUDA through the foreign function and memory API. */
module dev.nstm.cuda {
    requires dev.nstm.core;

    provides dev.nstm.device.DeviceProvider with
            dev.nstm.cuda.CudaDeviceProvider;
}
