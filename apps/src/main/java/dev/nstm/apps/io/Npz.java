package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.InvalidInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's archive of named arrays, or a file of one array alone. Arrays are read when they are asked for, and only
 * then; their checksums are compared. Writes float32 and, for scalars, float64.
 */
public final class Npz {
    private static final String SUFFIX = ".npy";
    /** What NumPy calls an array that was given no name. */
    private static final String UNNAMED = "arr_0";

    private final Path file;
    private final Set<String> names;
    /** Whether the file is one array, no archive. */
    private final boolean single;

    private Npz(Path file, Set<String> names, boolean single) {
        this.file = file;
        this.names = names;
        this.single = single;
    }

    /** Whether a file is for this class by its name. */
    public static boolean isNamed(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        return name.endsWith(".npz") || name.endsWith(SUFFIX);
    }

    /** No arrays, for data that come in other files. */
    public static Npz none() {
        return new Npz(Path.of(""), Set.of(), false);
    }

    /**
     * Looks at the names of the arrays.
     *
     * @throws InvalidInputException naming the file where something is wrong with it
     */
    public static Npz open(Path file) throws IOException {
        require(Files.exists(file), "%s: no such file", file);
        require(Files.isRegularFile(file), "%s is not a file", file);
        if (isSingle(file)) return new Npz(file, Set.of(UNNAMED), true);
        Map<String, ZipDirectory.Member> arrays = new LinkedHashMap<>();
        List<ZipDirectory.Member> members = MappedFile.look(file, bytes -> new ZipDirectory(file, bytes).members());
        for (ZipDirectory.Member member : members)
            if (member.name().endsWith(SUFFIX))
                require(
                        arrays.put(name(member), member) == null,
                        "%s is damaged: it holds two arrays \"%s\"",
                        file,
                        name(member));
        require(!arrays.isEmpty(), "%s holds no arrays", file);
        return new Npz(file, arrays.keySet(), false);
    }

    private static boolean isSingle(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return NpyFormat.begins(in.readNBytes(6));
        }
    }

    private static String name(ZipDirectory.Member member) {
        return member.name().substring(0, member.name().length() - SUFFIX.length());
    }

    public Set<String> names() {
        return names;
    }

    public boolean has(String name) {
        return names.contains(name);
    }

    /** The array of this name, or the only one where that has no name of its own. */
    public NpyArray getOrOnly(String name, String meaning) throws IOException {
        return get(nameOrOnly(name, meaning));
    }

    /** Name of the array that {@link #getOrOnly} reads. */
    public String nameOrOnly(String name, String meaning) {
        if (!has(name) && names.equals(Set.of(UNNAMED))) return UNNAMED;
        require(has(name), "%s holds no array \"%s\" (%s); it has %s", file, name, meaning, names);
        return name;
    }

    /** Reads a part of an array of pictures. */
    public NpyArray part(String name, Part part) throws IOException {
        return read(name, (in, available, where) -> NpyFormat.read(in, available, where, part));
    }

    /**
     * Reads an array.
     *
     * @throws InvalidInputException naming file and array where it is missing or something is wrong with it
     */
    public NpyArray get(String name) throws IOException {
        return read(name, NpyFormat::read);
    }

    /** The same in single precision. */
    public NpyFloats floats(String name) throws IOException {
        return read(name, NpyFormat::readFloats);
    }

    private interface Reader<T> {
        T read(InputStream in, long available, String where) throws IOException;
    }

    private <T> T read(String name, Reader<T> reader) throws IOException {
        require(has(name), "%s holds no array \"%s\"; it has %s", file, name, names);
        if (single) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
                return reader.read(in, Files.size(file), file.toString());
            }
        }
        return MappedFile.look(file, bytes -> {
            ZipDirectory directory = new ZipDirectory(file, bytes);
            ZipDirectory.Member member = member(directory, name);
            return directory.read(member, in -> reader.read(in, member.size(), file + ": array \"" + name + "\""));
        });
    }

    private ZipDirectory.Member member(ZipDirectory directory, String name) {
        return directory.members().stream()
                .filter(member -> member.name().equals(name + SUFFIX))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(
                        file + " has changed while it was read: array \"" + name + "\" is gone"));
    }

    /**
     * Extents of an array, outermost first; its values are not kept.
     *
     * @throws InvalidInputException naming file and array where it is missing or damaged
     */
    public int[] shape(String name) throws IOException {
        require(has(name), "%s holds no array \"%s\"; it has %s", file, name, names);
        String where = file + ": array \"" + name + "\"";
        if (single) {
            try (InputStream in = Files.newInputStream(file)) {
                return NpyFormat.shape(in, where);
            }
        }
        return MappedFile.look(file, bytes -> {
            ZipDirectory directory = new ZipDirectory(file, bytes);
            return directory.read(member(directory, name), in -> {
                int[] shape = NpyFormat.shape(in, where);
                in.transferTo(OutputStream.nullOutputStream());
                return shape;
            });
        });
    }

    /** A scalar, or an array of one element. */
    public double number(String name) throws IOException {
        NpyArray array = get(name);
        require(array.values().length == 1, "%s: array \"%s\" is %s; one number is expected", file, name, array.size());
        return array.values()[0];
    }

    /** Names of the arrays of numbers; texts, objects and empty arrays are left out. */
    public List<String> numeric() throws IOException {
        List<String> numeric = new ArrayList<>();
        for (String name : names) if (single || holdsNumbers(name)) numeric.add(name);
        return numeric;
    }

    /** What is left out is read to its end all the same: a damaged array must not pass for a text. */
    private boolean holdsNumbers(String name) throws IOException {
        return MappedFile.look(file, bytes -> {
            ZipDirectory directory = new ZipDirectory(file, bytes);
            return directory.read(member(directory, name), in -> {
                boolean numbers = NpyFormat.holdsNumbers(in);
                in.transferTo(OutputStream.nullOutputStream());
                return numbers;
            });
        });
    }

    /** Writes arrays under a temporary name, then moves the file into place. */
    public static void write(Path file, Map<String, ? extends NpyContent> arrays) throws IOException {
        AtomicFile.write(file, out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            zip.setLevel(1);
            for (Map.Entry<String, ? extends NpyContent> entry : arrays.entrySet()) {
                ZipEntry member = new ZipEntry(entry.getKey() + SUFFIX);
                member.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
                zip.putNextEntry(member);
                NpyFormat.write(zip, entry.getValue());
                zip.closeEntry();
            }
            zip.finish();
        });
    }
}
