package dev.nstm.apps.mutation;

import com.github.luben.zstd.Zstd;
import dev.nstm.apps.AllArrays;
import dev.nstm.apps.batch.Batch;
import dev.nstm.apps.command.CommandAccess;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.dpc.DpcMeasurement;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.StackDescription;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.apps.sim.SimAccess;
import dev.nstm.optics.Grid2D;
import dev.nstm.training.CheckpointStore;
import dev.nstm.training.GroupState;
import dev.nstm.training.TrainingState;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** A small whole file of every kind that the program reads. */
final class Samples {
    private static final int HEIGHT = 24;
    private static final int WIDTH = 28;

    private final Path directory;
    private final SplittableRandom random = new SplittableRandom(5);

    Samples(Path directory) {
        this.directory = directory;
    }

    List<Sample> all() throws Exception {
        List<Sample> samples = new ArrayList<>();
        byte[] shots = shots();
        samples.add(new Sample("NPZ, shots", "case.npz", shots, true, Samples::measurement));
        samples.add(new Sample("NPZ, every array", "case.npz", shots, true, file -> hash(AllArrays.in(file))));
        samples.add(new Sample("NPY", "case.npy", npy(), false, file -> hash(AllArrays.in(file))));
        samples.add(new Sample("TIFF, plain", "case.tif", plainTiff(), false, Samples::pictures));
        for (String compression : List.of("LZW", "PackBits", "ZLib", "Deflate"))
            samples.add(new Sample("TIFF, " + compression, "case.tif", tiff(compression), false, Samples::pictures));
        samples.add(new Sample("MRC", "case.mrc", mrc(false), false, Samples::pictures));
        samples.add(new Sample("DV", "case.dv", mrc(true), false, Samples::pictures));
        samples.add(new Sample("CZI", "case.czi", czi(0), false, Samples::pictures));
        samples.add(new Sample("CZI, zstd", "case.czi", czi(5), false, Samples::pictures));
        samples.add(new Sample("Zarr, description", ".zarray", zarray("null"), false, file -> {
            Files.write(file.resolveSibling("0.0.0"), new byte[4 * HEIGHT * WIDTH]);
            return pictures(file.getParent());
        }));
        samples.add(new Sample("Zarr, zlib", "0.0.0", zlib(), true, file -> {
            Files.write(file.resolveSibling(".zarray"), zarray("{\"id\": \"zlib\", \"level\": 1}"));
            return pictures(file.getParent());
        }));
        samples.add(new Sample("Zarr, Blosc", "0.0.0", blosc(), false, file -> {
            Files.write(file.resolveSibling(".zarray"), zarray("{\"id\": \"blosc\", \"cname\": \"lz4\"}"));
            return pictures(file.getParent());
        }));
        samples.add(new Sample("Zarr, Blosc, stored", "0.0.0", storedBlosc(), false, file -> {
            Files.write(file.resolveSibling(".zarray"), zarray("{\"id\": \"blosc\", \"cname\": \"lz4\"}"));
            return pictures(file.getParent());
        }));
        samples.add(new Sample("PNG", "case.png", picture("png"), true, Samples::pictures));
        samples.add(new Sample("BMP", "case.bmp", picture("bmp"), false, Samples::pictures));
        samples.add(new Sample("PGM", "case.pgm", pgm(), false, Samples::pictures));
        samples.add(new Sample(
                "YAML",
                "case.yaml",
                yaml(),
                false,
                file -> Configuration.read(file, List.of(), CommandAccess.systems())
                        .toYaml()
                        .hashCode()));
        samples.add(new Sample(
                "CSV, times",
                "case.csv",
                times(),
                false,
                file -> Arrays.hashCode(SimAccess.timestamps(file, 1, 3, 3, 1))));
        samples.add(new Sample(
                "CSV, points",
                "points.csv",
                "y,x\n3,4\n10,12\n20.4,20.6\n".getBytes(StandardCharsets.UTF_8),
                false,
                file -> CommandAccess.points(file, HEIGHT, WIDTH).hashCode()));
        samples.add(new Sample(
                "batch.json",
                "batch.json",
                batch(),
                false,
                file -> Batch.read(file.getParent()).patches().hashCode()));
        samples.add(new Sample(
                "checkpoint",
                "epoch-00000002.ckpt",
                checkpoint(),
                true,
                file -> hash(new CheckpointStore(file.getParent())
                        .loadNewest(line -> {})
                        .orElseThrow())));
        return samples;
    }

    private static long measurement(Path file) throws IOException {
        DpcMeasurement measurement =
                DpcMeasurement.load(Configuration.parse("system: dpc\n", "c.yaml", List.of(), CommandAccess.systems())
                        .with(Keys.DATA_FILE, file.toString()));
        long hash = Arrays.hashCode(measurement.times());
        for (Grid2D image : measurement.images()) hash = 31 * hash + Arrays.hashCode(image.values());
        return 31 * hash + measurement.microscope().hashCode();
    }

