package dev.nstm.apps.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A file as memory, for as long as it is looked at. */
final class MappedFile {
    private MappedFile() {}

    /** What is made of a file's bytes; they are gone afterwards. */
    interface Look<T> {
        T at(MemorySegment bytes) throws IOException;
    }

    static <T> T look(Path file, Look<T> look) throws IOException {
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            return look.at(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        }
    }
}
