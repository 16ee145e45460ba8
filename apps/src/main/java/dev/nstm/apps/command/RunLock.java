package dev.nstm.apps.command;

import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Keeps two runs out of one directory. The system releases the lock when the process ends, however it ends; or when the
 * process closes any channel to the file, so that nobody may open it again who holds it. The file stays: were it
 * removed, a process that has opened it and one that makes it anew could both hold a lock.
 */
final class RunLock implements AutoCloseable {
    private static final String NAME = ".nstm.lock";
    /** The lock stands on a byte behind the text, which others may read meanwhile. */
    private static final long PLACE = 1 << 20;

    private static final int ATTEMPTS = 4;
    private static final long REST_MILLIS = 25;

    private final FileChannel channel;
    private final FileLock lock;

    private RunLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** @throws InvalidInputException naming the process that holds the directory */
    static RunLock of(Path directory) {
        Path file = directory.resolve(NAME);
        String holder = "process " + ProcessHandle.current().pid() + " since "
                + LocalDateTime.now().truncatedTo(ChronoUnit.MILLIS);
        try {
            for (int attempt = 1; ; attempt++) {
                Optional<RunLock> held = attempt(file, holder);
                if (held.isPresent()) return held.get();
                // Others who only look hold it for a moment.
                if (attempt == ATTEMPTS || !rested())
                    throw InvalidInputException.of(
                            "%s is being written by another run (%s); wait for it, or choose another --out",
                            directory, text(file));
            }
        } catch (IOException failure) {
            throw new InvalidInputException(
                    "cannot lock the output directory " + directory + ": " + AtomicFile.reason(failure), failure);
        }
    }

    private static boolean rested() {
        try {
            Thread.sleep(REST_MILLIS);
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** @throws InvalidInputException naming the process that holds the directory, if one does */
    static void requireFree(Path directory) throws IOException {
        if (Files.exists(directory.resolve(NAME))) of(directory).close();
    }

    /** Whether another process holds a directory. */
    static boolean isHeld(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) return false;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            FileLock lock = channel.tryLock(PLACE, 1, true);
            if (lock != null) lock.release();
            return lock == null;
        } catch (OverlappingFileLockException ownProcess) {
            return true;
        }
    }

    private static Optional<RunLock> attempt(Path file, String holder) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock == null) {
            channel.close();
            return Optional.empty();
        }
        channel.truncate(0).write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)));
        return Optional.of(new RunLock(channel, lock));
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException gone) {
            return "";
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(PLACE, 1, false);
        } catch (OverlappingFileLockException ownProcess) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