    private static long pictures(Path file) throws IOException {
        long hash = 0;
        for (Grid2D page : ImageFiles.read(file)) hash = 31 * hash + Arrays.hashCode(page.values()) + page.width();
        return hash;
    }

    private static long hash(Map<String, NpyArray> arrays) {
        long hash = arrays.keySet().hashCode();
        for (NpyArray array : arrays.values())
            hash = 31 * (31 * hash + Arrays.hashCode(array.shape())) + Arrays.hashCode(array.values());
        return hash;
    }

    private static long hash(TrainingState state) {
        long hash = 31L * state.epoch()
                + state.step()
                + Arrays.hashCode(state.losses())
                + state.fingerprint().hashCode();
        for (GroupState group : List.of(state.object(), state.motion(), state.instrument())) {
            for (float[] values :
                    List.of(group.parameters(), group.firstMoment(), group.secondMoment(), group.pendingGradient()))
                hash = 31 * hash + Arrays.hashCode(values);
        }
        return hash;
    }

    private byte[] shots() throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        double[] img = IntStream.range(0, 4 * HEIGHT * WIDTH)
                .mapToDouble(i -> 0.1 * Math.sin(0.3 * i))
                .toArray();
        arrays.put("img", new NpyArray(new int[] {4, HEIGHT, WIDTH}, img));
        arrays.put("t", NpyArray.of(new double[] {-1, -0.3, 0.3, 1}));
        arrays.put("wavelength", NpyArray.scalar(0.525));
        arrays.put("na", NpyArray.scalar(0.25));
        arrays.put("pixel_size", NpyArray.scalar(0.868));
        Path file = directory.resolve("whole.npz");
        Npz.write(file, arrays);
        return Files.readAllBytes(file);
    }

    private byte[] npy() {
        byte[] header =
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 6, 5), }                                        \n"
                        .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(10 + header.length + 4 * 60).order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) header.length)
                .put(header);
        while (out.hasRemaining()) out.putFloat((float) random.nextGaussian());
        return out.array();
    }

    private byte[] plainTiff() throws IOException {
        Path file = directory.resolve("whole.tif");
        TiffStack.write(
                file,
                IntStream.range(0, 4).mapToObj(page -> floats(HEIGHT * WIDTH)).toList(),
                StackDescription.ofPictures(HEIGHT, WIDTH, 4, 0.3));
        return Files.readAllBytes(file);
    }

    private float[] floats(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    private BufferedImage image() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < HEIGHT * WIDTH; i++)
            image.getRaster().setSample(i % WIDTH, i / WIDTH, 0, (int) (128 + 60 * Math.sin(0.2 * i)));
        return image;
    }

    private byte[] tiff(String compression) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionType(compression);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (int page = 0; page < 4; page++) writer.writeToSequence(new IIOImage(image(), null, null), parameters);
            writer.endWriteSequence();
        }
        writer.dispose();
        return bytes.toByteArray();
    }

    private byte[] picture(String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image(), format, bytes);
        return bytes.toByteArray();
    }

    private byte[] pgm() {
        byte[] header = ("P5\n# four shots\n" + WIDTH + " " + HEIGHT + "\n255\n").getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Arrays.copyOf(header, header.length + HEIGHT * WIDTH);
        for (int i = header.length; i < bytes.length; i++) bytes[i] = (byte) random.nextInt(256);
        return bytes;
    }

    private byte[] mrc(boolean deltaVision) {
        ByteBuffer file = ByteBuffer.allocate(1024 + 4 * HEIGHT * WIDTH * 2).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0, WIDTH).putInt(4, HEIGHT).putInt(8, 4).putInt(12, 6);
        if (deltaVision)
            file.putShort(96, (short) 0xC0A0).putShort(180, (short) 4).putShort(196, (short) 1);
        else file.put(208, "MAP ".getBytes(StandardCharsets.US_ASCII));
        for (int at = 1024; at < file.capacity(); at += 2) file.putShort(at, (short) random.nextInt(65536));
        return file.array();
    }

    private static byte[] zarray(String compressor) {
        return ("{\"zarr_format\": 2, \"shape\": [2, " + HEIGHT + ", " + WIDTH + "], \"chunks\": [1, " + HEIGHT + ", "
                        + WIDTH
                        + "], \"dtype\": \"<f4\", \"fill_value\": 0, \"order\": \"C\", \"filters\": null, \"compressor\": "
                        + compressor + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] zlib() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            ByteBuffer values = ByteBuffer.allocate(4 * HEIGHT * WIDTH).order(ByteOrder.LITTLE_ENDIAN);
            values.asFloatBuffer().put(floats(HEIGHT * WIDTH));
            out.write(values.array());
        }
        return bytes.toByteArray();
    }

    /** One block of LZ4, bytes shuffled: eight literals, copies of them, eight literals. */
    private byte[] blosc() {
        int size = 4 * HEIGHT * WIDTH;
        ByteBuffer out = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {2, 1, 0x31, 4})
                .putInt(size)
                .putInt(size)
                .putInt(0)
                .putInt(20)
                .putInt(0);
        int stream = out.position();
        out.put((byte) 0x8f);
        for (int i = 0; i < 8; i++) out.put((byte) random.nextInt(60));
        out.putShort((short) 8);
        int more = size - 16 - 19;
        for (; more >= 255; more -= 255) out.put((byte) 255);
        out.put((byte) more).put((byte) 0x80);
        for (int i = 0; i < 8; i++) out.put((byte) random.nextInt(60));
        out.putInt(20, out.position() - stream).putInt(12, out.position());
        return Arrays.copyOf(out.array(), out.position());
    }

    private byte[] storedBlosc() {
        int size = 4 * HEIGHT * WIDTH;
        ByteBuffer out = ByteBuffer.allocate(16 + size).order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {2, 1, 0x33, 4}).putInt(size).putInt(size).putInt(16 + size);
        for (float value : floats(HEIGHT * WIDTH)) out.putFloat(value);
        return out.array();
    }

    /** Three planes of one channel. */
    private byte[] czi(int compression) {
        String names = "XYZ";
        int entrySize = 32 + 20 * names.length();
        ByteBuffer file = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        file.put(0, "ZISRAWFILE".getBytes(StandardCharsets.US_ASCII));
        int at = 544;
        int[] positions = new int[3];
        for (int z = 0; z < 3; z++) {
            byte[] plain = new byte[2 * HEIGHT * WIDTH];
            for (int i = 0; i < plain.length; i++) plain[i] = (byte) random.nextInt(16);
            byte[] pixels = compression == 0 ? plain : Zstd.compress(plain);
            positions[z] = at;
            file.put(at, "ZISRAWSUBBLOCK".getBytes(StandardCharsets.US_ASCII));
            file.putLong(at + 40, pixels.length);
            entry(file, at + 48, names, z, at, compression);
            file.put(at + 32 + 256, pixels);
            at += 32 + 256 + pixels.length;
        }
        file.put(at, "ZISRAWDIRECTORY".getBytes(StandardCharsets.US_ASCII));
        file.putLong(84, at).putInt(at + 32, 3);
        for (int z = 0; z < 3; z++) entry(file, at + 160 + z * entrySize, names, z, positions[z], compression);
        return Arrays.copyOf(file.array(), at + 160 + 3 * entrySize);
    }

    private static void entry(ByteBuffer file, int at, String names, int z, int position, int compression) {
        file.put(at, new byte[] {'D', 'V'})
                .putInt(at + 2, 1)
                .putLong(at + 6, position)
                .putInt(at + 18, compression)
                .putInt(at + 28, names.length());
        int[] sizes = {WIDTH, HEIGHT, 1};
        for (int d = 0; d < names.length(); d++) {
            int dimension = at + 32 + 20 * d;
            file.put(dimension, (byte) names.charAt(d))
                    .putInt(dimension + 4, d == 2 ? z : 0)
                    .putInt(dimension + 8, sizes[d])
                    .putInt(dimension + 16, sizes[d]);
        }
    }

    private static byte[] yaml() {
        return """
                system: dpc
                optics: {wavelength: 0.525, numericalAperture: 0.25, pixelSize: 0.454, leds: [[0.1, 0], [0, 0.1]]}
                data:
                  file: "shots 1.npz"
                training:
                  epochs: 20   # few
                """.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] times() {
        StringBuilder text = new StringBuilder("index,timestamp,timepoint,rot,z,phase\n");
        for (int i = 0; i < 9; i++)
            text.append(i)
                    .append(',')
                    .append(10.0 * i)
                    .append(",0,")
                    .append(i / 3)
                    .append(",0,")
                    .append(i % 3)
                    .append('\n');
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] batch() {
        return """
                {"shots": 8, "together": 1, "planes": 1, "rows": 32, "columns": 40,
                 "windowShots": 4, "windowStep": 2, "patchRows": 24, "patchColumns": 24, "overlap": 8}
                """.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] checkpoint() throws IOException {
        GroupState group = new GroupState(2, floats(40), floats(40), floats(40), new float[0]);
        Path file = new CheckpointStore(directory.resolve("whole"))
                .save(new TrainingState(
                        "0123456789abcdef",
                        2,
                        4,
                        group,
                        group,
                        new GroupState(0, new float[0], new float[0], new float[0], new float[0]),
                        new double[] {1, 0.5}));
        return Files.readAllBytes(file);
    }
}
