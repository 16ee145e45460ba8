package dev.nstm.training;

import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Checkpoints of a run in a directory. A file with the name of a checkpoint was written completely (see
 * {@link AtomicFile}); a checksum detects later damage. The two newest are kept.
 */
public final class CheckpointStore {
    private static final int MAGIC = 0x4E53544D;
    private static final int VERSION = 2;
    private static final int KEPT = 2;
    private static final String PREFIX = "epoch-";
    private static final String SUFFIX = ".ckpt";

    private final Path directory;

    public CheckpointStore(Path directory) {
        this.directory = directory;
    }

    /** Writes a checkpoint and deletes all but the newest two; on failure the earlier ones are untouched. */
    public Path save(TrainingState state) throws IOException {
        Path target = directory.resolve(String.format("%s%08d%s", PREFIX, state.epoch(), SUFFIX));
        ByteBuffer bytes = encode(state);
        AtomicFile.replace(target, out -> out.write(bytes.array(), 0, bytes.limit()));
        List<Path> all = list();
        for (Path old : all.subList(0, Math.max(0, all.size() - KEPT))) Files.deleteIfExists(old);
        return target;
    }

    /**
     * Newest checkpoint that is whole; each damaged one passed over is told to {@code notice}.
     *
     * @throws InvalidInputException where there are checkpoints but none is whole
     */
    public Optional<TrainingState> loadNewest(Consumer<String> notice) throws IOException {
        List<Path> all = list();
        for (Path file : all.reversed()) {
            try {
                return Optional.of(decode(ByteBuffer.wrap(Files.readAllBytes(file))));
            } catch (InvalidInputException damage) {
                InvalidInputException.require(
                        file != all.getFirst(),
                        "%s is damaged (%s) and there is no checkpoint before it; start anew without --resume",
                        file,
                        damage.getMessage());
                notice.accept(file + " is damaged (" + damage.getMessage() + "); trying the checkpoint before it");
            }
        }
        return Optional.empty();
    }

    /** Deletes all checkpoints, for a run that begins anew. */
    public void clear() throws IOException {
        for (Path file : list()) Files.deleteIfExists(file);
    }

    /** Checkpoints, oldest first. */
    public List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().startsWith(PREFIX)
                            && f.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException absent) {
            return List.of();
        }
    }

    private static ByteBuffer encode(TrainingState state) {
        byte[] fingerprint = state.fingerprint().getBytes(StandardCharsets.UTF_8);
        long size = 4 * 4
                + fingerprint.length
                + 8
                + 4
                + 8L * state.losses().length
                + size(state.object())
                + size(state.motion())
                + size(state.instrument())
                + 8;
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size));
        out.putInt(MAGIC)
                .putInt(VERSION)
                .putInt(fingerprint.length)
                .put(fingerprint)
                .putInt(state.epoch())
                .putLong(state.step());
        out.putInt(state.losses().length);
        for (double loss : state.losses()) out.putDouble(loss);
        put(out, state.object());
        put(out, state.motion());
        put(out, state.instrument());
        CRC32C checksum = new CRC32C();
        checksum.update(out.array(), 0, out.position());
        return out.putLong(checksum.getValue()).flip();
    }

    private static TrainingState decode(ByteBuffer in) {
        InvalidInputException.require(in.limit() > 24 && in.getInt() == MAGIC, "it is not a checkpoint");
        int version = in.getInt();
        InvalidInputException.require(version == VERSION, "its version is %d, this program reads %d", version, VERSION);
        CRC32C checksum = new CRC32C();
        checksum.update(in.array(), 0, in.limit() - 8);
        InvalidInputException.require(checksum.getValue() == in.getLong(in.limit() - 8), "its checksum does not match");
        byte[] fingerprint = new byte[count(in, 1)];
        in.get(fingerprint);
        int epoch = in.getInt();
        long step = in.getLong();
        double[] losses = new double[count(in, 8)];
        InvalidInputException.require(
                epoch >= 0 && step >= 0 && losses.length == epoch,
                "it claims %d epochs, %d steps and %d losses",
                epoch,
                step,
                losses.length);
        for (int i = 0; i < losses.length; i++) losses[i] = in.getDouble();
        TrainingState state = new TrainingState(
                new String(fingerprint, StandardCharsets.UTF_8), epoch, step, group(in), group(in), group(in), losses);
        InvalidInputException.require(
                in.remaining() == 8, "it is %d bytes longer than what it holds", in.remaining() - 8);
        return state;
    }

    private static long size(GroupState group) {
        return 8
                + 16
                + 4L
                        * (group.parameters().length
                                + group.firstMoment().length
                                + group.secondMoment().length
                                + group.pendingGradient().length);
    }

    private static void put(ByteBuffer out, GroupState group) {
        out.putLong(group.updates());
        put(out, group.parameters());
        put(out, group.firstMoment());
        put(out, group.secondMoment());
        put(out, group.pendingGradient());
    }

    private static void put(ByteBuffer out, float[] values) {
        out.putInt(values.length);
        out.asFloatBuffer().put(values);
        out.position(out.position() + 4 * values.length);
    }

    /** A number of elements, for which there must be bytes before the checksum. */
    private static int count(ByteBuffer in, int bytes) {
        InvalidInputException.require(in.remaining() >= 4, "it is cut off");
        int count = in.getInt();
        InvalidInputException.require(
                count >= 0 && count <= (in.remaining() - 8) / bytes,
                "it claims %d values of %d bytes, it has %d bytes left",
                count,
                bytes,
                in.remaining());
        return count;
    }

    private static GroupState group(ByteBuffer in) {
        InvalidInputException.require(in.remaining() >= 8, "it is cut off");
        return new GroupState(in.getLong(), floats(in), floats(in), floats(in), floats(in));
    }

    private static float[] floats(ByteBuffer in) {
        float[] values = new float[count(in, 4)];
        in.asFloatBuffer().get(values);
        in.position(in.position() + 4 * values.length);
        return values;
    }
}
