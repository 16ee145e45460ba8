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

/** Keeps two runs out of one directory. The system releases the lock when the process ends, however it ends. */
final class RunLock implements AutoCloseable {
    private static final String NAME = ".nstm.lock";
    /** The lock stands on a byte behind the text, which others may read meanwhile. */
    private static final long PLACE = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;

    private RunLock(Path file, FileChannel channel, FileLock lock) {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
    }

    /** @throws InvalidInputException naming the process that holds the directory */
    static RunLock of(Path directory) {
        Path file = directory.resolve(NAME);
        String holder = "process " + ProcessHandle.current().pid() + " since "
                + LocalDateTime.now().truncatedTo(ChronoUnit.MILLIS);
        try {
            RunLock held = attempt(directory, file, holder);
            // The process that held the lock before may have removed the file after we opened it and before we locked
            // it: then another process may already hold a new file.
            while (!text(file).equals(holder)) {
                held.release();
                held = attempt(directory, file, holder);
            }
            return held;
        } catch (IOException failure) {
            throw new InvalidInputException(
                    "cannot lock the output directory " + directory + ": " + AtomicFile.reason(failure), failure);
        }
    }

    /** @throws InvalidInputException naming the process that holds the directory, if one does */
    static void requireFree(Path directory) throws IOException {
        if (Files.exists(directory.resolve(NAME))) of(directory).close();
    }

    /** Whether a process holds a directory. */
    static boolean isHeld(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) return false;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            FileLock lock = tryLock(channel);
            if (lock != null) lock.release();
            return lock == null;
        } catch (NoSuchFileException released) {
            return false;
        }
    }

    private static RunLock attempt(Path directory, Path file, String holder) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock == null) {
            channel.close();
            throw new InvalidInputException(directory + " is being written by another run (" + text(file)
                    + "); wait for it, or choose another --out");
        }
        channel.truncate(0).write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)));
        return new RunLock(file, channel, lock);
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
        // Removed while still locked: the next run makes a file of its own.
        Files.deleteIfExists(file);
        release();
    }

    private void release() throws IOException {
        lock.release();
        channel.close();
    }
}
