package dev.nstm.viewer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class PageFilesTest {
    private static final int MOST_BYTES = 250_000;

    /** The page is committed as it was built: whoever changes its source builds it anew (npm run build in viewer). */
    @Test
    void thePageIsBuiltFromItsSource() throws IOException, NoSuchAlgorithmException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("source"))) {
            all.sorted().forEach(files::add);
        }
        files.add(Path.of("package-lock.json"));
        files.add(Path.of("vite.config.ts"));
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (Path file : files) {
            digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
            digest.update(Files.readAllBytes(file));
        }
        assertEquals(
                HexFormat.of().formatHex(digest.digest()),
                text("source.txt").strip(),
                "the page is older than its source: npm run build in viewer");
    }

    @Test
    void itReachesForNothingElsewhereAndIsSmall() throws IOException {
        String index = text(PageFiles.INDEX);
        assertTrue(index.contains("app.js") && index.contains("app.css"), index);
        assertTrue(!index.matches("(?s).*(src|href)=\"(https?:)?//.*"), "only files of its own");
        assertTrue(!index.matches("(?s).*<script(?![^>]*src=).*"), "no scripts in line");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (Stream<Path> all = Files.list(Path.of("src/main/resources/dev/nstm/viewer/page"));
                GZIPOutputStream out = new GZIPOutputStream(packed)) {
            for (Path file : all.toList()) out.write(Files.readAllBytes(file));
        }
        assertTrue(packed.size() < MOST_BYTES, packed.size() + " bytes packed");
    }

    @Test
    void namesThatLeaveTheFolderAreNotFound() throws IOException {
        for (String name : List.of("", "..", "../module-info.class", "a/b.js", "page/index.html", "none.js"))
            assertEquals(Optional.empty(), PageFiles.read(name), name);
    }

    private static String text(String name) throws IOException {
        return new String(PageFiles.read(name).orElseThrow(), StandardCharsets.UTF_8);
    }
}
